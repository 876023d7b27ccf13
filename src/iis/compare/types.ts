import type { Severity } from '../../model/finding.ts';

/** Seen from the failover server: it has what the primary lacks, lacks what it has, or has it with another value. */
export type DifferenceKind = 'Added' | 'Removed' | 'Changed';

/** One thing that a site has otherwise on the failover server. Secret values are masked. */
export interface Difference {
  readonly site: string;
  /** E.g. `site/bindings/binding[https *:443:x]/@sslFlags`. */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** Mapped to the failover server; an attribute's value, or the start tag of an element. */
  readonly primary: string | undefined;
  readonly failover: string | undefined;
  readonly severity: Severity;
}
