import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import { checkBody, checkStatus } from './answer-check.ts';
import { certificateFault, type CertificateFacts, readCertificate } from './certificate.ts';
import type { HealthCheck } from './health-check.ts';
import { type AnswerHead, exchange } from './http-exchange.ts';
import { endpoint, explainFault, explainTimeout, type Phase, ProbeFailure } from './probe-failure.ts';

/** How much of a body is read: enough for a health page, and a bound on what a broken server can make us hold. */
const defaultBodyLimit = 64 * 1024;

export interface AttemptOptions {
  readonly check: HealthCheck;
  /** What is asked: that of the check, or where it was redirected to. */
  readonly url: URL;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly secureContext?: SecureContext | undefined;
}

/** One connection from its start to the verdict. */
export class HttpAttempt {
  statusCode: number | null = null;
  certificate: CertificateFacts = { certificateDaysLeft: null, certificateSubject: null };

  /** Where the answer redirects to, as it says. */
  location: string | undefined;

  readonly #check: HealthCheck;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #where: string;
  readonly #now: Date;
  readonly #socket: Socket;
  #phase: Phase = 'connect';
  #phaseLimit: NodeJS.Timeout | undefined;
  /** The connection failed before anything could have come back from the network. */
  #failedAtOnce = false;
  /** Why the connection was cut off by us; counts before the fault that cutting it off brings about. */
  #cut: ProbeFailure | undefined;

  constructor({ check, url, address, headers, now, secureContext }: AttemptOptions) {
    this.#check = check;
    this.#url = url;
    this.#headers = headers;
    this.#where = endpoint(address, portOf(url));
    this.#now = now;
    this.#socket = open(url, address, secureContext);
    // Reported where it is awaited; a late one must not end the process.
    let atOnce = true;
    afterTicks(() => (atOnce = false));
    this.#socket.on('error', () => (this.#failedAtOnce = atOnce));
  }

  /**
   * The failure, or null for a healthy server. Rejects only with the reason of the signal.
   * @param leftMs of the check's time for everything
   */
  async run(leftMs: number, signal?: AbortSignal): Promise<ProbeFailure | null> {
    const cutOff = (): void => void this.#socket.destroy(new Error('cut off'));
    signal?.addEventListener('abort', cutOff, { once: true });
    const total = this.#limit(leftMs, this.#check.timeoutMs);
    try {
      this.#enter('connect', this.#check.connectTimeoutMs);
      await this.#connect();
      await this.#exchange();
      return null;
    } catch (error) {
      signal?.throwIfAborted();
      return this.#cut ?? explainFault(error, this.#phase, this.#where, this.#failedAtOnce);
    } finally {
      signal?.removeEventListener('abort', cutOff);
      clearTimeout(total);
      clearTimeout(this.#phaseLimit);
      this.#socket.destroy();
    }
  }

  #enter(phase: Phase, limitMs?: number): void {
    this.#phase = phase;
    clearTimeout(this.#phaseLimit);
    this.#phaseLimit = limitMs === undefined ? undefined : this.#limit(limitMs);
  }

  /** When our own process was held up, the answer may be waiting unread: one more turn to read it. */
  #limit(ms: number, toldMs = ms): NodeJS.Timeout {
    return setTimeout(() => {
      setImmediate(() => {
        this.#cut ??= explainTimeout(this.#phase, this.#where, toldMs);
        this.#socket.destroy(this.#cut);
      });
    }, ms);
  }

  async #connect(): Promise<void> {
    await arrival(this.#socket, 'connect');
    if (!(this.#socket instanceof TLSSocket)) return;
    this.#enter('handshake', this.#check.tlsTimeoutMs);
    await arrival(this.#socket, 'secureConnect');
    this.certificate = readCertificate(this.#socket, this.#now);
    const fault = certificateFault(this.#socket, this.certificate, hostOf(this.#url));
    if (fault !== undefined && this.#check.ignoreCertificate !== true) throw new ProbeFailure('tls', fault);
  }

  async #exchange(): Promise<void> {
    this.#enter('answer', this.#check.firstByteTimeoutMs);
    const body = await exchange(this.#socket, {
      method: this.#check.method,
      url: this.#url,
      headers: this.#headers,
      bodyLimit: this.#check.bodyLimit ?? defaultBodyLimit,
      onHead: (head) => this.#judge(head),
    });
    if (!this.#isFollowed()) checkBody(body, this.#check);
  }

  /** Whether the body is needed. @throws ProbeFailure for a status that is not expected */
  #judge({ status, location }: AnswerHead): boolean {
    this.statusCode = status;
    this.location = isRedirect(status) ? location : undefined;
    if (this.#isFollowed()) return false;
    checkStatus(status, this.#check);
    this.#enter('body');
    return true;
  }

  #isFollowed(): boolean {
    return this.location !== undefined && (this.#check.redirects ?? 0) > 0;
  }
}

/** Connects to the address itself: with an IP address as host neither net nor tls looks a name up. */
function open(url: URL, address: string, secureContext?: SecureContext): Socket {
  const port = portOf(url);
  if (url.protocol === 'http:') return connectTcp({ host: address, port });
  const host = hostOf(url);
  return connectTls({
    host: address,
    port,
    // SNI carries names only (RFC 6066 section 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ALPNProtocols: ['http/1.1'],
    // Judged by certificateFault, so that what is wrong and the days left can both be told.
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** The host of a URL without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** RFC 9110 section 15.4; 304 and 300 name no other place to ask. */
function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** events.once at half its price; what a connection that is destroyed without an error ends with is no arrival. */
function arrival(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
  });
}

/**
 * Calls back when all that a call has brought about at once has happened, and before the event loop goes on: an error
 * of a system call is emitted a few ticks later. setImmediate would say the same, but have the loop poll at each probe.
 */
function afterTicks(done: () => void, ticks = 10): void {
  if (ticks === 0) done();
  else process.nextTick(afterTicks, done, ticks - 1);
}
