import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  combineHealth,
  countSuccesses,
  decide,
  type DecisionReason,
  type Decision,
  type Health,
  healthOf,
  type SiteSituation,
} from '../../src/health/index.ts';

const normal: SiteSituation = {
  target: 'primary',
  primary: 'up',
  failover: 'up',
  forced: 'none',
  failback: { mode: 'automatic', after: 1 },
  primarySuccesses: 1,
};

const health = fc.constantFrom<Health>('up', 'down', 'unknown');
const situation = fc.record<SiteSituation>({
  target: fc.constantFrom('primary', 'failover', 'unknown'),
  primary: health,
  failover: health,
  forced: fc.constantFrom('none', 'primary', 'failover'),
  failback: fc.record({
    mode: fc.constantFrom('automatic' as const, 'manual' as const),
    after: fc.integer({ min: 1, max: 5 }),
  }),
  primarySuccesses: fc.integer({ min: 0, max: 6 }),
});

describe('decide', () => {
  const rows: [Partial<SiteSituation>, Decision['action'], DecisionReason][] = [
    [{ target: 'unknown', primary: 'down' }, 'none', 'TargetUnknown'],
    [{}, 'none', 'PrimaryUp'],
    [{ primary: 'unknown' }, 'none', 'PrimaryUnknown'],
    [{ primary: 'down' }, 'failover', 'PrimaryDown'],
    [{ primary: 'down', failover: 'unknown' }, 'none', 'FailoverUnknown'],
    [{ primary: 'down', failover: 'down' }, 'none', 'BothDown'],
    [{ target: 'failover' }, 'failback', 'PrimaryReturned'],
    [{ target: 'failover', failover: 'down' }, 'failback', 'PrimaryReturned'],
    [
      { target: 'failover', failback: { mode: 'automatic', after: 3 }, primarySuccesses: 2 },
      'none',
      'FailbackWaiting',
    ],
    [
      { target: 'failover', failback: { mode: 'automatic', after: 3 }, primarySuccesses: 3 },
      'failback',
      'PrimaryReturned',
    ],
    [
      { target: 'failover', failback: { mode: 'manual', after: 1 }, primarySuccesses: 9 },
      'none',
      'FailbackManual',
    ],
    [{ target: 'failover', primary: 'unknown' }, 'none', 'PrimaryUnknown'],
    [{ target: 'failover', primary: 'down' }, 'none', 'ServedByFailover'],
    [{ target: 'failover', primary: 'down', failover: 'unknown' }, 'none', 'FailoverUnknown'],
    [{ target: 'failover', primary: 'down', failover: 'down' }, 'none', 'BothDown'],
    [{ forced: 'primary', primary: 'down' }, 'none', 'Forced'],
    [{ forced: 'failover', target: 'failover' }, 'none', 'Forced'],
    [{ forced: 'failover' }, 'failover', 'Forced'],
    [{ forced: 'failover', failover: 'down' }, 'none', 'ForcedTargetNotUp'],
    [{ forced: 'primary', target: 'failover', failback: { mode: 'manual', after: 9 } }, 'failback', 'Forced'],
    [{ forced: 'primary', target: 'failover', primary: 'unknown' }, 'none', 'ForcedTargetNotUp'],
    [{ forced: 'failover', target: 'unknown' }, 'none', 'TargetUnknown'],
  ];
  for (const [changes, action, reason] of rows)
    it(`answers ${action} (${reason}) for ${JSON.stringify(changes)}`, () => {
      const decision = decide({ ...normal, ...changes });
      assert.deepEqual([decision.action, decision.reason], [action, reason]);
    });

  it('never moves a site to a server that is not up, nor to where it is', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const { action } = decide(now);
        if (action === 'failover') assert.deepEqual([now.failover, now.target], ['up', 'primary']);
        if (action === 'failback') assert.deepEqual([now.primary, now.target], ['up', 'failover']);
      }),
    );
  });

  it('does nothing when both servers are down, or when it is not known where the site is', () => {
    fc.assert(
      fc.property(situation, (now) => {
        assert.equal(decide({ ...now, primary: 'down', failover: 'down' }).action, 'none');
        assert.equal(decide({ ...now, target: 'unknown' }).action, 'none');
      }),
    );
  });

  it('does nothing on its own account while the primary is unknown', () => {
    fc.assert(
      fc.property(situation, (now) => {
        assert.equal(decide({ ...now, forced: 'none', primary: 'unknown' }).action, 'none');
      }),
    );
  });

  it('has an action and a sentence for every situation, and settles after one move', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const decision = decide(now);
        assert.match(decision.message, /^[A-Z].*\.$/);
        if (decision.action === 'none') return;
        const moved = decision.action === 'failover' ? 'failover' : 'primary';
        assert.equal(decide({ ...now, target: moved }).action, 'none');
      }),
    );
  });
});

describe('countSuccesses', () => {
  it('counts rounds in a row and starts again when the primary was not seen up', () => {
    assert.equal(countSuccesses(2, 'up'), 3);
    assert.equal(countSuccesses(2, 'down'), 0);
    assert.equal(countSuccesses(2, 'unknown'), 0);
  });
});

describe('health of a server', () => {
  it("takes the monitor's own faults for no observation", () => {
    assert.equal(healthOf({ healthy: true, failure: null }), 'up');
    assert.equal(healthOf({ healthy: false, failure: 'timeout' }), 'down');
    assert.equal(healthOf({ healthy: false, failure: 'local' }), 'unknown');
  });

  it('is down as soon as one of its addresses is, and up without those that cannot be observed', () => {
    assert.equal(combineHealth(['up', 'down']), 'down');
    assert.equal(combineHealth(['up', 'unknown']), 'up');
    assert.equal(combineHealth(['unknown', 'unknown']), 'unknown');
    assert.equal(combineHealth([]), 'unknown');
  });
});
