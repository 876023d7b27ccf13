import PQueue from 'p-queue';
import type { Clock } from '../edge/clock.ts';
import {
  combineHealth,
  type Health,
  type HealthCheck,
  type Prober,
  probeVerified,
  type ProbeResult,
  serves,
  type Verification,
} from '../health/index.ts';
import type { SavedProbe } from '../model/state.ts';

/** What was seen of one server for one site. */
export interface Observation {
  readonly health: Health;
  /** The probe that decided. */
  readonly result: ProbeResult;
  /** Probes that it took. */
  readonly attempts: number;
}

/** Probes under way at the same time, over all sites. */
const concurrency = 64;

/** A queue that all probes of a round share. */
export function probeQueue(): PQueue {
  return new PQueue({ concurrency });
}

/** Probes a server at each of its addresses; a failure counts only once it was verified. */
export async function observe(
  queue: PQueue,
  prober: Prober,
  site: { readonly check: HealthCheck; readonly verification: Verification },
  addresses: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  const probes = await Promise.all(
    addresses.map((address) =>
      queue.add(() => probeVerified(prober, site.check, address, site.verification, clock, signal)),
    ),
  );
  const health = combineHealth(probes.map((probe) => probe.health));
  const deciding = probes.find((probe) => probe.health === health) ?? probes[0]!;
  return {
    health,
    result: deciding.result,
    attempts: deciding.attempts,
  };
}

/** How long the answer took, in whole milliseconds; null where none came, as a time-out is not a latency. */
export function answerLatency({ result }: Observation): number | null {
  return result.statusCode === null ? null : Math.round(result.latencyMs);
}

export function savedProbe(seen: Observation): SavedProbe {
  const { health, result } = seen;
  const { time, statusCode, error } = result;
  return {
    time: time.toISOString(),
    healthy: serves({ state: health }),
    statusCode,
    error,
    latencyMs: answerLatency(seen),
  };
}
