import type { Clock } from '../edge/clock.ts';
import type { HealthCheck, Verification } from './health-check.ts';
import { type Health, healthOf, type Prober, type ProbeResult } from './probe-result.ts';

/** A verdict on one address after as many probes as it took. */
export interface VerifiedProbe {
  readonly health: Health;
  /** Probes made, from 1 to verification.attempts. */
  readonly attempts: number;
  /** The last probe. */
  readonly result: ProbeResult;
}

/**
 * Probes until one succeeds (Up or Degraded) or `attempts` of them failed in a row (Down). A single failure is never believed
 * while attempts is above 1. Unknown where the monitor itself could not probe at any of the attempts.
 */
export async function probeVerified(
  prober: Prober,
  check: HealthCheck,
  address: string,
  verification: Pick<Verification, 'attempts' | 'delayMs'>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<VerifiedProbe> {
  let health: Health = 'down';
  for (let attempts = 1; ; attempts++) {
    const result = await prober.probe(check, address, signal);
    const seen = healthOf(result);
    if (seen === 'up' || seen === 'degraded') return { health: seen, attempts, result };
    if (seen === 'unknown') health = 'unknown';
    if (attempts >= verification.attempts) return { health, attempts, result };
    await clock.sleep(verification.delayMs, signal);
  }
}
