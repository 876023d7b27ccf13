import type { TsigKey } from '../../src/dns/index.ts';
import { type Message, rcode } from '../../src/dns/message.ts';
import { appendTsig, macMatches, readTsig, signMessage, type Tsig } from '../../src/dns/tsig.ts';

/** Signs the messages of an answer. */
export type Signer = (messages: readonly Buffer[]) => Buffer[];

export interface Signature {
  /** NOTAUTH where the signature is wrong, FORMERR where a TSIG record stands in the wrong place. */
  readonly rcode: number;
  /** True where the request was signed by the key. */
  readonly signed: boolean;
  readonly signer: Signer;
}

/**
 * RFC 8945 section 5.2, in its order.
 *
 * | the request | code | the answer's TSIG |
 * |---|---|---|
 * | has none | NOERROR | none |
 * | has one that is not the last record | FORMERR | none |
 * | names another key or algorithm | NOTAUTH | unsigned, BADKEY |
 * | has another MAC | NOTAUTH | unsigned, BADSIG |
 * | was signed at another time than now, give or take its fudge | NOTAUTH | signed, BADTIME and our time |
 * | is signed | NOERROR | signed |
 */
export function checkSignature(bytes: Buffer, message: Message, key: TsigKey, now: Date): Signature {
  const unsigned: Signer = (answer) => [...answer];
  const misplaced = [...message.answer, ...message.authority, ...message.additional.slice(0, -1)];
  if (misplaced.some((record) => record.type === 'TSIG'))
    return { rcode: rcode.FORMERR, signed: false, signer: unsigned };
  const tsig = readTsig(bytes, message);
  if (tsig === undefined) return { rcode: rcode.NOERROR, signed: false, signer: unsigned };
  const refuse = (sign: (message: Buffer) => Buffer): Signature => ({
    rcode: rcode.NOTAUTH,
    signed: false,
    signer: (answer) => answer.map(sign),
  });
  if (tsig.keyName !== key.name || tsig.algorithm !== key.algorithm) {
    return refuse((answer) => withError(answer, tsig, rcode.BADKEY));
  }
  if (!macMatches(bytes, tsig, key, {})) return refuse((answer) => withError(answer, tsig, rcode.BADSIG));
  const seconds = Math.floor(now.getTime() / 1000);
  if (Math.abs(seconds - tsig.time) > tsig.fudge) {
    const other = Buffer.alloc(6);
    other.writeUIntBE(seconds, 0, 6);
    const context = { requestMac: tsig.mac, error: rcode.BADTIME, other };
    return refuse((answer) => signMessage(answer, key, new Date(tsig.time * 1000), context).message);
  }
  return { rcode: rcode.NOERROR, signed: true, signer: chain(key, tsig.mac, now) };
}

/** RFC 8945 section 5.3.1: each message of a TCP answer is signed together with the MAC of the one before. */
function chain(key: TsigKey, requestMac: Buffer, now: Date): Signer {
  return (answer) => {
    let previous = requestMac;
    return answer.map((one, index) => {
      const context = { requestMac: previous, timersOnly: index > 0 };
      const { message, mac } = signMessage(one, key, now, context);
      previous = mac;
      return message;
    });
  };
}

function withError(answer: Buffer, tsig: Tsig, error: number): Buffer {
  return appendTsig(answer, { ...tsig, error, other: Buffer.alloc(0) }, Buffer.alloc(0));
}
