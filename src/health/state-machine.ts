import type { Health } from './probe-result.ts';

/** What is held of one server for one site; Degraded serves, with a warning. */
export interface ServerHealth {
  readonly state: Health;
  /** When it entered this state, in ms since 1970; Up and Degraded are one for this. */
  readonly since: number;
  /** Good checks in a row, and failed ones. */
  readonly successes: number;
  readonly failures: number;
}

/** How many checks in a row it takes to believe in a change; each at least 1. */
export interface Thresholds {
  readonly downAfter: number;
  readonly upAfter: number;
}

/** Nothing is known at first, and again after the monitor itself was at fault. */
export function unknownHealth(now: number): ServerHealth {
  return { state: 'unknown', since: now, successes: 0, failures: 0 };
}

/** Whether the server answers visitors. */
export function serves(health: Pick<ServerHealth, 'state'>): boolean {
  return health.state === 'up' || health.state === 'degraded';
}

/**
 * The next state of a server.
 *
 * | state        | seen         | condition                      | next     |
 * |--------------|--------------|--------------------------------|----------|
 * | any          | unknown      |                                | unknown  |
 * | unknown      | up, degraded | successes in a row >= upAfter  | as seen  |
 * | unknown      | up, degraded | fewer                          | unknown  |
 * | unknown      | down         | failures in a row >= downAfter | down     |
 * | unknown      | down         | fewer                          | unknown  |
 * | up, degraded | up, degraded |                                | as seen  |
 * | up, degraded | down         | failures in a row >= downAfter | down     |
 * | up, degraded | down         | fewer                          | the same |
 * | down         | up, degraded | successes in a row >= upAfter  | as seen  |
 * | down         | up, degraded | fewer                          | down     |
 * | down         | down         |                                | down     |
 *
 * @param times checks of this outcome in a row that `seen` stands for (a verified failure is several)
 */
export function nextHealth(
  before: ServerHealth,
  seen: Health,
  { downAfter, upAfter }: Thresholds,
  now: number,
  times = 1,
): ServerHealth {
  if (seen === 'unknown')
    return before.state === 'unknown' ? unknownHealth(before.since) : unknownHealth(now);
  const successes = seen === 'down' ? 0 : before.successes + times;
  const failures = seen === 'down' ? before.failures + times : 0;
  const believed = seen === 'down' ? failures >= downAfter : serves(before) || successes >= upAfter;
  const state = believed ? seen : before.state;
  const same = state === before.state || (serves({ state }) && serves(before));
  return { state, since: same ? before.since : now, successes, failures };
}

/** True while a failure was seen but is not believed yet: the next check follows at once, not after the interval. */
export function isSuspect(health: ServerHealth): boolean {
  return health.failures > 0 && health.state !== 'down';
}
