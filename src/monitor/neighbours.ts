import type { Watcher } from './watch.ts';

/** An alarm may take so much of what an address may be asked; the rest is for checks that verify failures. */
const share = 0.5;

/**
 * The watchers of each address. Where one site has failed, the server may be down: the others that it serves are
 * checked at once, and not after their own intervals.
 */
export class Neighbours {
  readonly #byAddress = new Map<string, Set<Watcher>>();
  /** Monotonic time before which an address raises no other alarm. */
  readonly #quietUntil = new Map<string, number>();

  add(watcher: Watcher): void {
    for (const address of watcher.addresses) {
      const known = this.#byAddress.get(address);
      if (known === undefined) this.#byAddress.set(address, new Set([watcher]));
      else known.add(watcher);
    }
  }

  delete(watcher: Watcher): void {
    for (const address of watcher.addresses) {
      const known = this.#byAddress.get(address);
      known?.delete(watcher);
      if (known?.size !== 0) continue;
      this.#byAddress.delete(address);
      this.#quietUntil.delete(address);
    }
  }

  /**
   * Has the checks of an address brought forward, at half the rate that it may be asked at. Once in an interval at
   * most: a server that fails now and then is checked twice as often by this, and not more.
   * @param spacingMs least time between two probes of the address
   */
  alarm(address: string, now: number, quietMs: number, spacingMs: number): void {
    if (now < (this.#quietUntil.get(address) ?? -Infinity)) return;
    this.#quietUntil.set(address, now + quietMs);
    let after = 0;
    for (const watcher of this.#byAddress.get(address) ?? []) {
      if (watcher.hasten(after)) after += spacingMs / share;
    }
  }

  /** Has one of the checks of an address made now. */
  check(address: string): void {
    for (const watcher of this.#byAddress.get(address) ?? []) if (watcher.hasten(0)) return;
  }
}
