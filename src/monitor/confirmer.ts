import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { updateState } from '../edge/state.ts';
import { confirmAgain, type Confirmation } from '../failover/confirm.ts';
import type { SavedUnconfirmed, SiteState } from '../model/state.ts';
import { backOff } from './delays.ts';
import type { WatchedSite } from './watched-site.ts';

/** Name servers that lag are asked for so long each time. */
const deadlineMs = 2000;

export interface ConfirmerContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly folder: string;
  /** Every name server shows the last switch of the site at last. */
  confirmed(watched: WatchedSite, confirmation: Confirmation): void;
}

/** Reads switches that some name server did not show back again, less and less often, until all do. */
export class Confirmer {
  readonly #context: ConfirmerContext;
  readonly #waiting = new Map<WatchedSite, { failures: number; notBefore: number }>();
  #running = false;

  constructor(context: ConfirmerContext) {
    this.#context = context;
  }

  async look(sites: readonly WatchedSite[], provider: DnsProvider): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const now = this.#context.clock.monotonic();
      const due = sites.filter(
        (watched) =>
          (watched.state.unconfirmed ?? []).length > 0 && now >= (this.#waiting.get(watched)?.notBefore ?? 0),
      );
      await Promise.all(due.map((watched) => this.#confirm(watched, provider)));
    } finally {
      this.#running = false;
    }
  }

  forget(watched: WatchedSite): void {
    this.#waiting.delete(watched);
  }

  async #confirm(watched: WatchedSite, provider: DnsProvider): Promise<void> {
    const { clock, random, signal, folder } = this.#context;
    const asked = watched.state.unconfirmed ?? [];
    const confirmation = await confirmAgain(asked, provider, deadlineMs, signal);
    // Switched meanwhile: what was read is about the former switch.
    if (keyOf(watched.state.unconfirmed ?? []) !== keyOf(asked)) return;
    const change: Partial<SiteState> = {
      unconfirmed: confirmation.confirmed ? undefined : confirmation.remaining,
    };
    await updateState(folder, new Map([[watched.site.name, change]]));
    watched.state = { ...watched.state, ...change };
    if (confirmation.confirmed) {
      this.#waiting.delete(watched);
      this.#context.confirmed(watched, confirmation);
      return;
    }
    const failures = (this.#waiting.get(watched)?.failures ?? 0) + 1;
    this.#waiting.set(watched, { failures, notBefore: clock.monotonic() + backOff(failures, random()) });
  }
}

function keyOf(unconfirmed: readonly SavedUnconfirmed[]): string {
  return JSON.stringify(unconfirmed.map(({ zone, view, since }) => [zone, view, since]));
}
