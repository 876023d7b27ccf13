import type { ZoneChange } from './change.ts';
import type { RecordSet } from './record-set.ts';
import { zoneKey } from './views.ts';

/** When visitors reach the new address, counted from the confirmed change. Seconds. */
export interface ExpectedRecovery {
  /** Of visitors whose resolver keeps to the TTL. */
  readonly usual: number;
  /** Behind resolvers that keep every answer for a minimum of their own. */
  readonly worst: number;
}

/** Browsers keep an address that works about so long, whatever its TTL. */
const browserPin = 60;
/** The longest minimum that operators of resolvers are known to set. */
const resolverFloor = 600;

/**
 * Computes when visitors follow a change: the TTL of what they may hold, raised to a resolver's minimum in the worst
 * case, and the browser's own cache. That a name in use has no address of one family is held as long as the zone's SOA
 * record says (RFC 2308 section 5), where that is known. A connection that is kept alive to the old address is not
 * counted: it ends with the server. Undefined where nothing that was held changes.
 * @param soas SOA record sets by the key of their zone
 */
export function expectedRecovery(
  changes: readonly ZoneChange[],
  soas: ReadonlyMap<string, RecordSet> = new Map(),
): ExpectedRecovery | undefined {
  const held = changes.flatMap((zone) => {
    const inUse = new Set(zone.changes.filter(({ before }) => before !== null).map(({ name }) => name));
    const negative = negativeTtl(soas.get(zoneKey(zone)));
    return zone.changes.flatMap(({ name, before }) => before?.ttl ?? (inUse.has(name) ? negative : []));
  });
  if (held.length === 0) return undefined;
  const ttl = Math.max(...held);
  return { usual: ttl + browserPin, worst: Math.max(ttl, resolverFloor) + browserPin };
}

/** In words: `visitors follow within 6 min, behind resolvers that keep answers longer within 11 min`. */
export function describeRecovery({ usual, worst }: ExpectedRecovery): string {
  const words = (seconds: number): string =>
    seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  const slow = worst > usual ? `, behind resolvers that keep answers longer within ${words(worst)}` : '';
  return `visitors follow within ${words(usual)}${slow}`;
}

function negativeTtl(soa: RecordSet | undefined): number | [] {
  const minimum = Number(soa?.data[0]?.split(' ')[6]);
  return soa === undefined || Number.isNaN(minimum) ? [] : Math.min(soa.ttl, minimum);
}
