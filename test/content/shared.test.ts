import assert from 'node:assert/strict';
import sinon from 'sinon';
import { newShared, Shared } from '../../src/content/shared.ts';

describe('what the threads of a copy share', () => {
  afterEach(() => sinon.restore());

  /** Time that goes on only while a thread waits. */
  function fakeTime(): { nowMs: number } {
    const time = { nowMs: 1000 };
    sinon.stub(process.hrtime, 'bigint').callsFake(() => BigInt(Math.round(time.nowMs * 1e6)));
    sinon.stub(Atomics, 'wait').callsFake((...[, , , ms]: unknown[]) => {
      time.nowMs += ms as number;
      return 'timed-out';
    });
    return time;
  }

  it('lets through as many bytes a second as are allowed, all threads together', () => {
    const time = fakeTime();
    const buffer = newShared();
    const threads = [new Shared(buffer, 1000), new Shared(buffer, 1000)];
    for (let index = 0; index < 100; index++) threads[index % 2]?.take(100);
    // 10,000 bytes; the first are let through at once, and those of a tenth of a second.
    assert.equal(time.nowMs - 1000, 9800);
  });

  it('does not save up more than a tenth of a second of idleness', () => {
    const time = fakeTime();
    const shared = new Shared(newShared(), 1000);
    time.nowMs += 3_600_000;
    const started = time.nowMs;
    for (let index = 0; index < 10; index++) shared.take(100);
    assert.equal(time.nowMs - started, 800);
  });

  it('ends the wait when the copy is stopped', () => {
    fakeTime();
    const shared = new Shared(newShared(), 1);
    shared.take(1000);
    shared.stop();
    assert.throws(() => shared.take(1), { id: 'Cancelled' });
  });

  it('waits for nothing without a limit, and counts', () => {
    const time = fakeTime();
    const buffer = newShared();
    new Shared(buffer).take(1e12);
    new Shared(buffer).count(5);
    new Shared(buffer).count(7);
    assert.deepEqual([time.nowMs, new Shared(buffer).bytes], [1000, 12]);
  });
});
