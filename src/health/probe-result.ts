import type { HealthCheck } from './health-check.ts';

/**
 * Where a probe failed. `local` is the monitor's own fault (no route, no free port, too many files open): it says
 * nothing about the server.
 */
export type FailureKind = 'connect' | 'timeout' | 'tls' | 'status' | 'body' | 'protocol' | 'local';

/** What one probe saw. */
export interface ProbeResult {
  /** The address that was asked. */
  readonly address: string;
  readonly url: string;
  readonly healthy: boolean;
  /** null where no status line came. */
  readonly statusCode: number | null;
  /** From the start of the connection to the verdict. */
  readonly latencyMs: number;
  /** Whole days, negative once expired; null where the server showed no certificate. */
  readonly certificateDaysLeft: number | null;
  /** Common name, or the first alternative name where there is none. */
  readonly certificateSubject: string | null;
  /** One sentence; null when healthy. */
  readonly error: string | null;
  readonly failure: FailureKind | null;
  /** What a healthy server should be looked after for, such as a certificate that expires soon; null without. */
  readonly warning: string | null;
  /** When the probe began. */
  readonly time: Date;
}

/**
 * Up, Degraded and Down are observations; Degraded serves, with a warning. Unknown means that nothing is known and
 * nothing may follow from it.
 */
export type Health = 'up' | 'degraded' | 'down' | 'unknown';

/** What a single probe says about the server. */
export function healthOf(result: Pick<ProbeResult, 'healthy' | 'failure' | 'warning'>): Health {
  if (result.healthy) return result.warning === null ? 'up' : 'degraded';
  return result.failure === 'local' ? 'unknown' : 'down';
}

/**
 * The health of a server that is probed at several addresses (IPv4 and IPv6): visitors come by each of them, so
 * one Down makes it Down. Addresses that the monitor itself cannot reach (a monitor without IPv6) say nothing.
 */
export function combineHealth(health: readonly Health[]): Health {
  if (health.includes('down')) return 'down';
  if (health.includes('degraded')) return 'degraded';
  return health.includes('up') ? 'up' : 'unknown';
}

/**
 * Asks one address. A server's failure is a result, never an exception; the only rejections are the signal's
 * reason, and a FailoverError for a check or an address that cannot be asked at all. No name is looked up.
 */
export interface Prober {
  probe(check: HealthCheck, address: string, signal?: AbortSignal): Promise<ProbeResult>;
}
