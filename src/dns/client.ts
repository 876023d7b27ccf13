import { randomInt } from 'node:crypto';
import { FailoverError, failure } from '../model/failover-error.ts';
import {
  decodeMessage,
  encodeQuery,
  type Message,
  opcode,
  type Question,
  rcode,
  recordClass,
  type ResourceRecord,
} from './message.ts';
import type { RecordSet } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import { exchange, type ExchangeOptions, exchangeTcp, streamTcp } from './transport.ts';
import { signMessage, type SigningKey, verifyAnswer } from './tsig.ts';
import { StreamVerifier } from './tsig-stream.ts';
import type { TsigKey } from './tsig-key.ts';

/**
 * Asks an authoritative server for one type of a name.
 * @returns its answer; NXDOMAIN and no data are answers, every other failure is an error
 * @throws FailoverError those of exchange and, where queries are signed, verifyAnswer; one for each response code
 */
export async function query(
  server: DnsServer,
  question: Question,
  options: ExchangeOptions,
): Promise<Message> {
  const { signing } = options;
  const bare = encodeQuery(newId(), question);
  const signed = signing && signMessage(bare, signing.key, signing.now());
  const bytes = await exchange(server, signed?.message ?? bare, options);
  const message = decodeMessage(bytes);
  if (signing !== undefined && signed !== undefined && !refusedUnsigned(message))
    verifyAnswer(bytes, signing.key, { requestMac: signed.mac }, signing.now(), describeServer(server));
  const [asked] = message.question;
  const answered = message.rcode === rcode.NOERROR || message.rcode === rcode.NXDOMAIN;
  // Servers may leave the question out of an error.
  const same = asked === undefined ? !answered : asked.name === question.name && asked.type === question.type;
  if (!same || message.opcode !== opcode.query)
    throw failure(
      'DnsAnswerInvalid.otherQuestion',
      { server: describeServer(server) },
      { target: describeServer(server) },
    );
  if (!answered)
    throw responseError(
      message.rcode,
      server,
      `the query for ${question.name} ${question.type}`,
      question.name,
    );
  return message;
}

/** The record sets of some records of a message. */
export function recordSets(records: readonly ResourceRecord[]): RecordSet[] {
  const groups = new Map<string, ResourceRecord[]>();
  for (const record of records) {
    if (record.data === undefined || record.class !== recordClass.IN) continue;
    const key = `${record.name} ${record.type}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  // What is read is in normal form already, and a foreign name may be one that no host has.
  return [...groups.values()].map((group): RecordSet => {
    const { name, type, ttl } = group[0]!;
    return { name, type, ttl, data: [...new Set(group.map((record) => record.data!))].sort() };
  });
}

/**
 * Sends an UPDATE (RFC 2136), signed where there is a key, and checks the answer's signature before its code.
 * Without a retry: a second copy could meet the effect of the first.
 * @throws FailoverError those of exchange and verifyAnswer, and one for each response code
 */
export async function update(
  server: DnsServer,
  zone: string,
  build: (id: number) => Buffer,
  key: SigningKey | undefined,
  now: () => Date,
  options: ExchangeOptions,
): Promise<void> {
  const message = build(newId());
  if (message.length > 60_000) throw failure('DnsMessageTooLarge', { zone }, { target: zone });
  const signed = key === undefined ? undefined : signMessage(message, key, now());
  const single = { ...options, attempts: 1 };
  const send = options.transport === 'udp' ? exchange : exchangeTcp;
  const bytes = await send(server, signed?.message ?? message, single);
  const answer = decodeMessage(bytes);
  if (answer.opcode !== opcode.update)
    throw failure('DnsAnswerInvalid.otherAnswer', { server: describeServer(server) }, { target: zone });
  if (key !== undefined && signed !== undefined && !refusedUnsigned(answer))
    try {
      verifyAnswer(bytes, key, { requestMac: signed.mac }, now(), describeServer(server));
    } catch (error) {
      if (!refusedBySamba(answer, key, error)) throw error;
    }
  if (answer.rcode !== rcode.NOERROR) {
    const signer = key?.algorithm === 'gss-tsig' ? 'a Kerberos ticket' : `the key ${key?.name}`;
    const by = key === undefined ? 'which was not signed' : `signed with ${signer}`;
    throw responseError(answer.rcode, server, `the change of zone ${zone}, ${by}`, zone);
  }
}

/**
 * Transfers a zone (RFC 5936): every record set of it, without the closing SOA. With a key, the request is signed
 * and each message of the answer verified.
 * @throws FailoverError those of exchange and verifyAnswer, and one for each response code
 */
export async function transferZone(
  server: DnsServer,
  zone: string,
  options: ExchangeOptions,
  key?: TsigKey,
  now: () => Date = () => new Date(),
): Promise<RecordSet[]> {
  const bare = encodeQuery(newId(), { name: zone, type: 'AXFR' });
  const signed = key === undefined ? undefined : signMessage(bare, key, now());
  const verifier =
    key === undefined || signed === undefined
      ? undefined
      : new StreamVerifier(key, signed.mac, now, describeServer(server));
  const records: ResourceRecord[] = [];
  await streamTcp(server, signed?.message ?? bare, options, (bytes) => {
    const message = decodeMessage(bytes);
    if (message.id !== bare.readUInt16BE(0) || !message.isResponse) return false;
    if (!refusedUnsigned(message)) verifier?.push(bytes);
    if (message.rcode !== rcode.NOERROR)
      throw responseError(message.rcode, server, `the transfer of ${zone}`, zone);
    const [first] = records.length === 0 ? message.answer : records;
    if (first?.type !== 'SOA' || first.name !== zone)
      throw failure(
        'DnsAnswerInvalid.noTransfer',
        { server: describeServer(server), zone },
        { target: zone },
      );
    records.push(...message.answer);
    return records.length > 1 && records.at(-1)!.type === 'SOA';
  });
  verifier?.end();
  return recordSets(records.slice(0, -1));
}

/** Codes that a server gives unsigned where it took no look at the signature, or does not know the key. */
const unsignedCodes: readonly number[] = [
  rcode.FORMERR,
  rcode.SERVFAIL,
  rcode.NOTIMP,
  rcode.REFUSED,
  rcode.NOTAUTH,
];

/** An answer that is believed without a signature: it says no more than that nothing was done. */
function refusedUnsigned(answer: Message): boolean {
  return answer.additional.at(-1)?.type !== 'TSIG' && unsignedCodes.includes(answer.rcode);
}

/**
 * Samba signs the answers to Kerberos wrongly (bug 13019). Of those, a refusal is believed like one without a signature.
 */
function refusedBySamba(answer: Message, key: SigningKey, error: unknown): boolean {
  const isWrong = error instanceof FailoverError && error.id === 'DnsAnswerInvalid';
  return isWrong && key.algorithm === 'gss-tsig' && unsignedCodes.includes(answer.rcode);
}

function newId(): number {
  return randomInt(0x10000);
}

const codes: Readonly<Record<number, ResponseFailure>> = {
  [rcode.FORMERR]: 'DnsFormatError',
  [rcode.SERVFAIL]: 'DnsServerFailure.failed',
  [rcode.NOTIMP]: 'DnsNotImplemented',
  [rcode.REFUSED]: 'DnsRefused',
  [rcode.NXRRSET]: 'DnsChangedMeanwhile.refused',
  [rcode.YXRRSET]: 'DnsChangedMeanwhile.refused',
  [rcode.YXDOMAIN]: 'DnsChangedMeanwhile.refused',
  [rcode.NXDOMAIN]: 'DnsChangedMeanwhile.refused',
  [rcode.NOTAUTH]: 'DnsNotAuthoritative.refused',
  [rcode.NOTZONE]: 'DnsNotZone.refused',
};

type ResponseFailure =
  | 'DnsFormatError'
  | 'DnsServerFailure.failed'
  | 'DnsNotImplemented'
  | 'DnsRefused'
  | 'DnsChangedMeanwhile.refused'
  | 'DnsNotAuthoritative.refused'
  | 'DnsNotZone.refused';

function responseError(code: number, server: DnsServer, what: string, target: string): FailoverError {
  const values = { server: describeServer(server), what, code };
  return failure(codes[code] ?? 'DnsServerFailure.code', values, { target });
}
