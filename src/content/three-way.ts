/*
 * Who changed a file since the last sync. P is the primary's version now, S the standby's, B what both had then; a
 * version is size and modification time, or absent:
 *
 *   P against B   S against B   P against S   outcome
 *   -----------   -----------   -----------   ----------------------------------------------------------------
 *   any           any           same          same: nothing to do
 *   same          changed       differ        standby: the standby's goes to the primary (a deletion: quarantine)
 *   changed       same          differ        primary: the forward copy's business
 *   changed       changed       differ        conflict: a policy decides, or it is reported
 *
 * What to do about a conflict:
 *
 *   policy     both have one            primary deleted it    standby deleted it
 *   --------   ----------------------   -------------------   ---------------------
 *   Report     report                   report                report
 *   Standby    toPrimary                toPrimary             removeOnPrimary
 *   Primary    toStandby                removeOnStandby       toStandby
 *   Newest     the later; else Standby  toPrimary             toStandby
 *   KeepBoth   both                     toPrimary             toStandby
 *
 * Whatever is overwritten or removed goes to the quarantine of its side.
 */

export interface Version {
  readonly size: number;
  readonly mtimeMs: number;
}

export const conflictPolicies = ['Report', 'Newest', 'Standby', 'Primary', 'KeepBoth'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** `both`: the standby's version takes the name, the primary's stays beside it under another. */
export type ReverseAction = 'toPrimary' | 'toStandby' | 'removeOnPrimary' | 'removeOnStandby' | 'both';

export interface Versions {
  readonly base: Version | undefined;
  readonly primary: Version | undefined;
  readonly standby: Version | undefined;
}

export type Decision =
  | { readonly kind: 'same' | 'primary' | 'report' }
  | { readonly kind: 'act'; readonly action: ReverseAction; readonly isConflict: boolean };

/** @param tolerance milliseconds by which equal times may differ */
export function decide(versions: Versions, policy: ConflictPolicy, tolerance: number): Decision {
  const { base, primary, standby } = versions;
  if (isSame(primary, standby, tolerance)) return { kind: 'same' };
  if (isSame(standby, base, tolerance)) return { kind: 'primary' };
  if (isSame(primary, base, tolerance)) {
    const action = standby === undefined ? 'removeOnPrimary' : 'toPrimary';
    return { kind: 'act', action, isConflict: false };
  }
  const action = resolve(versions, policy);
  return action === undefined ? { kind: 'report' } : { kind: 'act', action, isConflict: true };
}

function resolve({ primary, standby }: Versions, policy: ConflictPolicy): ReverseAction | undefined {
  if (policy === 'Report') return undefined;
  if (standby === undefined) return policy === 'Standby' ? 'removeOnPrimary' : 'toStandby';
  if (primary === undefined) return policy === 'Primary' ? 'removeOnStandby' : 'toPrimary';
  if (policy === 'KeepBoth') return 'both';
  const wins = policy === 'Newest' ? (primary.mtimeMs > standby.mtimeMs ? 'Primary' : 'Standby') : policy;
  return wins === 'Primary' ? 'toStandby' : 'toPrimary';
}

function isSame(a: Version | undefined, b: Version | undefined, tolerance: number): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) <= tolerance;
}

/** `photo (primary 2026-11-24 120000).jpg`: for a version that stays beside the other one. */
export function conflictName(name: string, now: Date, taken: (name: string) => boolean): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const time = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '');
  for (let count = 1; ; count++) {
    const other = `${stem} (primary ${time}${count === 1 ? '' : ` ${count}`})${extension}`;
    if (!taken(other)) return other;
  }
}
