import { idOf, messageText, type KeyOf, type ValuesOf } from './message.ts';
import type { Severity } from './findings/finding-kind.ts';
import { iis6Findings } from './findings/iis6.ts';
import { iisFindings } from './findings/iis.ts';

export type { Severity };

/** Everything a plan may have to say about a site. Ids are stable, as error ids are. */
export const findingCatalog = { ...iisFindings, ...iis6Findings } as const;

export type FindingId = keyof typeof findingCatalog;
export type FindingKey = KeyOf<typeof findingCatalog>;

/** The values of a finding's text, as the last argument: left out where it has none. */
export type FindingValues<K extends FindingKey> = keyof ValuesOf<typeof findingCatalog, K> extends never
  ? [values?: Readonly<Record<string, never>>]
  : [values: ValuesOf<typeof findingCatalog, K>];

/** One thing an administrator should know about a planned or made change. It never holds a secret value. */
export interface Finding {
  readonly severity: Severity;
  readonly id: FindingId;
  readonly site: string;
  /** Element path, e.g. `site/application[path=/]/virtualDirectory[path=/]/@password`. */
  readonly location: string;
  readonly message: string;
  readonly remedy: string;
}

/** A finding with the text that the catalogue has for a key: an id, or `Id.form` where the id has several texts. */
export function finding<K extends FindingKey>(
  key: K,
  site: string,
  location: string,
  ...[values]: FindingValues<K>
): Finding {
  const id = idOf(key) as FindingId;
  const { severity, remedy } = findingCatalog[id];
  return { severity, id, site, location, message: messageText(findingCatalog, key, values ?? {}), remedy };
}
