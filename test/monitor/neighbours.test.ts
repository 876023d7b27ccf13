import assert from 'node:assert/strict';
import { Neighbours } from '../../src/monitor/neighbours.ts';
import type { Watcher } from '../../src/monitor/watch.ts';

/** Says when it was told to check; `busy` is under way already. */
class FakeWatcher {
  readonly told: number[] = [];
  readonly addresses: readonly string[];
  readonly #busy: boolean;

  constructor(addresses: readonly string[], busy = false) {
    this.addresses = addresses;
    this.#busy = busy;
  }

  hasten(ms: number): boolean {
    if (!this.#busy) this.told.push(ms);
    return !this.#busy;
  }

  get watcher(): Watcher {
    return this as unknown as Watcher;
  }
}

describe('a failure of one site', () => {
  const [first, busy, second, other] = [
    new FakeWatcher(['a']),
    new FakeWatcher(['a'], true),
    new FakeWatcher(['b', 'a']),
    new FakeWatcher(['b']),
  ] as const;
  const all = [first, busy, second, other];

  it('brings the checks of the same address forward at half its rate, once in an interval', () => {
    const neighbours = new Neighbours();
    for (const { watcher } of all) neighbours.add(watcher);
    for (const now of [0, 9_999]) neighbours.alarm('a', now, 10_000, 2);
    assert.deepEqual(
      all.map(({ told }) => told),
      [[0], [], [4], []],
    );
    neighbours.alarm('a', 10_000, 10_000, 2);
    assert.deepEqual(first.told, [0, 0]);
  });

  it('does not wake what is not watched any more', () => {
    const neighbours = new Neighbours();
    const gone = new FakeWatcher(['a']);
    neighbours.add(gone.watcher);
    neighbours.delete(gone.watcher);
    neighbours.alarm('a', 0, 10_000, 2);
    assert.deepEqual(gone.told, []);
  });
});
