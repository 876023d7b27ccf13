import type { Clock } from '../edge/clock.ts';
import type { Hold } from '../health/index.ts';

/** Connections held at once, over all servers. */
const most = 256;
/** A server that ends one sooner is left alone for a while: it does so by habit. */
const shortMs = 30_000;
const pauseMs = 60_000;

/**
 * An idle connection to each server that is up. When a process dies or a machine shuts down, its system ends them at
 * once, long before the next check is due. That alone proves nothing (servers end idle connections, too): it has
 * the server checked, and no more.
 *
 * | a connection ends   | then                                              |
 * |---------------------|---------------------------------------------------|
 * | after 30 s or more  | one check; opened again after the next good check |
 * | sooner              | one check; opened again a minute later            |
 */
export class Sentinels {
  readonly #hold: Hold;
  readonly #clock: Clock;
  readonly #ended: (address: string) => void;
  readonly #held = new Map<string, () => void>();
  readonly #notBefore = new Map<string, number>();

  constructor(hold: Hold, clock: Clock, ended: (address: string) => void) {
    this.#hold = hold;
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Holds a connection to a server that was seen to be up, where none is held. */
  keep(address: string, port: number): void {
    const key = `${address} ${port}`;
    if (this.#held.has(key) || this.#held.size >= most) return;
    const since = this.#clock.monotonic();
    if (since < (this.#notBefore.get(key) ?? -Infinity)) return;
    const close = this.#hold(address, port, () => {
      this.#held.delete(key);
      const now = this.#clock.monotonic();
      if (now - since < shortMs) this.#notBefore.set(key, now + pauseMs);
      else this.#notBefore.delete(key);
      this.#ended(address);
    });
    this.#held.set(key, close);
  }

  release(): void {
    for (const close of this.#held.values()) close();
    this.#held.clear();
  }
}
