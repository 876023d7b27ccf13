import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  combineHealth,
  type Health,
  healthOf,
  isSuspect,
  nextHealth,
  type ServerHealth,
  type Thresholds,
  unknownHealth,
} from '../../src/health/index.ts';

const thresholds: Thresholds = { downAfter: 3, upAfter: 2 };
const seen = fc.constantFrom<Health>('up', 'degraded', 'down', 'unknown');
const limits = fc.record({
  downAfter: fc.integer({ min: 1, max: 5 }),
  upAfter: fc.integer({ min: 1, max: 5 }),
});

/** The states after each observation, one a second, from Unknown. */
function run(observations: readonly Health[], by = thresholds): ServerHealth[] {
  const states: ServerHealth[] = [];
  for (const [second, one] of observations.entries())
    states.push(nextHealth(states.at(-1) ?? unknownHealth(0), one, by, second * 1000));
  return states;
}
const states = (observations: readonly Health[]): string =>
  run(observations)
    .map(({ state }) => state)
    .join(' ');

describe('the state of a server', () => {
  it('is Unknown until enough checks agree', () => {
    assert.equal(states(['up', 'up']), 'unknown up');
    assert.equal(states(['down', 'down', 'down']), 'unknown unknown down');
    assert.equal(states(['up', 'down', 'up', 'down']), 'unknown unknown unknown unknown');
  });

  it('stays Up through single failures, and goes Down with the last of enough', () => {
    assert.equal(states(['up', 'up', 'down', 'down', 'up', 'down']), 'unknown up up up up up');
    assert.equal(states(['up', 'up', 'down', 'down', 'down']), 'unknown up up up down');
  });

  it('comes back only after enough good checks', () => {
    assert.equal(
      states(['down', 'down', 'down', 'up', 'down', 'up', 'up']),
      'unknown unknown down down down down up',
    );
  });

  it('moves between Up and Degraded at once, and has been serving all the while', () => {
    const all = run(['up', 'up', 'degraded', 'degraded', 'up']);
    assert.deepEqual(
      all.slice(1).map(({ state, since }) => [state, since]),
      [
        ['up', 1000],
        ['degraded', 1000],
        ['degraded', 1000],
        ['up', 1000],
      ],
    );
  });

  it('is Unknown again, with nothing counted, when the monitor was at fault', () => {
    const [, , last] = run(['up', 'up', 'unknown']);
    assert.deepEqual(last, unknownHealth(2000));
  });

  it('counts a verified failure as the checks that it took', () => {
    assert.equal(nextHealth(unknownHealth(0), 'down', thresholds, 0, 3).state, 'down');
    assert.equal(nextHealth(unknownHealth(0), 'down', thresholds, 0, 2).state, 'unknown');
  });

  it('is Down only when the last downAfter checks all failed, Up only when the last one was good', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 30 }), limits, (observations, by) => {
        for (const [index, { state }] of run(observations, by).entries()) {
          const until = observations.slice(0, index + 1);
          if (state === 'down') {
            const lastGood = Math.max(
              ...(['unknown', 'up', 'degraded'] as const).map((s) => until.lastIndexOf(s)),
            );
            const good = until.slice(-by.upAfter).every((one) => one === 'up' || one === 'degraded');
            assert.ok(until.length - 1 - lastGood >= by.downAfter || (until.includes('down') && !good));
          }
          if (until.at(-1) === 'unknown') assert.equal(state, 'unknown');
          if (state === 'up') assert.notEqual(until.at(-1), 'unknown');
        }
      }),
    );
  });

  it('needs downAfter failures in a row to leave Up, and upAfter good checks to leave Down', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 40 }), limits, (observations, by) => {
        const all = run(observations, by);
        for (let i = 1; i < all.length; i++) {
          const [from, to] = [all[i - 1]!.state, all[i]!.state];
          const last = (count: number): Health[] => observations.slice(Math.max(0, i + 1 - count), i + 1);
          if (from !== 'down' && to === 'down')
            assert.deepEqual(last(by.downAfter), Array<Health>(by.downAfter).fill('down'));
          if (from === 'down' && (to === 'up' || to === 'degraded')) {
            assert.equal(last(by.upAfter).length, by.upAfter);
            assert.ok(last(by.upAfter).every((one) => one === 'up' || one === 'degraded'));
          }
        }
      }),
    );
  });

  it('is suspect, to be checked again at once, between the first failure and Down', () => {
    assert.deepEqual(run(['up', 'up', 'down', 'down', 'down', 'down']).map(isSuspect), [
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('health of a server', () => {
  it("takes the monitor's own faults for no observation, and a warning for Degraded", () => {
    assert.equal(healthOf({ healthy: true, failure: null, warning: null }), 'up');
    assert.equal(healthOf({ healthy: true, failure: null, warning: 'It expires.' }), 'degraded');
    assert.equal(healthOf({ healthy: false, failure: 'timeout', warning: null }), 'down');
    assert.equal(healthOf({ healthy: false, failure: 'local', warning: null }), 'unknown');
  });

  it('is down as soon as one of its addresses is, and up without those that cannot be observed', () => {
    assert.equal(combineHealth(['up', 'degraded', 'down']), 'down');
    assert.equal(combineHealth(['up', 'degraded', 'unknown']), 'degraded');
    assert.equal(combineHealth(['up', 'unknown']), 'up');
    assert.equal(combineHealth(['unknown', 'unknown']), 'unknown');
    assert.equal(combineHealth([]), 'unknown');
  });
});
