import { failure, type FailoverError } from '../model/failover-error.ts';
import { describeRecordSet, type RecordSet, sameData, sameKey } from './record-set.ts';
import { describeZone, viewPart, type ZoneInView, zoneKey } from './views.ts';

/** What becomes of one record set. Null stands for "there is none". */
export interface RecordSetChange {
  readonly name: string;
  readonly type: string;
  /** What the plan saw. It is the update's prerequisite, so a zone that changed meanwhile is left alone. */
  readonly before: RecordSet | null;
  readonly after: RecordSet | null;
}

/** Something the plan relies on but does not change: "this record set is as it was read" (null: absent). */
export interface RecordSetGuard {
  readonly name: string;
  readonly type: string;
  readonly expected: RecordSet | null;
}

/**
 * What is done to one zone in one atomic step. Prerequisites, deletions and additions of the UPDATE message
 * follow from it, and none of the three can be forgotten. Every name lies within the zone.
 */
export interface ZoneChange {
  readonly zone: string;
  /** Where it is not the default one. */
  readonly view?: string;
  readonly changes: readonly RecordSetChange[];
  readonly guards: readonly RecordSetGuard[];
}

/**
 * One change out of several of the same zone, so that several sites move in one message. What two of them say
 * alike is kept once, with the lower TTL (sites share the `old` record, but not their TTL); where they contradict
 * each other DnsChangesConflict is thrown.
 */
export function mergeZoneChanges(parts: readonly ZoneChange[]): ZoneChange {
  const [first] = parts;
  if (first === undefined) throw new RangeError('There is no change to merge');
  const changes: RecordSetChange[] = [];
  const guards: RecordSetGuard[] = [];
  for (const part of parts) {
    if (zoneKey(part) !== zoneKey(first))
      throw new RangeError(`${describeZone(part)} and ${describeZone(first)} are different zones`);
    for (const change of part.changes) {
      const index = changes.findIndex((other) => sameKey(other, change));
      const known = changes[index];
      if (known === undefined) changes.push(change);
      else if (!same(known.before, change.before) || !same(known.after, change.after)) {
        throw conflict(first, known.after, change.after);
      } else if (change.after !== null && change.after.ttl < known.after!.ttl) changes[index] = change;
    }
    for (const guard of part.guards) {
      const known = guards.find((other) => sameKey(other, guard));
      if (known === undefined) guards.push(guard);
      else if (!same(known.expected, guard.expected)) {
        throw conflict(first, known.expected, guard.expected);
      }
    }
  }
  // The change's own prerequisite says what a guard of the same record set would.
  return {
    zone: first.zone,
    ...viewPart(first),
    changes,
    guards: guards.filter((guard) => !changes.some((change) => sameKey(change, guard))),
  };
}

/** In words, one for each record set, with its view where that is not the default one. */
export function describeChanges(changes: readonly ZoneChange[]): string[] {
  return changes.flatMap((zone) => {
    const suffix = zone.view === undefined ? '' : ` (view ${zone.view})`;
    return zone.changes.map((change) => `${describeChange(change)}${suffix}`);
  });
}

/** In words: `site1.com A 10.1.1.1 -> 10.1.1.2`. */
function describeChange(change: RecordSetChange): string {
  const values = (set: RecordSet | null) => (set === null ? 'none' : set.data.join(', '));
  return `${change.name} ${change.type} ${values(change.before)} -> ${values(change.after)}`;
}

function same(a: RecordSet | null, b: RecordSet | null): boolean {
  return a === null || b === null ? a === b : sameKey(a, b) && sameData(a.data, b.data);
}

function conflict(place: ZoneInView, a: RecordSet | null, b: RecordSet | null): FailoverError {
  const words = (set: RecordSet | null) => (set === null ? 'no such record' : describeRecordSet(set));
  return failure(
    'DnsChangesConflict',
    { zone: describeZone(place), first: words(a), second: words(b) },
    { target: place.zone },
  );
}
