import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decide as decideSituation,
  type Decision,
  type DecisionReason,
  type Health,
  type ServerHealth,
  serves,
} from '../../src/health/index.ts';
import {
  anyOneStandby as situation,
  formerDecision,
  names,
  now,
  type OneStandby,
  situationOf,
} from './one-standby.ts';

const decide = (one: OneStandby): Decision => decideSituation(situationOf(one));
const server = (state: Health, since = 0, successes = 1): ServerHealth => ({
  state,
  since,
  successes,
  failures: 0,
});
const [up, down, unknown, degraded] = (['up', 'down', 'unknown', 'degraded'] as const).map((state) =>
  server(state),
) as [ServerHealth, ServerHealth, ServerHealth, ServerHealth];

const normal: OneStandby = {
  target: 'primary',
  primary: up,
  failover: up,
  suspended: undefined,
  forced: 'none',
  now,
  lastSwitch: undefined,
  lockedOut: false,
  policy: { failback: 'automatic', failbackAfter: 1, warmUpMs: 0, holdMs: 0 },
  windowOpen: true,
  gate: undefined,
};
const away: OneStandby = { ...normal, target: 'failover' };
const policy = (changes: Partial<OneStandby['policy']>) => ({ policy: { ...normal.policy, ...changes } });

describe('decide, with one failover server', () => {
  const rows: [string, OneStandby, Decision['action'], DecisionReason][] = [
    [
      'records that are not understood',
      { ...normal, target: 'unknown', primary: down },
      'none',
      'TargetUnknown',
    ],
    [
      'a maintenance window, whatever is seen and wanted',
      { ...normal, primary: down, forced: 'failover', suspended: { until: now + 1, reason: undefined } },
      'none',
      'Suspended',
    ],
    [
      'a maintenance window that has ended',
      { ...normal, primary: down, suspended: { until: now, reason: undefined } },
      'failover',
      'PrimaryDown',
    ],
    ['all well', normal, 'none', 'PrimaryUp'],
    ['a primary with a warning', { ...normal, primary: degraded }, 'none', 'PrimaryDegraded'],
    ['a primary not seen yet', { ...normal, primary: unknown }, 'none', 'PrimaryUnknown'],
    ['a primary that is down', { ...normal, primary: down }, 'failover', 'PrimaryDown'],
    [
      'a primary that is down and a standby with a warning',
      { ...normal, primary: down, failover: degraded },
      'failover',
      'PrimaryDown',
    ],
    ['a standby not seen yet', { ...normal, primary: down, failover: unknown }, 'none', 'FailoverUnknown'],
    ['both down', { ...normal, primary: down, failover: down }, 'none', 'BothDown'],
    [
      'a standby that is just up',
      { ...normal, primary: down, failover: server('up', now - 9999), ...policy({ warmUpMs: 10_000 }) },
      'none',
      'FailoverWarmingUp',
    ],
    [
      'a standby that is warm',
      { ...normal, primary: down, failover: server('up', now - 10_000), ...policy({ warmUpMs: 10_000 }) },
      'failover',
      'PrimaryDown',
    ],
    [
      'a failover within hold-down and lockout, which a dead server does not wait for',
      { ...normal, primary: down, lastSwitch: now, lockedOut: true, ...policy({ holdMs: 60_000 }) },
      'failover',
      'PrimaryDown',
    ],
    ['the primary back', away, 'failback', 'PrimaryReturned'],
    ['the primary back with a warning', { ...away, primary: degraded }, 'none', 'PrimaryDegraded'],
    [
      'both with a warning',
      { ...away, primary: degraded, failover: degraded },
      'failback',
      'PrimaryReturned',
    ],
    ['too few good checks', { ...away, ...policy({ failbackAfter: 2 }) }, 'none', 'FailbackWaiting'],
    ['failback by hand', { ...away, ...policy({ failback: 'manual' }) }, 'none', 'FailbackManual'],
    ['writes not synced', { ...away, gate: 'Uploads are not synced.' }, 'none', 'FailbackGated'],
    ['a lockout', { ...away, lockedOut: true }, 'none', 'FlapLockout'],
    ['a switch just now', { ...away, lastSwitch: now - 9, ...policy({ holdMs: 10 }) }, 'none', 'HoldDown'],
    [
      'a switch long ago',
      { ...away, lastSwitch: now - 10, ...policy({ holdMs: 10 }) },
      'failback',
      'PrimaryReturned',
    ],
    [
      'a switch that the clock says is to come',
      { ...away, lastSwitch: now + 10_000, ...policy({ holdMs: 10 }) },
      'failback',
      'PrimaryReturned',
    ],
    ['the wrong time of the day', { ...away, windowOpen: false }, 'none', 'OutsideWindow'],
    [
      'nobody serving, which no wait is worth',
      {
        ...away,
        primary: degraded,
        failover: down,
        lockedOut: true,
        windowOpen: false,
        lastSwitch: now,
        ...policy({ failbackAfter: 9, holdMs: 9 }),
      },
      'failback',
      'PrimaryReturned',
    ],
    [
      'nobody serving, with writes that are not synced',
      { ...away, failover: down, gate: 'Uploads are not synced.' },
      'failback',
      'PrimaryReturned',
    ],
    ['a primary out of sight', { ...away, primary: unknown }, 'none', 'PrimaryUnknown'],
    ['the standby serving', { ...away, primary: down }, 'none', 'ServedByFailover'],
    ['a standby out of sight', { ...away, primary: down, failover: unknown }, 'none', 'FailoverUnknown'],
    ['both down on the standby', { ...away, primary: down, failover: down }, 'none', 'BothDown'],
    ['kept by hand', { ...normal, forced: 'primary', primary: down }, 'none', 'Forced'],
    ['kept there by hand', { ...away, forced: 'failover' }, 'none', 'Forced'],
    ['wanted there by hand', { ...normal, forced: 'failover' }, 'failover', 'Forced'],
    [
      'wanted on a server that is down',
      { ...normal, forced: 'failover', failover: down },
      'none',
      'ForcedTargetNotUp',
    ],
    [
      'wanted back by hand, whatever the policy',
      { ...away, forced: 'primary', gate: 'x', windowOpen: false, ...policy({ failback: 'manual' }) },
      'failback',
      'Forced',
    ],
    [
      'wanted on a server out of sight',
      { ...away, forced: 'primary', primary: unknown },
      'none',
      'ForcedTargetNotUp',
    ],
  ];
  for (const [name, now, action, reason] of rows)
    it(`answers ${action} (${reason}) for ${name}`, () => {
      const decision = decide(now);
      assert.deepEqual([decision.action, decision.reason], [action, reason]);
    });

  it('is the former table where a site has one failover server', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const { action, reason, to } = decide(one);
        assert.deepEqual([action, reason], formerDecision(one));
        const moved = { none: undefined, failover: names.failover, failback: names.primary };
        assert.equal(to, moved[action]);
      }),
      { numRuns: 2000 },
    );
  });

  it('never moves a site to a server that does not serve, nor to where it is', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const { action } = decide(one);
        if (action === 'failover') assert.deepEqual([serves(one.failover), one.target], [true, 'primary']);
        if (action === 'failback') assert.deepEqual([serves(one.primary), one.target], [true, 'failover']);
      }),
    );
  });

  it('does nothing when both servers are down, or when it is not known where the site is', () => {
    fc.assert(
      fc.property(situation, (one) => {
        assert.equal(decide({ ...one, primary: down, failover: down }).action, 'none');
        assert.equal(decide({ ...one, target: 'unknown' }).action, 'none');
      }),
    );
  });

  it('does nothing on its own account while the primary is unknown, and no failover to an unknown standby', () => {
    fc.assert(
      fc.property(situation, (one) => {
        assert.equal(decide({ ...one, forced: 'none', primary: unknown }).action, 'none');
        assert.notEqual(decide({ ...one, failover: unknown }).action, 'failover');
      }),
    );
  });

  it('leaves a failover server that is up only by the policy: never with a gate, a lockout or a closed window', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const own = { ...one, forced: 'none' as const, failover: up };
        for (const closed of [{ gate: 'x' }, { lockedOut: true }, { windowOpen: false }])
          assert.notEqual(decide({ ...own, ...closed }).action, 'failback');
      }),
    );
  });

  it('has a sentence for every situation, and settles after one move', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const decision = decide(one);
        assert.match(decision.message, /^[A-Z].*\.$/);
        if (decision.action === 'none') return;
        const moved = decision.action === 'failover' ? 'failover' : 'primary';
        assert.equal(decide({ ...one, target: moved }).action, 'none');
      }),
    );
  });
});
