import { calm, type FlapHistory, type ServerHealth, unknownHealth } from '../health/index.ts';
import type { SavedFlapping, SavedHealth, ServerRole, SiteState } from '../model/state.ts';

/** How long an observation is worth building on: an older one is Unknown again. */
const validMs = 24 * 3_600_000;

/** What an earlier round held of a server. Unknown where it is too old, or from a clock that was ahead. */
export function savedHealthOf(state: SiteState, role: ServerRole, now: number): ServerHealth {
  const saved = state.health?.[role];
  const probed = Date.parse(state.probes?.[role]?.time ?? '');
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
