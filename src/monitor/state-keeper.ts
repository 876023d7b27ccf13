import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../edge/clock.ts';
import { readState, siteState, updateState, type WrittenState } from '../edge/state.ts';
import type { SiteState, State } from '../model/state.ts';
import type { WatchedSite } from './watched-site.ts';

/** What was seen is saved this often where nothing has changed, for Get-FailoverSite. */
const everyMs = 60_000;

/** The monitor's half of the state file: saves what it sees, and notices what other commands write. */
export class StateKeeper {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #changed = new Set<WatchedSite>();
  #savedAt: number;
  #fileTime: number | undefined;
  /** What was written last, until the next look at the file: it need not be read back. */
  #written: WrittenState | undefined;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.#savedAt = clock.monotonic();
  }

  /** To be saved soon. */
  touch(watched: WatchedSite): void {
    this.#changed.add(watched);
  }

  /** Saves what has changed; on a failure it stays to be saved. */
  async save(sites: readonly WatchedSite[]): Promise<void> {
    const now = this.#clock.monotonic();
    const due = now - this.#savedAt >= everyMs ? sites : [...this.#changed];
    if (due.length === 0) return;
    const changes = due.flatMap((watched): [string, Partial<SiteState>][] => {
      const saved = watched.saved();
      return saved === undefined ? [] : [[watched.site.name, saved]];
    });
    this.#written = (await updateState(this.#folder, new Map(changes))) ?? this.#written;
    for (const watched of due) this.#changed.delete(watched);
    if (due === sites) this.#savedAt = now;
  }

  /** Reads the file where it has changed; answers the sites whose state is another than before. */
  async refresh(sites: readonly WatchedSite[]): Promise<WatchedSite[]> {
    const found = await stat(join(this.#folder, 'state.json')).catch(() => undefined);
    if (found?.mtimeMs === this.#fileTime) return [];
    const state = found?.mtimeMs === this.#written?.mtimeMs ? this.#written?.state : undefined;
    this.#written = undefined;
    return this.#adopt(sites, state ?? (await readState(this.#folder)), found?.mtimeMs);
  }

  #adopt(sites: readonly WatchedSite[], state: State, mtimeMs: number | undefined): WatchedSite[] {
    this.#fileTime = mtimeMs;
    return sites.filter((watched) => {
      const before = watched.state;
      // What it has saved itself it knows better, and need not hold twice.
      const after = { ...siteState(state, watched.site.name), probes: undefined, health: undefined };
      watched.state = after;
      return (
        after.forced !== before.forced ||
        after.forcedServer !== before.forcedServer ||
        after.lastSwitch !== before.lastSwitch ||
        after.suspended?.until !== before.suspended?.until
      );
    });
  }
}
