import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type Clock, systemClock } from '../edge/clock.ts';
import { readSecretFile } from '../edge/secret-file.ts';
import { FailoverError } from '../model/failover-error.ts';
import { certificateVerdict } from './certificate.ts';
import { checkUrl, type HealthCheck } from './health-check.ts';
import { HttpAttempt } from './http-attempt.ts';
import { ProbeFailure } from './probe-failure.ts';
import type { Prober, ProbeResult } from './probe-result.ts';
import { redirectTarget } from './redirect.ts';

export interface HttpProberOptions {
  /** Trusted authorities other than Node's own (tls.createSecureContext({ ca })). */
  readonly secureContext?: SecureContext;
  readonly clock?: Clock;
}

/**
 * Probes by HTTP/1.1 over a fresh connection to the given address. The certificate is judged before anything is
 * sent, and the connection is gone when the result is there. A redirect is an answer like any other, unless the check
 * follows it: then over a new connection to the same address, and only within the site.
 */
export class HttpProber implements Prober {
  readonly #secureContext: SecureContext | undefined;
  readonly #clock: Clock;
  /** The same few checks are made again and again. */
  readonly #urls = new WeakMap<HealthCheck, URL>();

  constructor(options: HttpProberOptions = {}) {
    this.#secureContext = options.secureContext;
    this.#clock = options.clock ?? systemClock;
  }

  async probe(check: HealthCheck, address: string, signal?: AbortSignal): Promise<ProbeResult> {
    if (isIP(address) === 0)
      throw new FailoverError('ProbeAddressInvalid', `${address} is not an IPv4 or IPv6 address`, {
        target: address,
      });
    const first = this.#urls.get(check) ?? checkUrl(check);
    this.#urls.set(check, first);
    signal?.throwIfAborted();
    const time = this.#clock.now();
    const started = this.#clock.monotonic();
    const { attempt, failure } = await this.#follow(check, first, address, time, signal);
    const certificate = attempt?.certificate ?? { certificateDaysLeft: null, certificateSubject: null };
    const verdict = certificateVerdict(certificate, check);
    const fault = failure ?? verdict.failure;
    return {
      address,
      url: first.href,
      healthy: fault === null,
      statusCode: attempt?.statusCode ?? null,
      latencyMs: Math.round((this.#clock.monotonic() - started) * 10) / 10,
      ...certificate,
      error: fault?.message ?? null,
      failure: fault?.kind ?? null,
      warning: fault === null ? verdict.warning : null,
      time,
    };
  }

  /** Asks, and asks again where it is redirected to and the check follows; the last attempt and its failure. */
  async #follow(
    check: HealthCheck,
    first: URL,
    address: string,
    now: Date,
    signal?: AbortSignal,
  ): Promise<{ attempt: HttpAttempt | undefined; failure: ProbeFailure | null }> {
    let headers: Readonly<Record<string, string>>;
    try {
      headers = await headersOf(check);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { attempt: undefined, failure: new ProbeFailure('local', why) };
    }
    const ends = this.#clock.monotonic() + check.timeoutMs;
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const options = { check, url, address, headers, now, secureContext: this.#secureContext };
      const attempt = new HttpAttempt(options);
      const failure = await attempt.run(
        redirects === 0 ? check.timeoutMs : Math.max(1, ends - this.#clock.monotonic()),
        signal,
      );
      const { location } = attempt;
      if (failure !== null || location === undefined || (check.redirects ?? 0) === 0)
        return { attempt, failure };
      const next = redirectTarget(url, location, redirects, check);
      if (next instanceof ProbeFailure) return { attempt, failure: next };
      url = next;
    }
  }
}

/** The secret is read for each probe, so that a changed one counts at once. */
async function headersOf({
  headers = {},
  credential,
}: HealthCheck): Promise<Readonly<Record<string, string>>> {
  if (credential === undefined) return headers;
  const password = await readSecretFile(credential.password.file);
  const basic = Buffer.from(`${credential.userName}:${password.reveal()}`, 'utf8').toString('base64');
  return { ...headers, authorization: `Basic ${basic}` };
}
