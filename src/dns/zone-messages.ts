import { mergeZoneChanges, type RecordSetChange, type ZoneChange } from './change.ts';
import type { RecordSet } from './record-set.ts';
import { zoneKey } from './views.ts';

/** Octets of changes in one message: it may have 65,535, and the signature and headers need some. */
const limit = 50_000;

/** Changes by their zone and view, in the order of the first of each. */
export function changesByZone(changes: readonly ZoneChange[]): ZoneChange[][] {
  const zones = new Map<string, ZoneChange[]>();
  for (const change of changes) {
    const known = zones.get(zoneKey(change));
    if (known === undefined) zones.set(zoneKey(change), [change]);
    else known.push(change);
  }
  return [...zones.values()];
}

/**
 * Groups changes of one zone so that each group is one message (RFC 2136 section 3 makes it atomic): all of them where
 * they fit, else as many as fit. A part, which is what belongs together, is never divided.
 */
export function zoneMessages(parts: readonly ZoneChange[], octets = limit): ZoneChange[][] {
  const groups: ZoneChange[][] = [];
  let room = 0;
  for (const part of parts) {
    const size = sizeOf(part);
    if (size > room || groups.length === 0) {
      groups.push([]);
      room = octets;
    }
    groups.at(-1)!.push(part);
    room -= size;
  }
  return groups;
}

/**
 * The messages of these groups one by one, each without what the ones before it have made. Sites share records (`old`).
 * @throws FailoverError DnsChangesConflict where a group contradicts itself or what was made
 */
export class ZoneMessages {
  readonly #made = new Map<string, RecordSetChange>();

  next(group: readonly ZoneChange[]): ZoneChange {
    const merged = mergeZoneChanges(group);
    const changes = merged.changes.filter((change) => {
      const made = this.#made.get(keyOf(change));
      if (made === undefined) return true;
      mergeZoneChanges([made, change].map((one) => ({ zone: merged.zone, changes: [one], guards: [] })));
      return false;
    });
    return { ...merged, changes, guards: merged.guards.filter((guard) => !this.#made.has(keyOf(guard))) };
  }

  made({ changes }: ZoneChange): void {
    for (const change of changes) this.#made.set(keyOf(change), change);
  }
}

function keyOf({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${name} ${type}`;
}

/** About as many octets as it takes in a message; names are counted without compression. */
function sizeOf({ changes, guards }: ZoneChange): number {
  const values = (name: string, set: RecordSet | null): number =>
    (set?.data ?? ['']).reduce((sum, data) => sum + name.length + data.length + 14, 0);
  const changed = changes.map(
    ({ name, before, after }) => values(name, before) + values(name, null) + values(name, after),
  );
  const guarded = guards.map(({ name, expected }) => values(name, expected));
  return [...changed, ...guarded].reduce((sum, one) => sum + one, 0);
}
