import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { checkBody, checkStatus } from './answer-check.ts';
import { certificateFault, type CertificateFacts, noCertificate, readCertificate } from './certificate.ts';
import type { HealthCheck } from './health-check.ts';
import { type AnswerHead, HttpAnswer } from './http-answer.ts';
import { hostOf, openSocket, portOf } from './http-socket.ts';
import { endpoint, explainFault, explainTimeout, type Phase, ProbeFailure } from './probe-failure.ts';

/** How much of a body is read: enough for a health page, and a bound on what a broken server can make us hold. */
const defaultBodyLimit = 64 * 1024;

export interface AttemptOptions {
  readonly check: HealthCheck;
  /** What is asked: that of the check, or where it was redirected to. */
  readonly url: URL;
  readonly address: string;
  /** Head of the request, in latin1. */
  readonly request: string;
  readonly now: Date;
  readonly secureContext?: SecureContext | undefined;
}

/**
 * One connection from its start to the verdict. It is the work of the monitor, thousands of times a second: what
 * happens is handled where it happens, without promises and streams in between.
 */
export class HttpAttempt {
  statusCode: number | null = null;
  certificate: CertificateFacts = noCertificate;

  /** Where the answer redirects to, as it says. */
  location: string | undefined;

  readonly #options: AttemptOptions;
  readonly #check: HealthCheck;
  readonly #answer: HttpAnswer;
  #socket!: Socket;
  #phase: Phase = 'connect';
  #phaseLimit: NodeJS.Timeout | undefined;
  /** The connection failed before anything could have come back from the network. */
  #failedAtOnce = false;
  #settled = false;
  /** Takes the verdict, the first one. */
  #settle!: (failure: ProbeFailure | null) => void;

  constructor(options: AttemptOptions) {
    const { check } = options;
    this.#options = options;
    this.#check = check;
    this.#answer = new HttpAnswer(check.method, check.bodyLimit ?? defaultBodyLimit, (head) =>
      this.#judge(head),
    );
  }

  /**
   * The failure, or null for a healthy server. Rejects only with the reason of the signal.
   * @param leftMs of the check's time for everything
   */
  run(leftMs: number, signal?: AbortSignal): Promise<ProbeFailure | null> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const settle = (failure: ProbeFailure | null): void => {
        if (this.#settled) return;
        this.#settled = true;
        signal?.removeEventListener('abort', abort);
        clearTimeout(total);
        clearTimeout(this.#phaseLimit);
        this.#socket.destroy();
        if (signal?.aborted === true) reject(signal.reason as Error);
        else resolve(failure);
      };
      const abort = (): void => settle(null);
      this.#settle = settle;
      const total = this.#limit(leftMs, this.#check.timeoutMs);
      signal?.addEventListener('abort', abort);
      this.#open();
    });
  }

  #open(): void {
    const { url, address, secureContext } = this.#options;
    this.#enter('connect', this.#check.connectTimeoutMs);
    const socket = openSocket(url, address, secureContext, (bytes) => this.#received(bytes));
    this.#socket = socket;
    // net calls the system in the next tick; where the call itself failed the socket is destroyed right after.
    process.nextTick(() => (this.#failedAtOnce = socket.destroyed));
    socket.on('connect', () => this.#connected());
    // These stay: a fault that comes late must not end the process.
    socket.on('error', (error) => this.#fail(error));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
  }

  #enter(phase: Phase, limitMs?: number): void {
    this.#phase = phase;
    clearTimeout(this.#phaseLimit);
    this.#phaseLimit = limitMs === undefined ? undefined : this.#limit(limitMs);
  }

  /** When our own process was held up, the answer may be waiting unread: one more turn to read it. */
  #limit(ms: number, toldMs = ms): NodeJS.Timeout {
    return setTimeout(
      () => setImmediate(() => this.#settle(explainTimeout(this.#phase, this.#where(), toldMs))),
      ms,
    );
  }

  #connected(): void {
    const socket = this.#socket;
    if (!(socket instanceof TLSSocket)) return this.#ask();
    this.#enter('handshake', this.#check.tlsTimeoutMs);
    socket.once('secureConnect', () => {
      this.certificate = readCertificate(socket, this.#options.now);
      const fault = certificateFault(socket, this.certificate, hostOf(this.#options.url));
      if (fault === undefined || this.#check.ignoreCertificate === true) this.#ask();
      else this.#fail(new ProbeFailure('tls', fault));
    });
  }

  #ask(): void {
    this.#enter('answer', this.#check.firstByteTimeoutMs);
    this.#socket.write(this.#options.request, 'latin1');
  }

  #received(bytes: Buffer): void {
    if (this.#settled) return;
    try {
      const body = this.#answer.read(bytes);
      if (body !== undefined) this.#complete(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  #ended(): void {
    if (this.#settled || this.#phase === 'connect' || this.#phase === 'handshake') return;
    try {
      this.#complete(this.#answer.end());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @throws ProbeFailure */
  #complete(body: Buffer): void {
    if (!this.#isFollowed()) checkBody(body, this.#check);
    this.#settle(null);
  }

  #fail(error: unknown): void {
    this.#settle(explainFault(error, this.#phase, this.#where(), this.#failedAtOnce));
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

  #where(): string {
    return endpoint(this.#options.address, portOf(this.#options.url));
  }
}

/** RFC 9110 section 15.4; 304 and 300 name no other place to ask. */
function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
