import { failure, type FailoverError } from '../model/failover-error.ts';
import { decodeMessage } from './message.ts';
import { readTsig, verifyAnswer } from './tsig.ts';
import type { TsigKey } from './tsig-key.ts';

/** So many messages of a stream may go by without a signature (RFC 8945 section 5.3.1). */
const unsignedLimit = 99;

/**
 * Verifies the messages of one answer in a TCP stream, as a zone transfer has them (RFC 8945 section 5.3.1): the
 * first and the last are signed, each signature covers what went by since the one before.
 */
export class StreamVerifier {
  readonly #key: TsigKey;
  readonly #now: () => Date;
  readonly #server: string;
  #mac: Buffer;
  #unsigned: Buffer[] = [];
  #first = true;

  /** @param server in words, for messages */
  constructor(key: TsigKey, requestMac: Buffer, now: () => Date, server: string) {
    this.#key = key;
    this.#mac = requestMac;
    this.#now = now;
    this.#server = server;
  }

  /** @throws FailoverError those of verifyAnswer */
  push(bytes: Buffer): void {
    const signed = readTsig(bytes, decodeMessage(bytes)) !== undefined;
    if (!signed && !this.#first) {
      if (this.#unsigned.push(bytes) > unsignedLimit) throw this.#notSigned();
      return;
    }
    const context = { requestMac: this.#mac, unsigned: this.#unsigned, timersOnly: !this.#first };
    this.#mac = verifyAnswer(bytes, this.#key, context, this.#now(), this.#server);
    this.#unsigned = [];
    this.#first = false;
  }

  /** The stream is whole. @throws FailoverError DnsAnswerNotSigned where its last message was not signed */
  end(): void {
    if (this.#first || this.#unsigned.length > 0) throw this.#notSigned();
  }

  #notSigned(): FailoverError {
    return failure('DnsAnswerNotSigned.partly', { server: this.#server }, { target: this.#server });
  }
}
