import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import { type Clock, systemClock } from '../edge/clock.ts';
import { FailoverError } from '../model/failover-error.ts';
import { certificateFault, type CertificateFacts, readCertificate } from './certificate.ts';
import { checkUrl, type HealthCheck, statusMatches } from './health-check.ts';
import { endpoint, explainFault, explainTimeout, type Phase, ProbeFailure } from './probe-failure.ts';
import type { Prober, ProbeResult } from './probe-result.ts';

/** How much of a body is read: enough for a health page, and a bound on what a broken server can make us hold. */
const bodyLimit = 64 * 1024;

export interface HttpProberOptions {
  /** Trusted authorities other than Node's own (tls.createSecureContext({ ca })). */
  readonly secureContext?: SecureContext;
  readonly clock?: Clock;
}

/**
 * Probes by HTTP/1.1 over a fresh connection to the given address. The certificate is judged before anything is
 * sent, a redirect is an answer like any other, and the connection is gone when the result is there.
 */
export class HttpProber implements Prober {
  readonly #secureContext: SecureContext | undefined;
  readonly #clock: Clock;

  constructor(options: HttpProberOptions = {}) {
    this.#secureContext = options.secureContext;
    this.#clock = options.clock ?? systemClock;
  }

  async probe(check: HealthCheck, address: string, signal?: AbortSignal): Promise<ProbeResult> {
    if (isIP(address) === 0)
      throw new FailoverError('ProbeAddressInvalid', `${address} is not an IPv4 or IPv6 address`, {
        target: address,
      });
    const url = checkUrl(check);
    signal?.throwIfAborted();
    const time = this.#clock.now();
    const started = this.#clock.monotonic();
    const attempt = new Attempt(check, url, address, time, this.#secureContext);
    const failure = await attempt.run(signal);
    return {
      address,
      url: url.href,
      healthy: failure === null,
      statusCode: attempt.statusCode,
      latencyMs: Math.round((this.#clock.monotonic() - started) * 10) / 10,
      ...attempt.certificate,
      error: failure === null ? null : failure.message,
      failure: failure === null ? null : failure.kind,
      warning: null,
      time,
    };
  }
}

/** One connection from its start to the verdict. */
class Attempt {
  statusCode: number | null = null;
  certificate: CertificateFacts = { certificateDaysLeft: null, certificateSubject: null };

  readonly #check: HealthCheck;
  readonly #url: URL;
  readonly #where: string;
  readonly #now: Date;
  readonly #socket: Socket;
  #phase: Phase = 'connect';
  /** Why the connection was cut off by us; counts before the fault that cutting it off brings about. */
  #cut: ProbeFailure | undefined;

  constructor(check: HealthCheck, url: URL, address: string, now: Date, secureContext?: SecureContext) {
    this.#check = check;
    this.#url = url;
    this.#where = endpoint(address, check.port);
    this.#now = now;
    this.#socket = open(check, url, address, secureContext);
    this.#socket.on('error', () => undefined); // reported where it is awaited; a late one must not end the process
  }

  /** The failure, or null for a healthy server. Rejects only with the reason of the signal. */
  async run(signal?: AbortSignal): Promise<ProbeFailure | null> {
    const { connectTimeoutMs, timeoutMs } = this.#check;
    const cutOff = (): void => void this.#socket.destroy(new Error('cut off'));
    signal?.addEventListener('abort', cutOff, { once: true });
    const total = this.#limit(timeoutMs);
    const connecting = this.#limit(Math.min(connectTimeoutMs ?? timeoutMs, timeoutMs));
    let immediate = true;
    const turn = setImmediate(() => (immediate = false));
    try {
      await this.#connect();
      clearTimeout(connecting);
      await this.#exchange();
      return null;
    } catch (error) {
      signal?.throwIfAborted();
      return this.#cut ?? explainFault(error, this.#phase, this.#where, immediate);
    } finally {
      signal?.removeEventListener('abort', cutOff);
      clearTimeout(total);
      clearTimeout(connecting);
      clearImmediate(turn);
      this.#socket.destroy();
    }
  }

  /** When our own process was held up, the answer may be waiting unread: one more turn to read it. */
  #limit(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      setImmediate(() => {
        this.#cut ??= explainTimeout(this.#phase, this.#where, ms);
        this.#socket.destroy(this.#cut);
      });
    }, ms);
  }

  async #connect(): Promise<void> {
    await once(this.#socket, 'connect');
    if (!(this.#socket instanceof TLSSocket)) return;
    this.#phase = 'handshake';
    await once(this.#socket, 'secureConnect');
    this.certificate = readCertificate(this.#socket, this.#now);
    const fault = certificateFault(this.#socket, this.certificate, this.#check.hostName);
    if (fault !== undefined && this.#check.ignoreCertificate !== true) throw new ProbeFailure('tls', fault);
  }

  async #exchange(): Promise<void> {
    this.#phase = 'answer';
    const { expectedStatus, bodyContains } = this.#check;
    const response = await this.#ask();
    const status = response.statusCode ?? 0;
    this.statusCode = status;
    if (!statusMatches(status, expectedStatus))
      throw new ProbeFailure('status', `The answer was ${status}, expected is ${expectedStatus.join(', ')}`);
    this.#phase = 'body';
    const body = await readBody(response);
    if (bodyContains !== undefined && !body.includes(bodyContains))
      throw new ProbeFailure('body', `The answer does not contain ${JSON.stringify(bodyContains)}`);
  }

  async #ask(): Promise<IncomingMessage> {
    const sent = request({
      createConnection: () => this.#socket,
      method: this.#check.method,
      path: this.#url.pathname + this.#url.search,
      headers: { host: this.#url.host, 'user-agent': 'IisFailover', accept: '*/*' },
    });
    sent.on('error', () => undefined); // as for the socket
    sent.once('upgrade', () => sent.emit('error', new Error('it switched protocols')));
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined); // as for the socket
    return response;
  }
}

/** Connects to the address itself: with an IP address as host neither net nor tls looks a name up. */
function open(check: HealthCheck, url: URL, address: string, secureContext?: SecureContext): Socket {
  if (check.scheme === 'http') return connectTcp({ host: address, port: check.port });
  const isName = isIP(check.hostName) === 0;
  return connectTls({
    host: address,
    port: check.port,
    // SNI carries names only (RFC 6066 section 3).
    ...(isName ? { servername: url.hostname } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ALPNProtocols: ['http/1.1'],
    // Judged by certificateFault, so that what is wrong and the days left can both be told.
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) =>
      checkServerIdentity(isName ? url.hostname : check.hostName, certificate),
  });
}

/** Up to bodyLimit bytes; rejects where the body breaks off before its announced end. */
async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bodyLimit) break;
  }
  return Buffer.concat(chunks).subarray(0, bodyLimit);
}
