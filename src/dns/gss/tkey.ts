import { failure } from '../../model/failover-error.ts';
import { header, type Message, recordClass } from '../message.ts';
import { uint16 } from '../rdata.ts';
import { typeNumber, decodeName, encodeName } from '../wire.ts';

/** TKEY mode 3, GSS-API negotiation (RFC 2930 section 2.5). */
const gssMode = 3;
export const gssAlgorithm = 'gss-tsig';

/** The fields of a TKEY record that matter in this mode (RFC 2930 section 2). */
export interface Tkey {
  readonly name: string;
  readonly algorithm: string;
  readonly mode: number;
  /** 0 or 16 to 21: BADSIG, BADKEY, BADTIME, BADMODE, BADNAME, BADALG. */
  readonly error: number;
  readonly token: Buffer;
}

/**
 * A query that carries a token of the negotiation (RFC 3645 section 3.1.2): the record stands in the additional
 * section (RFC 2930 section 3).
 * @param now begins the lifetime that is asked for, a day; the context's own is shorter
 */
export function encodeTkeyQuery(id: number, name: string, token: Buffer, now: Date): Buffer {
  const type = uint16(typeNumber('TKEY')!);
  const anyClass = uint16(recordClass.ANY);
  const seconds = Math.floor(now.getTime() / 1000);
  const data = Buffer.concat([
    encodeName(gssAlgorithm),
    uint32(seconds),
    uint32(seconds + 86_400),
    uint16(gssMode),
    uint16(0),
    uint16(token.length),
    token,
    uint16(0),
  ]);
  const record = [encodeName(name), type, anyClass, uint32(0), uint16(data.length), data];
  return Buffer.concat([header(id, 0, [1, 0, 0, 1]), encodeName(name), type, anyClass, ...record]);
}

/** The TKEY record of an answer, which stands in its answer section. @throws FailoverError DnsAnswerMalformed */
export function readTkey(bytes: Buffer, { answer, additional }: Message): Tkey | undefined {
  const record = [...answer, ...additional].find(({ type }) => type === 'TKEY');
  if (record === undefined) return undefined;
  try {
    const { name: algorithm, end } = decodeName(bytes, record.dataStart);
    const length = bytes.readUInt16BE(end + 12);
    const token = bytes.subarray(end + 14, end + 14 + length);
    if (token.length < length || end + 14 + length > record.dataStart + record.dataLength)
      throw new RangeError('the token ends outside the record');
    return {
      name: record.name,
      algorithm,
      mode: bytes.readUInt16BE(end + 8),
      error: bytes.readUInt16BE(end + 10),
      token,
    };
  } catch (error) {
    throw failure('DnsAnswerMalformed.tkey', {}, { cause: error });
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
