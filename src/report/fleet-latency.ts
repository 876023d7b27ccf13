import type { LatencySeries } from './latency.ts';

/** Percentiles over all sites in each span of time, in whole milliseconds. */
export interface FleetLatency {
  readonly primary: Percentiles;
  readonly failover: Percentiles;
}

interface Percentiles {
  readonly median: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

export function fleetLatency({ times, sites }: LatencySeries): FleetLatency {
  const of = (role: 'primary' | 'failover'): Percentiles => {
    const sorted = times.map((_, index) =>
      sites
        .map((site) => site[role][index] ?? null)
        .filter((value) => value !== null)
        .sort((a, b) => a - b),
    );
    return {
      median: sorted.map((values) => percentile(values, 50)),
      p95: sorted.map((values) => percentile(values, 95)),
    };
  };
  return { primary: of('primary'), failover: of('failover') };
}

/** Nearest rank. */
function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}
