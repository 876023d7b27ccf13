import { randomInt } from 'node:crypto';
import { FailoverError } from '../model/failover-error.ts';
import type { ErrorId } from '../model/error-catalog.ts';
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
import { recordSet, type RecordSet } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import { exchange, type ExchangeOptions, exchangeTcp, streamTcp } from './transport.ts';
import { signMessage, verifyAnswer } from './tsig.ts';
import type { TsigKey } from './tsig-key.ts';

/**
 * Asks an authoritative server for one type of a name.
 * @returns its answer; NXDOMAIN and no data are answers, every other failure is an error
 * @throws FailoverError those of exchange, and one for each response code
 */
export async function query(
  server: DnsServer,
  question: Question,
  options: ExchangeOptions,
): Promise<Message> {
  const bytes = await exchange(server, encodeQuery(newId(), question), options);
  const message = decodeMessage(bytes);
  const [asked] = message.question;
  if (asked !== undefined && (asked.name !== question.name || asked.type !== question.type))
    throw new FailoverError('DnsAnswerInvalid', `${describeServer(server)} answered another question`, {
      target: describeServer(server),
    });
  if (message.rcode !== rcode.NOERROR && message.rcode !== rcode.NXDOMAIN)
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
  return [...groups.values()].map(([first, ...rest]) =>
    recordSet(
      first!.name,
      first!.type,
      first!.ttl,
      [first!, ...rest].map((record) => record.data!),
    ),
  );
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
  key: TsigKey | undefined,
  now: () => Date,
  options: ExchangeOptions,
): Promise<void> {
  const message = build(newId());
  if (message.length > 60_000)
    throw new FailoverError('DnsMessageTooLarge', `The change of ${zone} does not fit one message`, {
      target: zone,
    });
  const signed = key === undefined ? { message, mac: undefined } : signMessage(message, key, now());
  const single = { ...options, attempts: 1 };
  const bytes = await (options.transport === 'udp' ? exchange : exchangeTcp)(server, signed.message, single);
  const answer = decodeMessage(bytes);
  if (answer.opcode !== opcode.update)
    throw new FailoverError('DnsAnswerInvalid', `${describeServer(server)} answered something else`, {
      target: zone,
    });
  // BIND refuses a message of a key that it does not know without a signature: then the code says more.
  const unsigned = answer.additional.at(-1)?.type !== 'TSIG';
  if (key !== undefined && !(unsigned && answer.rcode !== rcode.NOERROR))
    verifyAnswer(bytes, key, signed.mac!, now(), describeServer(server));
  if (answer.rcode !== rcode.NOERROR)
    throw responseError(answer.rcode, server, `the change of zone ${zone}`, zone);
}

/** Transfers a zone (RFC 5936): every record set of it, without the closing SOA. */
export async function transferZone(
  server: DnsServer,
  zone: string,
  options: ExchangeOptions,
  key?: TsigKey,
): Promise<RecordSet[]> {
  const bare = encodeQuery(newId(), { name: zone, type: 'AXFR' });
  const request = key === undefined ? bare : signMessage(bare, key, new Date()).message;
  const records: ResourceRecord[] = [];
  await streamTcp(server, request, { ...options, transport: 'tcp' }, (bytes) => {
    const message = decodeMessage(bytes);
    if (message.rcode !== rcode.NOERROR)
      throw responseError(message.rcode, server, `the transfer of ${zone}`, zone);
    records.push(...message.answer);
    return records.filter((record) => record.type === 'SOA').length === 2;
  });
  return recordSets(records.slice(0, -1));
}

function newId(): number {
  return randomInt(0x10000);
}

const codes: Readonly<Record<number, readonly [ErrorId, string]>> = {
  [rcode.FORMERR]: ['DnsFormatError', 'did not understand'],
  [rcode.SERVFAIL]: ['DnsServerFailure', 'failed at'],
  [rcode.NOTIMP]: ['DnsNotImplemented', 'does not support'],
  [rcode.REFUSED]: ['DnsRefused', 'refused'],
  [rcode.NXRRSET]: ['DnsChangedMeanwhile', 'has other records than were read before'],
  [rcode.YXRRSET]: ['DnsChangedMeanwhile', 'has other records than were read before'],
  [rcode.YXDOMAIN]: ['DnsChangedMeanwhile', 'has other records than were read before'],
  [rcode.NXDOMAIN]: ['DnsChangedMeanwhile', 'has other records than were read before'],
  [rcode.NOTAUTH]: ['DnsNotAuthoritative', 'is not authoritative for'],
  [rcode.NOTZONE]: ['DnsNotZone', 'finds a name outside the zone in'],
};

function responseError(code: number, server: DnsServer, what: string, target: string): FailoverError {
  const [id, words] = codes[code] ?? ['DnsServerFailure', `answered code ${code} to`];
  const object = id === 'DnsChangedMeanwhile' ? `, so that ${what} was not made` : ` ${what}`;
  return new FailoverError(id, `The DNS server ${describeServer(server)} ${words}${object}`, { target });
}
