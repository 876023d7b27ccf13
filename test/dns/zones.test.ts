import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { respond, type Zones } from '../../build/lab/dns-answer.ts';
import type { LabDns } from '../../build/lab/dns-server.ts';
import { decodeMessage, encodeRecord, header, recordClass } from '../../src/dns/message.ts';
import { createRfc2136Provider, partialError } from '../../src/dns/index.ts';
import { delegationOf } from '../../src/dns/system-resolver.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import { bareAnswer, startFakeServer } from './fake-server.ts';
import { before, change, isUpdate, key, ns, provider, soa, stoppedAfterEach } from './provider-samples.ts';
import { a, cname } from './samples.ts';

describe('The servers of a zone', () => {
  const { keep, lab } = stoppedAfterEach();
  it('are found through its SOA and NS records, from any of its servers', async () => {
    const port = await freePort();
    const sets = [
      soa('site1.com', 'ns1.site1.com'),
      ns('site1.com', 'ns1.site1.com', 'ns2.site1.com', 'ns3.example.net', 'ns4.example.net'),
      a('ns1.site1.com', '127.53.9.1'),
      a('ns2.site1.com', '127.53.9.2'),
      a('site1.com', '10.1.1.1'),
    ];
    const primary = await lab({ 'site1.com': sets }, '127.53.9.1', port);
    const secondary = await lab({ 'site1.com': sets }, '127.53.9.2', port);
    const third = await lab({ 'site1.com': sets }, '127.53.9.3', port);
    const dns = provider({
      servers: [secondary],
      port,
      lookup: async (name) => (name === 'ns3.example.net' ? ['2001:db8::9', '127.53.9.3'] : []),
    });
    await dns.apply(change);
    assert.deepEqual(addressIn(primary), ['10.1.1.2']);
    assert.deepEqual(addressIn(secondary), ['10.1.1.1']);
    assert.deepEqual(addressIn(third), ['10.1.1.1']);

    const readBack = await dns.readBack(change, { deadlineMs: 0 });
    assert.deepEqual(
      readBack.servers.map(({ server, confirmed }) => [server.name, server.address, confirmed]),
      [
        ['ns1.site1.com', '127.53.9.1', true],
        ['ns2.site1.com', '127.53.9.2', false],
        ['ns3.example.net', '127.53.9.3', false],
        ['ns4.example.net', '', false],
      ],
    );
    assert.match(partialError(readBack)!.message, /ns4\.example\.net: no address is known of it/);
  });

  it('are asked one after the other until one is authoritative', async () => {
    const strange = await lab({ 'site2.com': [soa('site2.com')] });
    const closed = { address: '127.0.0.1', port: await freePort() };
    const right = await lab({ 'site1.com': before });
    const found = provider({ servers: [closed, strange, right], primary: right });
    assert.equal(await found.zoneOf('www.site1.com'), 'site1.com');
    const none = provider({ servers: [strange], primary: strange });
    await assert.rejects(none.zoneOf('www.site1.com'), {
      id: 'DnsZoneNotFound',
      message: `127.0.0.1:${strange.port} is not authoritative for www.site1.com`,
    });
    // Whether the one that does not answer holds the zone is not known.
    await assert.rejects(provider({ servers: [closed, strange] }).zoneOf('www.site1.com'), {
      id: 'DnsServerUnreachable',
    });
  });

  it('lack a primary where its name has no address', async () => {
    const sets = [soa('site1.com', 'hidden.site1.com'), a('site1.com', '10.1.1.1')];
    const server = await lab({ 'site1.com': sets });
    await assert.rejects(provider({ servers: [server] }).apply(change), {
      id: 'DnsPrimaryUnknown',
      message: 'hidden.site1.com, the primary of site1.com, has no address',
    });
  });

  it('name the primary where another one refuses the update', async () => {
    const sets = [soa('site1.com', 'ns1.site1.com'), a('ns1.site1.com', '127.53.9.1'), ...before.slice(2)];
    const zones: Zones = new Map([['site1.com', { name: 'site1.com', sets }]]);
    const fake = await startFakeServer((bytes) =>
      isUpdate(bytes) ? [bareAnswer(bytes, 5)] : respond(bytes, 'udp', zones, key, new Date()),
    );
    keep(fake);
    await assert.rejects(provider({ primary: fake.server }).apply(change), {
      id: 'DnsRefused',
      message:
        `The DNS server 127.0.0.1:${fake.server.port} refused the change of zone site1.com, signed with the ` +
        'key failover; the primary server of the zone is ns1.site1.com (127.53.9.1)',
    });
  });

  it('are found from nothing: the NS records that resolvers know, then the SOA record', async () => {
    const port = await freePort();
    const sets = [
      soa('site1.com', 'ns1.site1.com'),
      ns('site1.com', 'ns1.site1.com', 'ns2.site1.com'),
      a('ns1.site1.com', '127.53.9.1'),
      a('ns2.site1.com', '127.53.9.2'),
      a('site1.com', '10.1.1.1'),
    ];
    const primary = await lab({ 'site1.com': sets }, '127.53.9.1', port);
    const secondary = await lab({ 'site1.com': sets }, '127.53.9.2', port);
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([`127.53.9.2:${port}`]);
    const delegation = (name: string, at: number) => delegationOf(resolver, name, at);
    const dns = createRfc2136Provider({ key, clock: systemClock, port, delegation, lookup: async () => [] });
    assert.equal(await dns.zoneOf('www.site1.com'), 'site1.com');
    await dns.apply(change);
    assert.deepEqual(addressIn(primary), ['10.1.1.2']);
    assert.deepEqual(addressIn(secondary), ['10.1.1.1']);
    const { servers } = await dns.readBack(change, { deadlineMs: 0 });
    assert.deepEqual(
      servers.map((one) => [one.server.name, one.confirmed]),
      [
        ['ns1.site1.com', true],
        ['ns2.site1.com', false],
      ],
    );
    await assert.rejects(dns.zoneOf('www.site2.com'), {
      id: 'DnsZoneNotFound',
      message: 'DNS names no authoritative server for www.site2.com',
    });
  });
});

describe('The zone of a host name', () => {
  const { keep, lab } = stoppedAfterEach();
  it('is the longest one of the settings, without asking', async () => {
    const silent = { address: '127.0.0.1', port: await freePort() };
    const dns = provider({ primary: silent, zones: ['site1.com', 'Shop.Site1.com.'] });
    assert.equal(await dns.zoneOf('WWW.shop.site1.com'), 'shop.site1.com');
    assert.equal(await dns.zoneOf('myshop.site1.com'), 'site1.com');
    await assert.rejects(dns.zoneOf('notsite1.com'), { id: 'DnsZoneNotFound', target: 'notsite1.com' });
  });

  it('is the one that holds it, however deep it lies and wherever an alias leads', async () => {
    const server = await lab({
      'site1.com': [soa('site1.com'), cname('cdn.site1.com', 'x.site2.com')],
      'sub.site1.com': [soa('sub.site1.com'), cname('www.sub.site1.com', 'site1.com')],
      'site2.com': [soa('site2.com'), a('x.site2.com', '10.1.1.1')],
    });
    const dns = provider({ primary: server });
    const zones = {
      'site1.com': 'site1.com',
      'not.there.site1.com': 'site1.com',
      'cdn.site1.com': 'site1.com',
      'www.sub.site1.com': 'sub.site1.com',
      'x.site2.com': 'site2.com',
    };
    for (const [name, zone] of Object.entries(zones)) assert.equal(await dns.zoneOf(name), zone, name);
  });

  it('is not that of its alias, though servers put its SOA record into the answer', async () => {
    const zones: Zones = new Map([
      ['sub.site1.com', { name: 'sub.site1.com', sets: [soa('sub.site1.com')] }],
    ]);
    const alias = encodeRecord(cname('www.sub.site1.com', 'site1.com'), recordClass.IN, 'site1.com');
    const { data } = soa('site1.com');
    const behind = encodeRecord(soa('site1.com'), recordClass.IN, data[0]);
    const fake = keep(
      await startFakeServer((bytes) =>
        decodeMessage(bytes).question[0]?.name === 'www.sub.site1.com'
          ? [
              Buffer.concat([
                header(bytes.readUInt16BE(0), 0x8400, [1, 2, 0, 0]),
                bytes.subarray(12),
                alias,
                behind,
              ]),
            ]
          : respond(bytes, 'udp', zones, key, new Date()),
      ),
    );
    assert.equal(await provider({ primary: fake.server }).zoneOf('www.sub.site1.com'), 'sub.site1.com');
  });
});

function addressIn(dns: LabDns): readonly string[] | undefined {
  return dns.zone('site1.com').find((set) => set.type === 'A' && set.name === 'site1.com')?.data;
}
