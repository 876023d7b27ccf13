import { failure } from '../model/failover-error.ts';

/*
 * What the threads of one copy share: whether to stop, the bytes copied so far, and when the next bytes may go.
 * The limit is a token bucket kept as one number: the time up to which the bandwidth is given away.
 */

const size = 24;
const burstNs = 100_000_000n;
const longestSleepMs = 100;

export function newShared(): SharedArrayBuffer {
  return new SharedArrayBuffer(size);
}

export class Shared {
  readonly #flags: Int32Array;
  readonly #bytes: BigInt64Array;
  readonly #givenUntil: BigInt64Array;
  readonly #nsPerByte: number | undefined;

  constructor(buffer: SharedArrayBuffer, maximumBandwidth?: number) {
    this.#flags = new Int32Array(buffer, 0, 2);
    this.#bytes = new BigInt64Array(buffer, 8, 1);
    this.#givenUntil = new BigInt64Array(buffer, 16, 1);
    this.#nsPerByte = maximumBandwidth === undefined ? undefined : 1e9 / maximumBandwidth;
  }

  get isLimited(): boolean {
    return this.#nsPerByte !== undefined;
  }

  /** Bytes that all threads have copied. */
  get bytes(): number {
    return Number(Atomics.load(this.#bytes, 0));
  }

  get isStopped(): boolean {
    return Atomics.load(this.#flags, 0) !== 0;
  }

  stop(): void {
    Atomics.store(this.#flags, 0, 1);
    Atomics.notify(this.#flags, 0);
  }

  /** @throws FailoverError Cancelled once stop was called */
  throwIfStopped(): void {
    if (this.isStopped) throw failure('Cancelled');
  }

  count(bytes: number): void {
    Atomics.add(this.#bytes, 0, BigInt(bytes));
  }

  /** Blocks the thread until so many bytes may go. @throws FailoverError Cancelled */
  take(bytes: number): void {
    if (this.#nsPerByte === undefined) return;
    const cost = BigInt(Math.ceil(bytes * this.#nsPerByte));
    let start: bigint;
    for (;;) {
      const given = Atomics.load(this.#givenUntil, 0);
      const earliest = process.hrtime.bigint() - burstNs;
      start = given > earliest ? given : earliest;
      if (Atomics.compareExchange(this.#givenUntil, 0, given, start + cost) === given) break;
    }
    for (;;) {
      this.throwIfStopped();
      const waitMs = Number(start - process.hrtime.bigint()) / 1e6;
      if (waitMs <= 0) return;
      Atomics.wait(this.#flags, 0, 0, Math.min(waitMs, longestSleepMs));
    }
  }
}
