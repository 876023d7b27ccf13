import { connect, type Socket } from 'node:net';
import { reason } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { uint16 } from './rdata.ts';
import { describeServer, type DnsServer } from './server.ts';
import type { TsigKey } from './tsig-key.ts';
import { ask, isAnswer } from './udp-sockets.ts';

export interface ExchangeOptions {
  readonly transport: 'udp' | 'tcp';
  /** For one attempt; of an answer of several messages, for each of them. */
  readonly timeoutMs: number;
  /** UDP only: how often the message is sent. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Queries are signed so, and their answers must be; what changes or transfers a zone has a key of its own. */
  readonly signing?: { readonly key: TsigKey; now(): Date };
}

/** Messages of one TCP answer; true from the callback ends the exchange. */
type Collector = (message: Buffer) => boolean;

/** A message that UDP carries unfragmented everywhere (RFC 1035 section 4.2.1). */
const udpLimit = 512;
const truncatedFlag = 0x02;

/**
 * Sends a message and gives the answer with the same id: by UDP while it fits, again where none comes, and by TCP
 * where the message is longer or the answer is cut.
 * @throws FailoverError DnsTimeout, DnsServerUnreachable, Cancelled
 */
export async function exchange(
  server: DnsServer,
  message: Buffer,
  options: ExchangeOptions,
): Promise<Buffer> {
  if (options.transport === 'udp' && message.length <= udpLimit) {
    const answer = await exchangeUdp(server, message, options);
    if ((answer[2]! & truncatedFlag) === 0) return answer;
  }
  return exchangeTcp(server, message, options);
}

/** One question and one answer by TCP. */
export async function exchangeTcp(
  server: DnsServer,
  message: Buffer,
  options: ExchangeOptions,
): Promise<Buffer> {
  let answer: Buffer | undefined;
  await streamTcp(server, message, options, (one) => {
    if (!answers(one, message)) return false;
    answer = one;
    return true;
  });
  return answer!;
}

/**
 * Sends a message by TCP and hands over the messages that come back, until the collector has enough.
 * @throws FailoverError those of exchange, and what the collector throws
 */
export function streamTcp(
  server: DnsServer,
  message: Buffer,
  { timeoutMs, signal }: ExchangeOptions,
  collect: Collector,
): Promise<void> {
  return settled(server, timeoutMs, signal, ({ resolve, reject, progress }) => {
    const frames = new FrameReader();
    const socket: Socket = connect({ host: server.address, port: server.port }, () => {
      socket.write(Buffer.concat([uint16(message.length), message]));
    });
    socket.on('data', (bytes) => {
      try {
        const messages = frames.push(bytes);
        if (messages.some(collect)) resolve();
        // Not for each fragment: a server that drips bytes would never end.
        else if (messages.length > 0) progress();
      } catch (error) {
        reject(error as Error);
      }
    });
    socket.on('error', (error) => reject(unreachable(server, error)));
    socket.on('close', () => reject(unreachable(server, new Error('it closed the connection'))));
    return () => socket.destroy();
  });
}

async function exchangeUdp(server: DnsServer, message: Buffer, options: ExchangeOptions): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendUdp(server, message, options);
    } catch (error) {
      const silent = error instanceof FailoverError && error.id === 'DnsTimeout';
      if (!silent || attempt >= options.attempts) throw error;
    }
  }
}

function sendUdp(
  server: DnsServer,
  message: Buffer,
  { timeoutMs, signal }: ExchangeOptions,
): Promise<Buffer> {
  return settled(server, timeoutMs, signal, ({ resolve, reject }) =>
    ask(server, message, { answered: resolve, failed: (error) => reject(unreachable(server, error)) }),
  );
}

/** An answer has the id of its question and the flag QR. */
function answers(answer: Buffer, message: Buffer): boolean {
  return isAnswer(answer) && answer.readUInt16BE(0) === message.readUInt16BE(0);
}

/** How a running exchange reports. Only the first end counts. */
interface Running<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  /** Something came: the time to wait begins anew. */
  readonly progress: () => void;
}

/**
 * Runs an exchange that ends by itself, when nothing comes for too long, or by the signal.
 * @param start gives the function that releases its socket, which is called once
 */
function settled<T>(
  server: DnsServer,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  start: (running: Running<T>) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return void reject(cancelled());
    let done = false;
    let release = (): void => undefined;
    const finish = (end: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      release();
      end();
    };
    const onAbort = (): void => finish(() => reject(cancelled()));
    const timer = setTimeout(() => finish(() => reject(timedOut(server, timeoutMs))), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      release = start({
        resolve: (value) => finish(() => resolve(value)),
        reject: (error) => finish(() => reject(error)),
        progress: () => void timer.refresh(),
      });
    } catch (error) {
      finish(() => undefined);
      throw error; // which rejects
    }
  });
}

function timedOut(server: DnsServer, timeoutMs: number): FailoverError {
  const name = describeServer(server);
  return failure('DnsTimeout.server', { server: name, timeoutMs }, { target: name });
}

function cancelled(): FailoverError {
  return failure('Cancelled');
}

function unreachable(server: DnsServer, error: Error): FailoverError {
  const name = describeServer(server);
  return failure(
    'DnsServerUnreachable.server',
    { server: name, why: reason(error) },
    { target: name, cause: error },
  );
}

/** Messages out of a TCP stream, each with two octets of length before it, however the bytes are cut. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  push(bytes: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: Buffer[] = [];
    while (this.#rest.length >= 2 && this.#rest.length >= 2 + this.#rest.readUInt16BE(0)) {
      const end = 2 + this.#rest.readUInt16BE(0);
      messages.push(this.#rest.subarray(2, end));
      this.#rest = this.#rest.subarray(end);
    }
    return messages;
  }
}
