/** How often a site may fail over before it stays on the failover server for a while. Times in ms. */
export interface FlapPolicy {
  /** Failovers within windowMs that begin a lockout. */
  readonly limit: number;
  readonly windowMs: number;
  /** The first lockout; each further one lasts twice as long. */
  readonly lockoutMs: number;
  readonly maximumMs: number;
}

/** What is remembered of a site's automatic failovers. Times in ms since 1970. */
export interface FlapHistory {
  readonly failovers: readonly number[];
  readonly lockouts: number;
  readonly lockedUntil: number | undefined;
}

export const calm: FlapHistory = { failovers: [], lockouts: 0, lockedUntil: undefined };

/**
 * The history after an automatic failover at `now`. Only failback waits for the end of a lockout: a site whose
 * primary is down is never kept on it.
 *
 * | failovers within the window, this one included | since the last lockout ended | next                          |
 * |------------------------------------------------|------------------------------|-------------------------------|
 * | fewer than limit                               | up to windowMs               | remembered                    |
 * | fewer than limit                               | more                         | remembered, back-off forgotten |
 * | limit or more                                  | up to windowMs               | locked, twice as long as last |
 * | limit or more                                  | more, or never locked        | locked for lockoutMs          |
 */
export function afterFailover(history: FlapHistory, policy: FlapPolicy, now: number): FlapHistory {
  const recent = [...history.failovers.filter((time) => time <= now && now - time < policy.windowMs), now];
  const { lockedUntil } = history;
  const calmSince = lockedUntil === undefined ? Infinity : now - lockedUntil;
  const lockouts = calmSince > policy.windowMs ? 0 : history.lockouts;
  if (recent.length < policy.limit) return { failovers: recent, lockouts, lockedUntil };
  const lasts = Math.min(policy.lockoutMs * 2 ** lockouts, policy.maximumMs);
  return { failovers: [], lockouts: lockouts + 1, lockedUntil: now + lasts };
}

/** Whether failback is locked out. An end that lies further ahead than any lockout lasts is a clock that was set. */
export function isLockedOut(history: FlapHistory, policy: FlapPolicy, now: number): boolean {
  const left = (history.lockedUntil ?? now) - now;
  return left > 0 && left <= policy.maximumMs;
}
