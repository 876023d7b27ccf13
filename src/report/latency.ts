import type { ServerRole } from '../model/state.ts';

/** Mean latencies in equal spans of time, in whole milliseconds; null where none was measured. */
export interface LatencySeries {
  /** Unix time in seconds at which each span begins. */
  readonly times: readonly number[];
  readonly sites: readonly SiteLatency[];
}

export interface SiteLatency {
  readonly site: string;
  readonly primary: readonly (number | null)[];
  readonly failover: readonly (number | null)[];
}

/** Spans of a chart. */
const mostSpans = 288;
/** Values in a page, over all sites and both servers. */
const mostValues = 100_000;

interface Sums {
  sum: number;
  count: number;
}

/** Gathers latencies, in a memory that depends on the sites and not on the measurements. */
export class LatencyHistory {
  readonly #spanMs: number;
  readonly #durationMs: number;
  readonly #spans: number;
  /** Keyed by role and site, then by the number of the span since 1970. */
  readonly #sums = new Map<string, Map<number, Sums>>();

  /** @param sites how many there are at most: more sites have longer spans */
  constructor(durationMs: number, sites: number) {
    this.#spans = Math.max(24, Math.min(mostSpans, Math.floor(mostValues / (2 * Math.max(1, sites)))));
    this.#durationMs = durationMs;
    this.#spanMs = Math.max(1000, Math.ceil(durationMs / this.#spans / 1000) * 1000);
  }

  add(site: string, role: ServerRole, time: Date, latencyMs: number): void {
    const key = keyOf(site, role);
    let sums = this.#sums.get(key);
    if (sums === undefined) this.#sums.set(key, (sums = new Map<number, Sums>()));
    const span = Math.floor(time.getTime() / this.#spanMs);
    const found = sums.get(span);
    if (found === undefined) sums.set(span, { sum: latencyMs, count: 1 });
    else {
      found.sum += latencyMs;
      found.count += 1;
    }
    if (sums.size > 2 * this.#spans) this.#forget(sums, time);
  }

  #forget(sums: Map<number, Sums>, now: Date): void {
    const first = Math.floor((now.getTime() - this.#durationMs) / this.#spanMs);
    for (const span of sums.keys()) if (span < first) sums.delete(span);
  }

  /** The spans up to `until`, without those before the first measurement; sites without any are left out. */
  series(sites: readonly string[], until: Date): LatencySeries {
    const last = Math.floor(until.getTime() / this.#spanMs);
    const earliest = Math.floor((until.getTime() - this.#durationMs) / this.#spanMs);
    const measured = sites.flatMap((site) =>
      (['primary', 'failover'] as const).flatMap((role) => [
        ...(this.#sums.get(keyOf(site, role))?.keys() ?? []),
      ]),
    );
    const first = measured.reduce(
      (least, span) => (span >= earliest && span < least ? span : least),
      last + 1,
    );
    const spans = Array.from({ length: last + 1 - first }, (_, index) => first + index);
    const values = (site: string, role: ServerRole): (number | null)[] => {
      const sums = this.#sums.get(keyOf(site, role));
      return spans.map((span) => {
        const found = sums?.get(span);
        return found === undefined ? null : Math.round(found.sum / found.count);
      });
    };
    return {
      times: spans.map((span) => (span * this.#spanMs) / 1000),
      sites: sites
        .map((site) => ({ site, primary: values(site, 'primary'), failover: values(site, 'failover') }))
        .filter(({ primary, failover }) => [...primary, ...failover].some((value) => value !== null)),
    };
  }
}

function keyOf(site: string, role: ServerRole): string {
  return `${role} ${site.toLowerCase()}`;
}
