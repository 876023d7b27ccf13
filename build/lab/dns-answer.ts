import { longestZone, type RecordSet, type TsigKey } from '../../src/dns/index.ts';
import {
  decodeMessage,
  encodeRecord,
  header,
  type Message,
  opcode,
  rcode,
  recordClass,
  type ResourceRecord,
} from '../../src/dns/message.ts';
import { uint16 } from '../../src/dns/rdata.ts';
import { encodeName, typeNumber } from '../../src/dns/wire.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { checkSignature, type Signature, type Signer } from './dns-signature.ts';
import { lookUp, transfer, type Zone } from './zone.ts';
import { update, type UpdateRecord } from './zone-update.ts';

/** The zones of the lab's DNS server by name. An update replaces one. */
export type Zones = Map<string, Zone>;

interface Response {
  readonly rcode: number;
  readonly authoritative?: boolean;
  readonly answer?: readonly RecordSet[];
  readonly authority?: readonly RecordSet[];
}

const flag = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100 };
const udpLimit = 512;
/** A TCP message holds 65,535 octets; records are whole, the signature must fit as well. */
const tcpLimit = 60_000;

/** The messages that answer one; none for what is no question. */
export function respond(
  bytes: Buffer,
  transport: 'udp' | 'tcp',
  zones: Zones,
  key: TsigKey,
  now: Date,
): Buffer[] {
  if (bytes.length < 12 || (bytes.readUInt16BE(2) & flag.response) !== 0) return [];
  let message: Message;
  let signature: Signature;
  try {
    message = decodeMessage(bytes);
    signature = checkSignature(bytes, message, key, now);
  } catch {
    return [header(bytes.readUInt16BE(0), responseFlags(bytes, rcode.FORMERR), [0, 0, 0, 0])];
  }
  const response =
    signature.rcode !== rcode.NOERROR
      ? { rcode: signature.rcode }
      : answer(message, transport, zones, signature.signed);
  return encode(bytes, message, response, transport, signature.signer);
}

function answer(message: Message, transport: 'udp' | 'tcp', zones: Zones, signed: boolean): Response {
  const [question] = message.question;
  if (message.opcode !== opcode.query && message.opcode !== opcode.update) return { rcode: rcode.NOTIMP };
  if (question === undefined || message.question.length !== 1) return { rcode: rcode.FORMERR };
  if (message.opcode === opcode.update) return updateZone(message, zones, signed);
  const { name, type } = question;
  if (type === 'AXFR') {
    const zone = zones.get(name);
    if (transport === 'udp') return { rcode: rcode.FORMERR };
    if (zone === undefined) return { rcode: rcode.NOTAUTH };
    return { rcode: rcode.NOERROR, authoritative: true, answer: transfer(zone) };
  }
  const zone = zones.get(longestZone(name, [...zones.keys()]) ?? '');
  if (zone === undefined) return { rcode: rcode.REFUSED };
  const found = lookUp(zone, name, type);
  return {
    rcode: rcode[found.rcode],
    authoritative: true,
    answer: found.answers,
    authority: found.authority,
  };
}

/** RFC 2136 section 3: who may change what; the rest is the zone's. */
function updateZone(message: Message, zones: Zones, signed: boolean): Response {
  const [{ name, type }] = message.question as [Message['question'][0]];
  if (type !== 'SOA') return { rcode: rcode.FORMERR };
  const zone = zones.get(name);
  if (zone === undefined) return { rcode: rcode.NOTAUTH };
  if (!signed) return { rcode: rcode.REFUSED };
  try {
    const done = update(zone, message.answer.map(updateRecord), message.authority.map(updateRecord));
    zones.set(name, done.zone);
    return { rcode: rcode[done.rcode] };
  } catch (error) {
    if (error instanceof FailoverError) return { rcode: rcode.FORMERR }; // data that its type does not have
    throw error;
  }
}

function updateRecord({ name, type, class: klass, ttl, data }: ResourceRecord): UpdateRecord {
  const classes: Readonly<Record<number, UpdateRecord['class']>> = {
    [recordClass.IN]: 'IN',
    [recordClass.ANY]: 'ANY',
    [recordClass.NONE]: 'NONE',
  };
  return { name, type, class: classes[klass] ?? 'other', ttl, data };
}

function encode(
  bytes: Buffer,
  message: Message,
  response: Response,
  transport: 'udp' | 'tcp',
  sign: Signer,
): Buffer[] {
  const flags = responseFlags(bytes, response.rcode) | (response.authoritative ? flag.authoritative : 0);
  const question = Buffer.concat(
    message.question.map(({ name, type }) =>
      Buffer.concat([encodeName(name), uint16(typeNumber(type)!), uint16(recordClass.IN)]),
    ),
  );
  const records = (sets: readonly RecordSet[] = []) =>
    sets.flatMap((set) => set.data.map((data) => encodeRecord(set, recordClass.IN, data)));
  const authority = records(response.authority);
  const compose = (extra: number, some: readonly Buffer[]) => {
    const counts = [message.question.length, some.length, authority.length, 0];
    return Buffer.concat([header(message.id, flags | extra, counts), question, ...some, ...authority]);
  };
  const answers = records(response.answer);
  if (transport === 'tcp') return sign(batches(answers).map((batch) => compose(0, batch)));
  const whole = sign([compose(0, answers)]);
  return whole.every((one) => one.length <= udpLimit) ? whole : sign([compose(flag.truncated, [])]);
}

/** Records in messages' loads, one at least (RFC 5936 section 2.2: a transfer may take several). */
function batches(records: readonly Buffer[]): Buffer[][] {
  const all: Buffer[][] = [[]];
  let size = 0;
  for (const record of records) {
    if (size + record.length > tcpLimit) {
      all.push([]);
      size = 0;
    }
    all.at(-1)!.push(record);
    size += record.length;
  }
  return all;
}

/** A response to this message: its opcode and RD, QR and the code. */
function responseFlags(bytes: Buffer, code: number): number {
  return flag.response | (bytes.readUInt16BE(2) & (0x7800 | flag.recursionDesired)) | code;
}
