import type { ZoneChange } from './change.ts';

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
 * case, and the browser's own cache. A connection that is kept alive to the old address is not counted: it ends
 * with the server. Undefined where nothing that was held changes.
 */
export function expectedRecovery(changes: readonly ZoneChange[]): ExpectedRecovery | undefined {
  const held = changes.flatMap((zone) => zone.changes.flatMap(({ before }) => before ?? []));
  if (held.length === 0) return undefined;
  const ttl = Math.max(...held.map((set) => set.ttl));
  return { usual: ttl + browserPin, worst: Math.max(ttl, resolverFloor) + browserPin };
}
