import { calm, type FlapHistory, type ServerHealth, unknownHealth } from '../health/index.ts';
import { nameKey } from '../model/site.ts';
import type { SavedFlapping, SavedHealth, SavedProbe, SiteState } from '../model/state.ts';
import { type FleetSite, type SiteServer, siteServers } from './fleet.ts';

/** How long an observation is worth building on: an older one is Unknown again. */
const validMs = 24 * 3_600_000;

/** What was saved of each server, by the names of the servers. */
export function savedByServer<T>(entries: readonly (readonly [SiteServer, T])[]): Record<string, T> {
  return Object.fromEntries(entries.map(([{ name }, value]) => [nameKey(name), value]));
}

/** The last probe of a server that was saved. */
export function savedProbeOf(state: SiteState, site: FleetSite, server: SiteServer): SavedProbe | undefined {
  return ofServer(state.probes, site, server);
}

/** The state of a server that was saved, however old. */
export function savedStateOf(
  state: SiteState,
  site: FleetSite,
  server: SiteServer,
): SavedHealth['state'] | undefined {
  return ofServer(state.health, site, server)?.state;
}

/**
 * What is saved of a server. Older versions knew one failover server and wrote by role; what they wrote of it is that
 * of the first choice.
 */
function ofServer<T>(
  saved: Readonly<Record<string, T>> | undefined,
  site: FleetSite,
  server: SiteServer,
): T | undefined {
  const own = saved?.[nameKey(server.name)];
  if (own !== undefined) return own;
  const roleIsName = siteServers(site).some(({ name }) => nameKey(name) === server.role);
  const first = server === site.primary || server === site.standbys[0];
  return first && !roleIsName ? saved?.[server.role] : undefined;
}

/** What an earlier round held of a server. Unknown where it is too old, or from a clock that was ahead. */
export function savedHealthOf(
  state: SiteState,
  site: FleetSite,
  server: SiteServer,
  now: number,
): ServerHealth {
  const saved = ofServer(state.health, site, server);
  const probed = Date.parse(savedProbeOf(state, site, server)?.time ?? '');
  const age = now - probed;
  if (saved === undefined || Number.isNaN(age) || age < 0 || age > validMs) return unknownHealth(now);
  return { ...saved, since: Date.parse(saved.since) };
}

export function savedHealth(health: ServerHealth): SavedHealth {
  return { ...health, since: new Date(health.since).toISOString() };
}

export function flapHistoryOf(state: SiteState): FlapHistory {
  const { flapping } = state;
  if (flapping === undefined) return calm;
  return {
    failovers: flapping.failovers.map((time) => Date.parse(time)),
    lockouts: flapping.lockouts,
    lockedUntil: flapping.lockedUntil === undefined ? undefined : Date.parse(flapping.lockedUntil),
  };
}

export function savedFlapping({ failovers, lockouts, lockedUntil }: FlapHistory): SavedFlapping {
  return {
    failovers: failovers.map((time) => new Date(time).toISOString()),
    lockouts,
    lockedUntil: lockedUntil === undefined ? undefined : new Date(lockedUntil).toISOString(),
  };
}
