/** Spreads the probes of each address, so that a server with many sites gets no bursts. */
export class AddressPacer {
  /** Least time between two probes of one address. */
  readonly spacingMs: number;
  readonly #next = new Map<string, number>();

  /** @param perSecond probes of one address in a second, at most */
  constructor(perSecond: number) {
    this.spacingMs = 1000 / perSecond;
  }

  /** Takes the next free moment of an address and tells how many ms away it is. */
  reserve(address: string, now: number): number {
    const at = Math.max(now, this.#next.get(address) ?? now);
    this.#next.set(address, at + this.spacingMs);
    return at - now;
  }
}

/** What is asked of each address in a second, on average. */
export function demandPerAddress(
  watched: readonly { readonly addresses: readonly string[]; readonly intervalMs: number }[],
): Map<string, number> {
  const demand = new Map<string, number>();
  for (const { addresses, intervalMs } of watched)
    for (const address of addresses) demand.set(address, (demand.get(address) ?? 0) + 1000 / intervalMs);
  return demand;
}
