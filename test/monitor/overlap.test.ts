import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Observation } from '../../src/failover/observe.ts';
import type { Health } from '../../src/health/index.ts';
import { overlapping } from '../../src/monitor/overlap.ts';

describe('attempts of one check', () => {
  let timers: sinon.SinonFakeTimers;
  const ends: ((health: Health) => void)[] = [];

  beforeEach(() => {
    timers = sinon.useFakeTimers();
    ends.length = 0;
  });
  afterEach(() => timers.restore());

  const attempt = (): Promise<Observation> =>
    new Promise((resolve) =>
      ends.push((health) => resolve({ health, attempts: 1, result: {} as Observation['result'] })),
    );
  const outcome = async (check: Promise<Observation>): Promise<[Health, number]> => {
    const { health, attempts } = await check;
    return [health, attempts];
  };

  it('are one where it ends in time, whatever it says', async () => {
    for (const health of ['up', 'degraded', 'down', 'unknown'] as const) {
      const check = outcome(overlapping(attempt, 3, 1000));
      await timers.tickAsync(999);
      ends.shift()!(health);
      assert.deepEqual(await check, [health, 1]);
      await timers.tickAsync(10_000);
      assert.equal(ends.length, 0);
    }
  });

  it('begin beside one that is late, up to the number that is needed, and all must fail', async () => {
    let result: [Health, number] | undefined;
    void outcome(overlapping(attempt, 3, 1000)).then((one) => (result = one));
    const begun = [];
    for (let second = 0; second < 5; second++) {
      begun.push(ends.length);
      await timers.tickAsync(1000);
    }
    assert.deepEqual(begun, [1, 2, 3, 3, 3]);
    for (const end of ends) {
      assert.equal(result, undefined);
      end('down');
      await timers.tickAsync(0);
    }
    assert.deepEqual(result, ['down', 3]);
  });

  it('do not count as failures where a later one succeeds, or the network of the monitor is in doubt', async () => {
    for (const health of ['up', 'unknown'] as const) {
      ends.length = 0;
      const check = outcome(overlapping(attempt, 3, 1000));
      await timers.tickAsync(1000);
      ends[0]!('down');
      await timers.tickAsync(0);
      ends[1]!(health);
      assert.deepEqual(await check, [health, 1]);
      await timers.tickAsync(10_000);
      assert.equal(ends.length, 2);
    }
  });

  it('end with the error of any of them', async () => {
    const check = overlapping(() => Promise.reject(new Error('no address')), 3, 1000);
    await assert.rejects(check, /no address/);
  });

  it('never overlap where one failure is enough', async () => {
    const check = outcome(overlapping(attempt, 1, 1000));
    await timers.tickAsync(10_000);
    assert.equal(ends.length, 1);
    ends[0]!('down');
    assert.deepEqual(await check, ['down', 1]);
  });
});
