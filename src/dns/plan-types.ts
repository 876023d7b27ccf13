import type { FailoverError } from '../model/failover-error.ts';
import type { AddressesByFamily, ServerAddresses } from './addresses.ts';
import type { ZoneChange } from './change.ts';
import type { RecordSet } from './record-set.ts';

export interface SwitchOptions {
  /** Keep the primary's address in an `old` record while switched. Default true. */
  readonly keepOldRecord?: boolean;
  /** The label of that record, below the zone. Default `old`. */
  readonly oldLabel?: string;
  /** What it holds, where sites that share it have addresses of their own. Default the primary's addresses. */
  readonly oldAddresses?: readonly string[];
  /** Switch names that have MX records, too. Default false. */
  readonly acknowledgeMx?: boolean;
  /** TTL of the failover server's addresses where the names had a longer one; failback restores that. Seconds. */
  readonly ttlWhileSwitched?: number;
  /** On failback: another site of the zone stays switched, so the shared `old` record stays. Default false. */
  readonly othersSwitched?: boolean;
}

export interface SwitchRequest {
  readonly zone: string;
  /** The site's host names that lie within the zone. */
  readonly hostNames: readonly string[];
  /** Addresses of the primary server, IPv4 and IPv6. */
  readonly primary: readonly string[];
  /** Addresses of the failover server; of each family the first is the one that names are moved to. */
  readonly failover: readonly string[];
  readonly direction: 'failover' | 'failback';
  /** What the provider read at `namesToRead(request)`. */
  readonly current: readonly RecordSet[];
  /** `saved` of the plan that switched this site; on failover that of other switched sites of the zone. */
  readonly saved?: readonly RecordSet[];
  readonly options?: SwitchOptions;
}

/** A request in normal form: names as `normaliseName` makes them, addresses by family, defaults filled in. */
export interface SwitchInput extends Required<
  Pick<SwitchRequest, 'zone' | 'hostNames' | 'direction' | 'current' | 'saved' | 'options'>
> {
  /** Undefined where no such record is kept. */
  readonly oldName: string | undefined;
  readonly old: AddressesByFamily;
  readonly servers: ServerAddresses;
}

/** What a switch would do to a zone. */
export type SwitchPlan =
  | {
      readonly kind: 'change';
      readonly change: ZoneChange;
      /** What the zone held at the names it touches: keep it in the state file until failback. */
      readonly saved: readonly RecordSet[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly error: FailoverError };
