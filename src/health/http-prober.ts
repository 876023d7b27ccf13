import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type Clock, systemClock } from '../edge/clock.ts';
import { readSecretFile } from '../edge/secret-file.ts';
import { failure } from '../model/failover-error.ts';
import { certificateVerdict, noCertificate } from './certificate.ts';
import { checkUrl, type HealthCheck } from './health-check.ts';
import { HttpAttempt } from './http-attempt.ts';
import { requestText } from './http-request.ts';
import { ProbeFailure } from './probe-failure.ts';
import type { Prober, ProbeResult } from './probe-result.ts';
import { redirectTarget } from './redirect.ts';

export interface HttpProberOptions {
  /** Trusted authorities other than Node's own (tls.createSecureContext({ ca })). */
  readonly secureContext?: SecureContext;
  readonly clock?: Clock;
}

/** What a check asks first, and the request, which is always the same but for a credential. */
interface FirstRequest {
  readonly url: URL;
  readonly text: string;
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
  readonly #firsts = new WeakMap<HealthCheck, FirstRequest>();

  constructor(options: HttpProberOptions = {}) {
    this.#secureContext = options.secureContext;
    this.#clock = options.clock ?? systemClock;
  }

  async probe(check: HealthCheck, address: string, signal?: AbortSignal): Promise<ProbeResult> {
    if (isIP(address) === 0) throw failure('ProbeAddressInvalid', { address }, { target: address });
    const first = this.#firstOf(check);
    signal?.throwIfAborted();
    const time = this.#clock.now();
    const started = this.#clock.monotonic();
    const { attempt, failure: problem } = await this.#follow(check, first, address, time, started, signal);
    const certificate = attempt?.certificate ?? noCertificate;
    const verdict = certificateVerdict(certificate, check);
    const fault = problem ?? verdict.failure;
    return {
      address,
      url: first.url.href,
      healthy: fault === null,
      statusCode: attempt?.statusCode ?? null,
      latencyMs: Math.round((this.#clock.monotonic() - started) * 10) / 10,
      certificateDaysLeft: certificate.certificateDaysLeft,
      certificateSubject: certificate.certificateSubject,
      error: fault?.message ?? null,
      failure: fault?.kind ?? null,
      warning: fault === null ? verdict.warning : null,
      time,
    };
  }

  #firstOf(check: HealthCheck): FirstRequest {
    const known = this.#firsts.get(check);
    if (known !== undefined) return known;
    const url = checkUrl(check);
    const first = { url, text: requestText(check.method, url, check.headers) };
    this.#firsts.set(check, first);
    return first;
  }

  /** Asks, and asks again where it is redirected to and the check follows; the last attempt and its failure. */
  async #follow(
    check: HealthCheck,
    first: FirstRequest,
    address: string,
    now: Date,
    started: number,
    signal?: AbortSignal,
  ): Promise<{ attempt: HttpAttempt | undefined; failure: ProbeFailure | null }> {
    const secureContext = this.#secureContext;
    let headers = check.headers;
    let { url, text: request } = first;
    if (check.credential !== undefined) {
      try {
        headers = { ...headers, authorization: await authorizationOf(check.credential) };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { attempt: undefined, failure: new ProbeFailure('local', why) };
      }
      request = requestText(check.method, url, headers);
    }
    let leftMs = check.timeoutMs;
    for (let redirects = 0; ; redirects++) {
      const attempt = new HttpAttempt({ check, url, address, request, now, secureContext });
      const failure = await attempt.run(leftMs, signal);
      const { location } = attempt;
      if (failure !== null || location === undefined || (check.redirects ?? 0) === 0)
        return { attempt, failure };
      const next = redirectTarget(url, location, redirects, check);
      if (next instanceof ProbeFailure) return { attempt, failure: next };
      url = next;
      request = requestText(check.method, url, headers);
      leftMs = Math.max(1, started + check.timeoutMs - this.#clock.monotonic());
    }
  }
}

/** The secret is read for each probe, so that a changed one counts at once. */
async function authorizationOf({
  userName,
  password,
}: NonNullable<HealthCheck['credential']>): Promise<string> {
  const secret = await readSecretFile(password.file);
  return `Basic ${Buffer.from(`${userName}:${secret.reveal()}`, 'utf8').toString('base64')}`;
}
