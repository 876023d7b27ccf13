import type { LogEntry } from '../edge/log-reader.ts';
import type { ReportEvent } from './data.ts';
import type { LatencyHistory } from './latency.ts';

/** Of the properties of a monitor's event. */
const latencyOf = { primary: 'PrimaryLatency', failover: 'FailoverLatency' } as const;
const roles = ['primary', 'failover'] as const;

/** What a report takes from the logs: the newest events, and the latencies of all rounds. */
export class ReportHistory {
  readonly latency: LatencyHistory;
  readonly #limit: number;
  readonly #isWanted: (entry: LogEntry) => boolean;
  #events: ReportEvent[] = [];
  #dropped = 0;

  /** @param isWanted which entries are events; latencies are taken of all */
  constructor(latency: LatencyHistory, limit: number, isWanted: (entry: LogEntry) => boolean) {
    this.latency = latency;
    this.#limit = limit;
    this.#isWanted = isWanted;
  }

  add(entry: LogEntry): void {
    this.#measure(entry);
    if (!this.#isWanted(entry)) return;
    const { time, site, command, event, message } = entry;
    this.#events.push({ time, site, command, event, message });
    // Logs are read one after the other, so that the oldest are known only when they are sorted.
    if (this.#events.length >= 2 * this.#limit) this.#trim();
  }

  /** The newest events, oldest first, and how many older ones were left out. */
  events(): { readonly events: readonly ReportEvent[]; readonly olderEvents: number } {
    this.#trim();
    return { events: this.#events, olderEvents: this.#dropped };
  }

  #trim(): void {
    this.#events.sort((a, b) => a.time.getTime() - b.time.getTime());
    const surplus = Math.max(0, this.#events.length - this.#limit);
    this.#events = this.#events.slice(surplus);
    this.#dropped += surplus;
  }

  #measure({ site, time, fields }: LogEntry): void {
    if (site === undefined || Number.isNaN(time.getTime())) return;
    for (const role of roles) {
      const value = fields[latencyOf[role]];
      if (typeof value === 'number') this.latency.add(site, role, time, value);
    }
  }
}

/** True for a round in which nothing happened. */
export function isQuietRound({ event, fields }: Pick<LogEntry, 'event' | 'fields'>): boolean {
  return event === 'round' && (fields.Action === 'None' || fields.Action === undefined);
}
