import { failure } from '../model/failover-error.ts';
import { decodeData, encodeData, uint16 } from './rdata.ts';
import type { RecordSet } from './record-set.ts';
import { decodeName, encodeName, typeName, typeNumber } from './wire.ts';

/** Opcodes (RFC 1035 section 4.1.1, RFC 2136 section 1.3). */
export const opcode = { query: 0, update: 5 } as const;

/** Response codes (RFC 1035, RFC 2136 section 2.2, RFC 8945 section 5.2). */
export const rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADSIG: 16,
  BADKEY: 17,
  BADTIME: 18,
} as const;

/** Classes; NONE and ANY have their meaning in UPDATE only (RFC 2136 section 2.4, 2.5). */
export const recordClass = { IN: 1, NONE: 254, ANY: 255 } as const;

export interface Question {
  /** Normalised. */
  readonly name: string;
  readonly type: string;
}

/** One record as it stands in a message. */
export interface ResourceRecord {
  readonly name: string;
  readonly type: string;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  /** Normalised presentation form; undefined where there is none (deletions and prerequisites of UPDATE). */
  readonly data: string | undefined;
  /** Where the record begins and its data lie in the message. */
  readonly start: number;
  readonly dataStart: number;
  readonly dataLength: number;
}

export interface Message {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly truncated: boolean;
  readonly authoritative: boolean;
  readonly rcode: number;
  /** Zone section of an UPDATE. */
  readonly question: readonly Question[];
  /** Prerequisites of an UPDATE. */
  readonly answer: readonly ResourceRecord[];
  /** The updates of an UPDATE. */
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
}

const headerLength = 12;

/** @throws FailoverError DnsAnswerMalformed */
export function decodeMessage(bytes: Buffer): Message {
  try {
    return decode(bytes);
  } catch (error) {
    throw failure('DnsAnswerMalformed.message', {}, { cause: error });
  }
}

function decode(bytes: Buffer): Message {
  const flags = bytes.readUInt16BE(2);
  let offset = headerLength;
  const question: Question[] = [];
  for (let left = bytes.readUInt16BE(4); left > 0; left--) {
    const { name, end } = decodeName(bytes, offset);
    question.push({ name, type: typeName(bytes.readUInt16BE(end)) });
    offset = end + 4;
  }
  const section = (count: number): ResourceRecord[] => {
    const records: ResourceRecord[] = [];
    for (let left = count; left > 0; left--) {
      const record = decodeRecord(bytes, offset);
      records.push(record);
      offset = record.dataStart + record.dataLength;
    }
    return records;
  };
  return {
    id: bytes.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    rcode: flags & 0xf,
    question,
    answer: section(bytes.readUInt16BE(6)),
    authority: section(bytes.readUInt16BE(8)),
    additional: section(bytes.readUInt16BE(10)),
  };
}

function decodeRecord(bytes: Buffer, start: number): ResourceRecord {
  const { name, end } = decodeName(bytes, start);
  const type = typeName(bytes.readUInt16BE(end));
  const dataStart = end + 10;
  const dataLength = bytes.readUInt16BE(end + 8);
  if (dataStart + dataLength > bytes.length) throw new RangeError('record data ends outside the message');
  return {
    name,
    type,
    class: bytes.readUInt16BE(end + 2),
    ttl: bytes.readUInt32BE(end + 4),
    data: dataLength === 0 || type === 'TSIG' ? undefined : decodeData(type, bytes, dataStart, dataLength),
    start,
    dataStart,
    dataLength,
  };
}

export function encodeQuery(id: number, { name, type }: Question): Buffer {
  const question = Buffer.concat([encodeName(name), uint16(numberOf(type)), uint16(recordClass.IN)]);
  return Buffer.concat([header(id, opcode.query << 11, [1, 0, 0, 0]), question]);
}

/** The records of an UPDATE by what they say (RFC 2136 section 2.4 and 2.5). */
export type UpdateRecord =
  | { readonly kind: 'exists-with-values'; readonly set: RecordSet }
  | { readonly kind: 'absent'; readonly name: string; readonly type: string }
  | { readonly kind: 'delete-set'; readonly name: string; readonly type: string }
  | { readonly kind: 'add'; readonly set: RecordSet };

/** An UPDATE of one zone (RFC 2136 section 2). */
export function encodeUpdate(
  id: number,
  zone: string,
  prerequisites: readonly UpdateRecord[],
  updates: readonly UpdateRecord[],
): Buffer {
  const conditions = prerequisites.flatMap(encodeUpdateRecord);
  const changes = updates.flatMap(encodeUpdateRecord);
  const zoneSection = Buffer.concat([encodeName(zone), uint16(numberOf('SOA')), uint16(recordClass.IN)]);
  const counts = [1, conditions.length, changes.length, 0];
  return Buffer.concat([header(id, opcode.update << 11, counts), zoneSection, ...conditions, ...changes]);
}

function encodeUpdateRecord(record: UpdateRecord): Buffer[] {
  switch (record.kind) {
    case 'exists-with-values':
      return record.set.data.map((data) => encodeRecord({ ...record.set, ttl: 0 }, recordClass.IN, data));
    case 'absent':
      return [encodeRecord({ ...record, ttl: 0 }, recordClass.NONE)];
    case 'delete-set':
      return [encodeRecord({ ...record, ttl: 0 }, recordClass.ANY)];
    case 'add':
      return record.set.data.map((data) => encodeRecord(record.set, recordClass.IN, data));
  }
}

/** One record, names uncompressed. */
export function encodeRecord(
  record: { readonly name: string; readonly type: string; readonly ttl: number },
  itsClass: number,
  data?: string,
): Buffer {
  const bytes = data === undefined ? Buffer.alloc(0) : encodeData(record.type, data);
  const ttl = Buffer.alloc(4);
  ttl.writeUInt32BE(record.ttl);
  const head = [encodeName(record.name), uint16(numberOf(record.type)), uint16(itsClass), ttl];
  return Buffer.concat([...head, uint16(bytes.length), bytes]);
}

/** A message's header. @param counts of the four sections */
export function header(id: number, flags: number, counts: readonly number[]): Buffer {
  return Buffer.concat([id, flags, ...counts].map(uint16));
}

function numberOf(type: string): number {
  const number = typeNumber(type);
  if (number === undefined) throw failure('DnsRecordInvalid.type', { type }, { target: type });
  return number;
}
