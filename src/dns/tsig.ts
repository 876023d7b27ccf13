import { createHmac, timingSafeEqual } from 'node:crypto';
import { failure } from '../model/failover-error.ts';
import { decodeMessage, type Message, rcode, recordClass } from './message.ts';
import type { GssKey } from './gss/negotiate.ts';
import { uint16 } from './rdata.ts';
import { keyBytes, type TsigKey } from './tsig-key.ts';
import { decodeName, encodeName } from './wire.ts';

/** Seconds by which the clocks of both sides may differ (RFC 8945 section 10 recommends 300). */
const fudge = 300;
const tsigType = 250;

/** The fields of a TSIG record (RFC 8945 section 4.2). */
export interface Tsig {
  readonly keyName: string;
  readonly algorithm: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly fudge: number;
  readonly mac: Buffer;
  readonly originalId: number;
  readonly error: number;
  readonly other: Buffer;
  /** Where the record begins in its message. */
  readonly start: number;
}

/** What a signature depends on besides the message. */
export interface SigningContext {
  /** MAC of the request, where an answer is signed or verified; later in a TCP stream, the MAC before. */
  readonly requestMac?: Buffer;
  /** Messages of a TCP stream since the one with that MAC, which were not signed themselves. */
  readonly unsigned?: readonly Buffer[];
  /** Digest of an answer that follows the first one of a TCP stream: previous MAC, messages, timers only. */
  readonly timersOnly?: boolean;
  readonly error?: number;
  readonly other?: Buffer;
}

/** What signs: a shared key, or a security context (RFC 3645). */
export type SigningKey = TsigKey | GssKey;

/** Adds a TSIG record to a message; the MAC is what the answer's verification needs. */
export function signMessage(
  message: Buffer,
  key: SigningKey,
  now: Date,
  context: SigningContext = {},
): { readonly message: Buffer; readonly mac: Buffer } {
  const fields = {
    keyName: key.name,
    algorithm: key.algorithm,
    time: Math.floor(now.getTime() / 1000),
    fudge,
    error: context.error ?? 0,
    other: context.other ?? Buffer.alloc(0),
  };
  const data = signedData(message, key, fields, context);
  const mac = key.algorithm === 'gss-tsig' ? key.context.sign(Buffer.concat(data)) : hmacOf(data, key);
  return { message: appendTsig(message, fields, mac), mac };
}

/** Appends a TSIG record with this MAC; an empty one says BADKEY or BADSIG unsigned. */
export function appendTsig(
  message: Buffer,
  fields: Omit<Tsig, 'mac' | 'originalId' | 'start'>,
  mac: Buffer,
): Buffer {
  const data = Buffer.concat([
    encodeName(fields.algorithm),
    time48(fields.time),
    uint16(fields.fudge),
    uint16(mac.length),
    mac,
    message.subarray(0, 2),
    uint16(fields.error),
    uint16(fields.other.length),
    fields.other,
  ]);
  const record = Buffer.concat([
    encodeName(fields.keyName),
    uint16(tsigType),
    uint16(recordClass.ANY),
    Buffer.alloc(4),
    uint16(data.length),
    data,
  ]);
  const signed = Buffer.concat([message, record]);
  signed.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
  return signed;
}

/** The TSIG record of a message: the last of its additional section, or undefined. */
export function readTsig(bytes: Buffer, message: Message): Tsig | undefined {
  const record = message.additional.at(-1);
  if (record?.type !== 'TSIG') return undefined;
  try {
    const { name: algorithm, end } = decodeName(bytes, record.dataStart);
    const macLength = bytes.readUInt16BE(end + 8);
    const after = end + 10 + macLength;
    const otherLength = bytes.readUInt16BE(after + 4);
    return {
      keyName: record.name,
      algorithm,
      time: bytes.readUIntBE(end, 6),
      fudge: bytes.readUInt16BE(end + 6),
      mac: bytes.subarray(end + 10, after),
      originalId: bytes.readUInt16BE(after),
      error: bytes.readUInt16BE(after + 2),
      other: bytes.subarray(after + 6, after + 6 + otherLength),
      start: record.start,
    };
  } catch (error) {
    throw failure('DnsAnswerMalformed.tsig', {}, { cause: error });
  }
}

/** The message as it was before its TSIG record was added, with the id that was signed. */
export function withoutTsig(bytes: Buffer, tsig: Tsig): Buffer {
  const bare = Buffer.from(bytes.subarray(0, tsig.start));
  bare.writeUInt16BE(tsig.originalId, 0);
  bare.writeUInt16BE(bare.readUInt16BE(10) - 1, 10);
  return bare;
}

/** Whether the record's MAC is the one that the key gives; a truncated one is not. */
export function macMatches(bytes: Buffer, tsig: Tsig, key: SigningKey, context: SigningContext): boolean {
  const data = signedData(withoutTsig(bytes, tsig), key, tsig, context);
  if (key.algorithm === 'gss-tsig') return key.context.verify(Buffer.concat(data), tsig.mac);
  const expected = hmacOf(data, key);
  return tsig.mac.length === expected.length && timingSafeEqual(tsig.mac, expected);
}

/**
 * Checks the signature of an answer (RFC 8945 section 5.3) and returns its MAC.
 * @param context with the MAC of the request
 * @param server in words, for messages
 * @throws FailoverError DnsKeyUnknown, DnsSignatureWrong, DnsClockSkew (what the server said of our signature),
 *   DnsAnswerNotSigned, DnsAnswerInvalid (what is wrong with its own)
 */
export function verifyAnswer(
  bytes: Buffer,
  key: SigningKey,
  context: SigningContext,
  now: Date,
  server: string,
): Buffer {
  const message = decodeMessage(bytes);
  const tsig = readTsig(bytes, message);
  if (tsig === undefined) throw failure('DnsAnswerNotSigned.all', { server }, { target: server });
  // Answers with these two errors cannot be signed: the server has no key to sign with.
  if (tsig.error === rcode.BADKEY)
    throw failure('DnsKeyUnknown', { server, key: key.name, algorithm: key.algorithm }, { target: server });
  if (tsig.error === rcode.BADSIG)
    throw failure('DnsSignatureWrong.secret', { server, key: key.name }, { target: server });
  if (tsig.keyName !== key.name || tsig.algorithm !== key.algorithm || !macMatches(bytes, tsig, key, context))
    throw failure('DnsAnswerInvalid.key', { server, key: key.name }, { target: server });
  if (tsig.error === rcode.BADTIME) {
    const theirs = tsig.other.length === 6 ? tsig.other.readUIntBE(0, 6) : tsig.time;
    throw failure('DnsClockSkew.refused', { skew: skew(theirs, now), server }, { target: server });
  }
  if (tsig.error !== rcode.NOERROR)
    throw failure('DnsSignatureWrong.rejected', { server, code: tsig.error }, { target: server });
  if (Math.abs(tsig.time - now.getTime() / 1000) > tsig.fudge)
    throw failure('DnsClockSkew.answer', { skew: skew(tsig.time, now), server }, { target: server });
  return tsig.mac;
}

function skew(theirs: number, now: Date): string {
  const seconds = Math.round(now.getTime() / 1000 - theirs);
  return `The clock of this computer is ${Math.abs(seconds)} seconds ${seconds < 0 ? 'behind' : 'ahead of'} that`;
}

function hmacOf(data: readonly Buffer[], key: TsigKey): Buffer {
  const hmac = createHmac(key.algorithm.replace('hmac-', ''), keyBytes(key));
  for (const part of data) hmac.update(part);
  return hmac.digest();
}

/** What the MAC is computed over, in parts (RFC 8945 section 4.3). */
function signedData(
  message: Buffer,
  key: SigningKey,
  fields: Pick<Tsig, 'time' | 'fudge' | 'error' | 'other'>,
  { requestMac, unsigned = [], timersOnly = false }: SigningContext,
): Buffer[] {
  const before = requestMac === undefined ? [] : [uint16(requestMac.length), requestMac];
  const timers = [time48(fields.time), uint16(fields.fudge)];
  if (timersOnly) return [...before, ...unsigned, message, ...timers];
  return [
    ...before,
    ...unsigned,
    message,
    ...[encodeName(key.name), uint16(recordClass.ANY), Buffer.alloc(4)],
    ...[encodeName(key.algorithm), ...timers, uint16(fields.error)],
    ...[uint16(fields.other.length), fields.other],
  ];
}

function time48(seconds: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(seconds, 0, 6);
  return bytes;
}
