import { expressionFault } from './expression.ts';
import { failure } from '../model/failover-error.ts';
import type { HealthCheckSettings } from '../settings/schema.ts';

/** What is asked of a web server and what counts as a healthy answer. The address is not part of it. */
export interface HealthCheck {
  readonly scheme: 'http' | 'https' | 'tcp';
  readonly port: number;
  /** Path and query; begins with `/`. */
  readonly path: string;
  readonly method: HttpMethod;
  /** Host header, SNI, and the name that the certificate must be for. */
  readonly hostName: string;
  /** Status codes and ranges that mean healthy: `200`, `200-399`. */
  readonly expectedStatus: readonly string[];
  /** Text (UTF-8) that the body must contain as far as it is read. */
  readonly bodyContains?: string;
  /** Regular expression of RE2's syntax that must match somewhere in it: matching takes linear time. */
  readonly bodyMatches?: string;
  /** Bytes of the body that are read. Default 64 KB. */
  readonly bodyLimit?: number;
  /** Sent beside those of the prober. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For basic authentication. */
  readonly credential?: { readonly userName: string; readonly password: { readonly file: string } };
  /** Redirects that are followed; none by default. */
  readonly redirects?: number;
  /** For the TCP connection, the TLS handshake, and from then to the first line of the answer. Default: timeoutMs. */
  readonly connectTimeoutMs?: number;
  readonly tlsTimeoutMs?: number;
  readonly firstByteTimeoutMs?: number;
  /** For everything, from the start of the connection to the end of the body. */
  readonly timeoutMs: number;
  /** Takes an invalid certificate for valid; subject and days left are reported all the same. */
  readonly ignoreCertificate?: boolean;
  /** Days left below which a certificate is a warning, or a failure. */
  readonly certificateWarnDays?: number;
  readonly certificateFailDays?: number;
}

export type HttpMethod = 'GET' | 'HEAD' | 'OPTIONS' | 'POST';

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
    port: merged.port ?? { https: 443, http: 80, tcp: 80 }[scheme],
    path: merged.path ?? '/',
    method: merged.method ?? 'GET',
    hostName: merged.hostName ?? hostName,
    expectedStatus: merged.expectedStatus ?? ['200-399'],
    timeoutMs: (merged.timeoutSeconds ?? 5) * 1000,
    ignoreCertificate: merged.ignoreCertificate ?? false,
    certificateWarnDays: merged.certificateWarnDays ?? 14,
    certificateFailDays: merged.certificateFailDays ?? 0,
    ...given({
      bodyContains: merged.bodyContains,
      bodyMatches: merged.bodyMatches,
      bodyLimit: merged.bodyKilobytes === undefined ? undefined : merged.bodyKilobytes * 1024,
      headers: merged.headers,
      credential: merged.credential,
      redirects: merged.followRedirects,
      connectTimeoutMs: milliseconds(merged.connectSeconds),
      tlsTimeoutMs: milliseconds(merged.tlsSeconds),
      firstByteTimeoutMs: milliseconds(merged.firstByteSeconds),
    }),
  };
  checkQuestion(check);
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

/** Headers that the prober sets itself: what they would have to say has settings of its own. */
const ownHeaders = ['host', 'authorization', 'connection', 'content-length', 'transfer-encoding', 'upgrade'];

/** @throws FailoverError HealthCheckInvalid where no server could be asked this */
function checkQuestion(check: HealthCheck): void {
  const { hostName, method, scheme, bodyContains, bodyMatches, headers = {} } = check;
  const options = { target: hostName };
  const setting = bodyContains === undefined ? 'bodyMatches' : 'bodyContains';
  if (bodyContains !== undefined || bodyMatches !== undefined) {
    if (method === 'HEAD') throw failure('HealthCheckInvalid.head', { hostName, setting }, options);
    if (scheme === 'tcp') throw failure('HealthCheckInvalid.tcp', { hostName, setting }, options);
  }
  const why = bodyMatches === undefined ? undefined : expressionFault(bodyMatches);
  if (why !== undefined) throw failure('HealthCheckInvalid.expression', { hostName, why }, options);
  for (const [header, value] of Object.entries(headers)) {
    const values = { hostName, header };
    if (ownHeaders.includes(header.toLowerCase()))
      throw failure('HealthCheckInvalid.ownHeader', values, options);
    // RFC 9110 sections 5.1 and 5.5
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header))
      throw failure('HealthCheckInvalid.headerName', values, options);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw failure('HealthCheckInvalid.headerValue', values, options);
  }
}

/** Without what is undefined. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/**
 * The URL of a check: host names in their ASCII form, path percent-encoded, default port left out.
 * @throws FailoverError HealthCheckInvalid where host name and path do not form one
 */
export function checkUrl(check: Pick<HealthCheck, 'scheme' | 'port' | 'path' | 'hostName'>): URL {
  const host = check.hostName.includes(':') ? `[${check.hostName}]` : check.hostName;
  const text = `${check.scheme}://${host}:${check.port}${check.path}`;
  if (!URL.canParse(text) || !check.path.startsWith('/') || /[/\\?#@%\s]/.test(check.hostName)) {
    throw failure('HealthCheckInvalid.url', { url: text }, { target: check.hostName });
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
