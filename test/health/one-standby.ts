import fc from 'fast-check';
import {
  type Contender,
  type Decision,
  type DecisionReason,
  type ServerHealth,
  serves,
  type SiteSituation,
} from '../../src/health/index.ts';

type Role = 'primary' | 'failover';

/** A situation with one failover server, told by roles. */
export interface OneStandby extends Omit<SiteSituation, 'at' | 'primary' | 'standbys' | 'forced'> {
  readonly target: Role | 'unknown';
  readonly primary: ServerHealth;
  readonly failover: ServerHealth;
  readonly forced: Role | 'none';
}

export const names = { primary: 'WEB01', failover: 'STANDBY1', unknown: undefined };

export function contender(name: string, health: ServerHealth): Contender {
  return { name, label: `the server ${name}`, health };
}

/** The same as the state table takes it. */
export function situationOf({ target, primary, failover, forced, ...rest }: OneStandby): SiteSituation {
  return {
    ...rest,
    at: names[target],
    primary: contender(names.primary, primary),
    standbys: [contender(names.failover, failover)],
    forced: forced === 'none' ? undefined : { role: forced, server: undefined },
  };
}

export const now = Date.parse('2026-01-02T03:04:05Z');

export const anyServer = fc.record<ServerHealth>({
  state: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
  since: fc.integer({ min: now - 100_000, max: now + 10_000 }),
  successes: fc.integer({ min: 0, max: 6 }),
  failures: fc.integer({ min: 0, max: 6 }),
});

/** What a situation has besides its servers. */
export const circumstances = {
  suspended: fc.option(
    fc.record({
      until: fc.integer({ min: now - 100, max: now + 100 }),
      reason: fc.constantFrom(undefined, 'work'),
    }),
    { nil: undefined },
  ),
  now: fc.constant(now),
  lastSwitch: fc.option(fc.integer({ min: now - 100_000, max: now + 100_000 }), { nil: undefined }),
  lockedOut: fc.boolean(),
  policy: fc.record<SiteSituation['policy']>({
    failback: fc.constantFrom('automatic', 'manual'),
    failbackAfter: fc.integer({ min: 1, max: 5 }),
    warmUpMs: fc.integer({ min: 0, max: 60_000 }),
    holdMs: fc.integer({ min: 0, max: 60_000 }),
  }),
  windowOpen: fc.boolean(),
  gate: fc.option(fc.constant('Uploads are not synced.'), { nil: undefined }),
};

export const anyOneStandby = fc.record<OneStandby>({
  target: fc.constantFrom('primary', 'failover', 'unknown'),
  primary: anyServer,
  failover: anyServer,
  forced: fc.constantFrom('none', 'primary', 'failover'),
  ...circumstances,
});

/** The table for one failover server, row by row: the order of its rows is that of these lines. */
export function formerDecision(one: OneStandby): readonly [Decision['action'], DecisionReason] {
  const { target, primary, failover, forced, policy, lastSwitch } = one;
  if (one.suspended !== undefined && now < one.suspended.until) return ['none', 'Suspended'];
  if (target === 'unknown') return ['none', 'TargetUnknown'];
  if (forced !== 'none') {
    if (target === forced) return ['none', 'Forced'];
    if (!serves(one[forced])) return ['none', 'ForcedTargetNotUp'];
    return [forced === 'failover' ? 'failover' : 'failback', 'Forced'];
  }
  if (primary.state === 'unknown') return ['none', 'PrimaryUnknown'];
  if (!serves(primary)) {
    if (failover.state === 'unknown') return ['none', 'FailoverUnknown'];
    if (failover.state === 'down') return ['none', 'BothDown'];
    if (target === 'failover') return ['none', 'ServedByFailover'];
    if (now - failover.since < policy.warmUpMs) return ['none', 'FailoverWarmingUp'];
    return ['failover', 'PrimaryDown'];
  }
  if (target === 'primary') return ['none', primary.state === 'up' ? 'PrimaryUp' : 'PrimaryDegraded'];
  if (policy.failback === 'manual') return ['none', 'FailbackManual'];
  if (failover.state === 'down') return ['failback', 'PrimaryReturned'];
  if (one.gate !== undefined) return ['none', 'FailbackGated'];
  if (primary.state === 'degraded' && failover.state !== 'degraded') return ['none', 'PrimaryDegraded'];
  if (primary.successes < policy.failbackAfter) return ['none', 'FailbackWaiting'];
  if (one.lockedOut) return ['none', 'FlapLockout'];
  const held = now - (lastSwitch ?? -Infinity);
  if (held >= 0 && held < policy.holdMs) return ['none', 'HoldDown'];
  return one.windowOpen ? ['failback', 'PrimaryReturned'] : ['none', 'OutsideWindow'];
}
