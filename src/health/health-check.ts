import { FailoverError } from '../model/failover-error.ts';
import type { HealthCheckSettings } from '../settings/schema.ts';

/** What is asked of a web server and what counts as a healthy answer. The address is not part of it. */
export interface HealthCheck {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Path and query; begins with `/`. */
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  /** Host header, SNI, and the name that the certificate must be for. */
  readonly hostName: string;
  /** Status codes and ranges that mean healthy: `200`, `200-399`. */
  readonly expectedStatus: readonly string[];
  /** Text (UTF-8) that the first 64 KB of the body must contain. */
  readonly bodyContains?: string;
  /** For the connection, TLS handshake included. Default: timeoutMs. */
  readonly connectTimeoutMs?: number;
  /** For everything, from the start of the connection to the end of the body. */
  readonly timeoutMs: number;
  /** Takes an invalid certificate for valid; subject and days left are reported all the same. */
  readonly ignoreCertificate?: boolean;
}

/** How often a failure, or a recovery, must repeat before it is believed. */
export interface Verification {
  /** Failed probes in a row that make a server Down, the first one included; at least 1. */
  readonly attempts: number;
  /** Pause between them in milliseconds. */
  readonly delayMs: number;
  /** Good checks in a row that make a server that was Down Up again; at least 1. */
  readonly upAfter: number;
  /** Time between two checks of the continuous monitor, in milliseconds. */
  readonly intervalMs: number;
}

/**
 * The check and verification of one site: its own settings over those of the file over the defaults.
 * @throws FailoverError HealthCheckInvalid where the combination cannot be asked of any server
 */
export function healthCheckOf(
  hostName: string,
  site: HealthCheckSettings = {},
  defaults: HealthCheckSettings = {},
): { check: HealthCheck; verification: Verification } {
  const merged = { ...defaults, ...site };
  const scheme = merged.scheme ?? 'http';
  const check: HealthCheck = {
    scheme,
    port: merged.port ?? (scheme === 'https' ? 443 : 80),
    path: merged.path ?? '/',
    method: merged.method ?? 'GET',
    hostName: merged.hostName ?? hostName,
    expectedStatus: merged.expectedStatus ?? ['200-399'],
    timeoutMs: (merged.timeoutSeconds ?? 5) * 1000,
    ignoreCertificate: merged.ignoreCertificate ?? false,
    ...(merged.bodyContains === undefined ? {} : { bodyContains: merged.bodyContains }),
  };
  if (check.method === 'HEAD' && check.bodyContains !== undefined) {
    throw new FailoverError(
      'HealthCheckInvalid',
      `The health check of ${check.hostName} asks with HEAD, whose answer has no body to find bodyContains in`,
      { target: check.hostName },
    );
  }
  checkUrl(check);
  return {
    check,
    verification: {
      attempts: merged.attempts ?? 3,
      delayMs: (merged.retrySeconds ?? 1) * 1000,
      upAfter: merged.upAfter ?? 1,
      intervalMs: (merged.intervalSeconds ?? 10) * 1000,
    },
  };
}

/**
 * The URL of a check: host names in their ASCII form, path percent-encoded, default port left out.
 * @throws FailoverError HealthCheckInvalid where host name and path do not form one
 */
export function checkUrl(check: Pick<HealthCheck, 'scheme' | 'port' | 'path' | 'hostName'>): URL {
  const host = check.hostName.includes(':') ? `[${check.hostName}]` : check.hostName;
  const text = `${check.scheme}://${host}:${check.port}${check.path}`;
  if (!URL.canParse(text) || !check.path.startsWith('/') || /[/\\?#@%\s]/.test(check.hostName)) {
    throw new FailoverError('HealthCheckInvalid', `${text} is not a URL that can be probed`, {
      target: check.hostName,
    });
  }
  return new URL(text);
}

/** True where the status code is one of, or within one of, `200` and `200-399`. */
export function statusMatches(status: number, expected: readonly string[]): boolean {
  return expected.some((range) => {
    const [low = '', high = low] = range.split('-');
    return Number(low) <= status && status <= Number(high);
  });
}
