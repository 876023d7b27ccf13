import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  afterFailover,
  calm,
  type FlapHistory,
  type FlapPolicy,
  isLockedOut,
} from '../../src/health/index.ts';

const minute = 60_000;
const policy: FlapPolicy = {
  limit: 3,
  windowMs: 60 * minute,
  lockoutMs: 30 * minute,
  maximumMs: 1440 * minute,
};

/** The history after failovers at these minutes. */
function after(...minutes: readonly number[]): FlapHistory {
  let history = calm;
  for (const at of minutes) history = afterFailover(history, policy, at * minute);
  return history;
}

describe('a site that goes to and fro', () => {
  it('is not locked out by failovers that lie far apart', () => {
    assert.equal(after(0, 40, 80, 120).lockedUntil, undefined);
  });

  it('is locked out by the third failover within an hour, until half an hour later', () => {
    const history = after(0, 10, 20);
    assert.equal(history.lockedUntil, 50 * minute);
    assert.equal(isLockedOut(history, policy, 49 * minute), true);
    assert.equal(isLockedOut(history, policy, 50 * minute), false);
  });

  it('is locked out for twice as long when it goes on so, and from the start after an hour of calm', () => {
    assert.equal(after(0, 10, 20, 60, 61, 62).lockedUntil, (62 + 60) * minute);
    assert.equal(after(0, 10, 20, 111, 112, 113).lockedUntil, (113 + 30) * minute);
  });

  it('is never locked out for longer than the maximum, nor by an end that a set clock has put far ahead', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 60 }), (gaps) => {
        let now = 0;
        let history = calm;
        for (const gap of gaps) history = afterFailover(history, policy, (now += gap * minute));
        assert.ok((history.lockedUntil ?? now) - now <= policy.maximumMs);
        assert.equal(
          isLockedOut({ ...history, lockedUntil: now + policy.maximumMs + 1 }, policy, now),
          false,
        );
      }),
    );
  });
});
