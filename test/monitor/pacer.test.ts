import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unknownHealth } from '../../src/health/index.ts';
import { backOff, firstDelay, nextDelay } from '../../src/monitor/delays.ts';
import { AddressPacer, demandPerAddress } from '../../src/monitor/pacer.ts';

describe('the pace of the probes', () => {
  it('never gives an address more than its share of any second, whenever probes are asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (gaps, perSecond) => {
          const pacer = new AddressPacer(perSecond);
          let now = 0;
          const times = gaps.map((gap) => (now += gap) + pacer.reserve('10.1.1.1', now));
          for (const [index, time] of times.entries()) {
            const later = times[index + perSecond];
            if (later !== undefined) assert.ok(later - time >= 1000 - 1e-6);
          }
        },
      ),
    );
  });

  it('keeps addresses apart, and knows what the settings ask of each', () => {
    const pacer = new AddressPacer(1);
    assert.deepEqual([pacer.reserve('a', 0), pacer.reserve('b', 0), pacer.reserve('a', 0)], [0, 0, 1000]);
    const watched = [
      { addresses: ['a', 'b'], intervalMs: 500 },
      { addresses: ['a'], intervalMs: 1000 },
    ];
    assert.deepEqual(
      [...demandPerAddress(watched)],
      [
        ['a', 3],
        ['b', 2],
      ],
    );
  });

  it('shortens intervals by a tenth at most, checks a suspect again at once, and backs off up to a minute', () => {
    const verification = { attempts: 3, delayMs: 1000, upAfter: 1, intervalMs: 60_000 };
    const calm = { ...unknownHealth(0), state: 'up' as const };
    assert.deepEqual(
      [0, 0.5, 1].map((random) => nextDelay(calm, verification, random)),
      [60_000, 57_000, 54_000],
    );
    assert.equal(nextDelay({ ...calm, failures: 1 }, verification, 0.5), 1000);
    assert.equal(firstDelay(verification, 1), 5000);
    assert.deepEqual(
      [1, 2, 3, 99].map((failures) => backOff(failures, 0.5)),
      [1000, 2000, 4000, 60_000],
    );
  });
});
