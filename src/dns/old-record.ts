import { families, holdsOnly } from './addresses.ts';
import type { RecordSetChange, RecordSetGuard } from './change.ts';
import type { SwitchInput } from './plan-types.ts';
import { describeRecordSet, recordSet, type RecordSet } from './record-set.ts';

/** A plan's part about the `old` record. */
export interface OldRecordPlan {
  readonly changes: readonly RecordSetChange[];
  readonly guards: readonly RecordSetGuard[];
  /** Records of others that were there before: failback tells by them that the name is not ours. */
  readonly saved: readonly RecordSet[];
  readonly warnings: readonly string[];
}

const nothing: OldRecordPlan = { changes: [], guards: [], saved: [], warnings: [] };

/**
 * On failover, when host names moved away from the primary:
 *
 * | the name holds | another site of the zone is switched and saved no such record | then |
 * |---|---|---|
 * | nothing | | the primary's addresses of each family that moved, with the lowest TTL of what moved |
 * | the primary's addresses only | yes: it made them | they stay; a family that is missing is added |
 * | the primary's addresses only | no: they were there before | left alone, saved, warned of |
 * | anything else | | left alone, saved, warned of |
 */
export function keepOldRecord(input: SwitchInput, moves: readonly RecordSetChange[]): OldRecordPlan {
  const { oldName: name, current, old } = input;
  const gone = moves.filter((move) => move.before !== null);
  if (name === undefined || gone.length === 0) return nothing;
  if (input.hostNames.includes(name)) {
    return { ...nothing, warnings: [`${name} is a host name of the site: it does not keep the old address`] };
  }
  const there = current.filter((set) => set.name === name);
  const others = input.saved.length > 0 && !input.saved.some((set) => set.name === name);
  if (there.length > 0 && !(others && there.every((set) => holdsOnly(set, old)))) {
    return { ...nothing, saved: there, warnings: [foreign(there)] };
  }
  const changes = families
    .filter((type) => gone.some((move) => move.type === type) && !there.some((set) => set.type === type))
    .map((type) => {
      const ttl = Math.min(...gone.filter((move) => move.type === type).map((move) => move.before!.ttl));
      return { name, type, before: null, after: recordSet(name, type, ttl, old[type]) };
    });
  const unchanged = families
    .filter((type) => !changes.some((change) => change.type === type))
    .map((type) => ({ name, type, expected: there.find((set) => set.type === type) ?? null }));
  // A server ignores an address that is added beside an alias, and says NOERROR (RFC 2136 section 3.4.2.2).
  const guards = there.length === 0 ? [...unchanged, { name, type: 'CNAME', expected: null }] : unchanged;
  return { ...nothing, changes, guards };
}

/**
 * On failback, when host names move back or records were saved:
 *
 * | the name holds | saved at the name | another site stays switched | then |
 * |---|---|---|---|
 * | the primary's addresses only | nothing | no | removed |
 * | the primary's addresses only | nothing | yes | stays for that site |
 * | anything else | nothing | | left alone, warned of |
 * | anything | something: it is not ours | | left alone |
 */
export function dropOldRecord(input: SwitchInput, moves: readonly RecordSetChange[]): OldRecordPlan {
  const { oldName: name, saved, old, options } = input;
  if (name === undefined || input.hostNames.includes(name)) return nothing;
  if (moves.length === 0 && saved.length === 0) return nothing;
  const there = input.current.filter((set) => set.name === name);
  if (there.length === 0 || saved.some((set) => set.name === name)) return nothing;
  if (!there.every((set) => holdsOnly(set, old))) return { ...nothing, warnings: [foreign(there)] };
  if (options.othersSwitched === true) return nothing;
  return { ...nothing, changes: there.map((set) => ({ name, type: set.type, before: set, after: null })) };
}

function foreign(sets: readonly RecordSet[]): string {
  return `${sets.map(describeRecordSet).join(', ')} is not of this module's making and is left as it is`;
}
