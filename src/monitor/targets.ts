import PQueue from 'p-queue';
import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { readRecords, type SiteRecords } from '../failover/switch-plan.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { backOff } from './delays.ts';
import type { WatchedSite } from './watched-site.ts';

/** Each site's records are read this often, and always before a switch. */
const everyMs = 60_000;
/** And again so soon where some of its zones could not be read. */
const againMs = 10_000;
/** Sites whose records are read at once. */
const atOnce = 256;

export interface TargetsContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Sites stay where they would have been switched to, until someone else moves them. */
  readonly shadow: boolean;
  /** A site's records could not be read, for a reason that is new. */
  unreadable(watched: WatchedSite, error: FailoverError): void;
  /** No DNS server answers for any site, or one does again. */
  dnsFault(error: FailoverError | undefined): void;
}

/** Keeps what is known of where the sites' records point; a DNS server that is down is asked less and less often. */
export class Targets {
  readonly #context: TargetsContext;
  readonly #queue = new PQueue({ concurrency: 32 });
  readonly #readAt = new Map<WatchedSite, number>();
  #failures = 0;
  #notBefore = 0;
  #running = false;

  constructor(context: TargetsContext) {
    this.#context = context;
  }

  /** Reads the records of sites whose turn it is; answers those whose target has changed. */
  async refresh(
    sites: readonly WatchedSite[],
    loaded: LoadedSettings,
    provider: DnsProvider,
  ): Promise<WatchedSite[]> {
    const { clock, random, signal } = this.#context;
    const now = clock.monotonic();
    if (this.#running || now < this.#notBefore) return [];
    const due = sites
      .filter((watched) => now - (this.#readAt.get(watched) ?? -Infinity) >= everyMs)
      .slice(0, atOnce);
    if (due.length === 0) return [];
    this.#running = true;
    try {
      const results = await Promise.all(due.map((watched) => this.read(watched, loaded, provider)));
      // The caller considers those that were asked for the first time, whatever the answer.
      const fresh = new Set(due.filter((watched) => !watched.asked));
      for (const watched of fresh) watched.asked = true;
      signal.throwIfAborted();
      const answers = results.filter((result) => !('id' in result));
      if (answers.length === 0) {
        this.#failures += 1;
        this.#notBefore = clock.monotonic() + backOff(this.#failures, random());
        if (this.#failures === 1) this.#context.dnsFault(results[0] as FailoverError);
        return [...fresh];
      }
      if (this.#failures > 0) this.#context.dnsFault(undefined);
      this.#failures = 0;
      const changed = due.filter((watched, index) => this.#apply(watched, results[index]!));
      return [...new Set([...changed, ...fresh])];
    } finally {
      this.#running = false;
    }
  }

  /** The records of a site, or why they cannot be read; a few sites at a time. */
  read(
    watched: WatchedSite,
    loaded: LoadedSettings,
    provider: DnsProvider,
  ): Promise<SiteRecords | FailoverError> {
    return this.#queue.add(() => this.#read(watched, loaded, provider));
  }

  async #read(
    watched: WatchedSite,
    loaded: LoadedSettings,
    provider: DnsProvider,
  ): Promise<SiteRecords | FailoverError> {
    const { signal, clock } = this.#context;
    try {
      const records = await readRecords(watched.site, loaded, provider, signal);
      const partly = records.unreadable.length > 0;
      this.#readAt.set(watched, clock.monotonic() - (partly ? everyMs - againMs : 0));
      if (!partly) watched.readError = undefined;
      return records;
    } catch (error) {
      signal.throwIfAborted();
      return toFailoverError(error, watched.site.name);
    }
  }

  /** Has its records read at the next refresh. */
  forget(watched: WatchedSite): void {
    this.#readAt.delete(watched);
  }

  #tell(watched: WatchedSite, error: FailoverError): void {
    if (watched.readError !== error.id) this.#context.unreadable(watched, error);
    watched.readError = error.id;
  }

  #apply(watched: WatchedSite, result: SiteRecords | FailoverError): boolean {
    if ('id' in result) {
      // Where one site alone cannot be read, it waits for its next turn; what was known of it stays.
      this.#readAt.set(watched, this.#context.clock.monotonic());
      this.#tell(watched, result);
      return false;
    }
    const [unreadable] = result.unreadable;
    if (unreadable !== undefined) this.#tell(watched, unreadable.error);
    const { shadow } = this.#context;
    const before = shadow ? watched.seenServer : watched.server;
    const changed = before !== result.server || watched.split.join() !== result.split.join();
    watched.seenServer = result.server;
    if (shadow && !changed) return false; // it is where its own switch would have left it
    if (shadow) watched.simulated = { flapping: watched.simulated.flapping };
    watched.target = result.target;
    watched.server = result.server;
    watched.split = result.split;
    return changed;
  }
}
