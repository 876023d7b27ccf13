import assert from 'node:assert/strict';
import { respond, type Zones } from '../../build/lab/dns-answer.ts';
import {
  createRfc2136Provider,
  type DnsServer,
  parseTsigKey,
  partialError,
  type RecordSet,
  transferZone,
} from '../../src/dns/index.ts';
import { decodeMessage, encodeRecord, header, recordClass } from '../../src/dns/message.ts';
import { readTsig, signMessage } from '../../src/dns/tsig.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import { bareAnswer, startFakeServer } from './fake-server.ts';
import { before, change, key, provider, soa, stoppedAfterEach } from './provider-samples.ts';
import { a } from './samples.ts';

describe('A change that is read back', () => {
  const { keep, lab } = stoppedAfterEach();
  const quick = { deadlineMs: 0 } as const;

  it('is partial, with the names and reasons of the servers that do not show it', async () => {
    const primary = await lab({ 'site1.com': [...before.slice(0, 2), a('site1.com', '10.1.1.2')] });
    const lagging = await lab({ 'site1.com': before }, '127.53.9.2');
    const other = await lab({ 'site2.com': [soa('site2.com')] }, '127.53.9.3');
    const closed: DnsServer = { address: '127.0.0.1', port: await freePort(), name: 'ns4.site1.com' };
    const dns = provider({ primary, nameServers: [primary, lagging, other, closed], timeoutMs: 1000 });
    const readBack = await dns.readBack(change, quick);
    assert.equal(readBack.confirmed, false);
    assert.deepEqual(
      readBack.servers.map(({ server, confirmed, differences, error }) => [
        server.port,
        confirmed,
        differences,
        error?.id,
      ]),
      [
        [primary.port, true, [], undefined],
        [lagging.port, false, ['site1.com A 10.1.1.1'], undefined],
        [other.port, false, [], 'DnsRefused'],
        [closed.port, false, [], 'DnsServerUnreachable'],
      ],
    );
    const error = partialError(readBack);
    assert.equal(error?.id, 'DnsPartial');
    assert.match(error.message, /3 of 4 name servers do not show it/);
    assert.match(error.message, new RegExp(`127.53.9.2:${lagging.port}: it answers site1.com A 10.1.1.1`));
    assert.match(error.message, /ns4\.site1\.com \(127\.0\.0\.1:\d+\): The DNS server .* cannot be reached/);
  });

  it('is confirmed once the last server follows', async () => {
    let looks = 0;
    const zones = (address: string): Zones =>
      new Map([['site1.com', { name: 'site1.com', sets: [soa('site1.com'), a('site1.com', address)] }]]);
    const fake = await startFakeServer((bytes) =>
      respond(bytes, 'udp', zones(++looks < 3 ? '10.1.1.1' : '10.1.1.2'), key, new Date()),
    );
    keep(fake);
    const dns = provider({ primary: fake.server, nameServers: [] });
    assert.equal((await dns.readBack(change, { intervalMs: 1 })).confirmed, true);
    assert.equal(looks, 3);
  });

  it('stops with its signal while a server lags', async () => {
    const lagging = await lab({ 'site1.com': before });
    const dns = provider({ primary: lagging, nameServers: [] });
    const controller = new AbortController();
    const clock = { ...systemClock, sleep: async () => controller.abort() };
    const stopping = createRfc2136Provider({ primary: lagging, nameServers: [], key, clock });
    await assert.rejects(stopping.readBack(change, { signal: controller.signal }), { id: 'Cancelled' });
    assert.equal((await dns.readBack(change, quick)).confirmed, false);
  });
});

describe('The transfer of a zone', () => {
  const options = { transport: 'tcp', timeoutMs: 3000, attempts: 1 } as const;
  const { keep, lab } = stoppedAfterEach();
  it('is refused where it is signed with another secret, and where it is not signed', async () => {
    const server = await lab({ 'site1.com': before });
    assert.equal((await transferZone(server, 'site1.com', options, key)).length, before.length);
    const wrong = parseTsigKey('YW5vdGhlcg==', { name: 'failover', algorithm: 'hmac-sha256' });
    await assert.rejects(transferZone(server, 'site1.com', options, wrong), { id: 'DnsSignatureWrong' });
    const zones: Zones = new Map([['site1.com', { name: 'site1.com', sets: before }]]);
    const unsigned = await startFakeServer((bytes) => {
      const bare = Buffer.from(bytes.subarray(0, bytes.indexOf('failover') - 1));
      bare.writeUInt16BE(0, 10);
      return respond(bare, 'tcp', zones, key, new Date());
    });
    keep(unsigned);
    await assert.rejects(transferZone(unsigned.server, 'site1.com', options, key), {
      id: 'DnsAnswerNotSigned',
    });
    await assert.rejects(transferZone(server, 'site9.com', options, key), { id: 'DnsNotAuthoritative' });
  });

  it('is refused where its last message is not signed', async () => {
    const records = (sets: readonly RecordSet[]) =>
      sets.flatMap((set) => set.data.map((data) => encodeRecord(set, recordClass.IN, data)));
    const part = (id: number, some: readonly Buffer[]) =>
      Buffer.concat([header(id, 0x8400, [0, some.length, 0, 0]), ...some]);
    const fake = keep(
      await startFakeServer((bytes) => {
        const requestMac = readTsig(bytes, decodeMessage(bytes))!.mac;
        const id = bytes.readUInt16BE(0);
        const first = signMessage(part(id, records(before)), key, new Date(), { requestMac });
        return [first.message, part(id, records(before.slice(0, 1)))];
      }),
    );
    await assert.rejects(transferZone(fake.server, 'site1.com', options, key), { id: 'DnsAnswerNotSigned' });
  });

  it('is refused where it does not begin with the SOA record of the zone', async () => {
    const fake = keep(await startFakeServer((bytes) => [bareAnswer(bytes)]));
    await assert.rejects(transferZone(fake.server, 'site1.com', options), { id: 'DnsAnswerInvalid' });
  });
});
