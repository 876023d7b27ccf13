import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import {
  createRfc2136Provider,
  parseTsigKey,
  partialError,
  type Rfc2136Options,
  transferZone,
  tsigAlgorithms,
  type ZoneChange,
} from '../../src/dns/index.ts';
import { decodeMessage, encodeQuery } from '../../src/dns/message.ts';
import { streamTcp } from '../../src/dns/transport.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import {
  type LabBind,
  missingBind,
  paperTable,
  paperZone,
  startLabBind,
  tsigSecret,
} from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { a } from './samples.ts';

const address = '127.0.0.1';
const keyOf = (name: string, algorithm = 'hmac-sha256') => parseTsigKey(tsigSecret, { name, algorithm });
const keys = tsigAlgorithms.map((algorithm) => ({ name: `key-${algorithm}`, algorithm }));
const transfer = { transport: 'tcp', timeoutMs: 5000, attempts: 1 } as const;
const names = ['one.com', 'two.com', 'three.com', 'four.com', 'five.com', 'sub.two.com'] as const;

/** The A record of the zone's name from one address to another. */
function move(zone: string, from: string, to: string): ZoneChange {
  return {
    zone,
    changes: [{ name: zone, type: 'A', before: a(zone, from), after: a(zone, to) }],
    guards: [],
  };
}

describe('BIND 9 with policies, secondaries and rivals', function () {
  let primary: LabBind;
  let secondary: LabBind;

  before(async function () {
    skipWhereMissing(this, await missingBind());
    const zones = Object.fromEntries(names.map((zone) => [zone, paperZone(zone, address, '10.1.1.1')]));
    zones['two.com'] += 'into CNAME www.one.com.\nup.sub CNAME two.com.\n';
    zones['sub.two.com'] += 'up CNAME two.com.\n';
    zones['five.com'] += Array.from({ length: 3000 }, (_, index) => `host${index} A 10.2.0.1\n`).join('');
    primary = await startLabBind(address, {
      port: await freePort(),
      zones,
      statements: [...keys, { name: 'limited', algorithm: 'hmac-sha256' }]
        .map(({ name, algorithm }) => `key ${name} { algorithm ${algorithm}; secret "${tsigSecret}"; };`)
        .join('\n'),
      policy:
        'update-policy { grant failover zonesub ANY; grant limited name old.one.com A; ' +
        `${keys.map(({ name }) => `grant ${name} zonesub A; `).join('')}};`,
    });
    secondary = await startLabBind(address, {
      port: await freePort(),
      zones: { 'four.com': '' },
      primaryPort: primary.port,
    });
  });
  after(async () => {
    await secondary?.stop();
    await primary?.stop();
  });

  const server = (bind: LabBind) => ({ address, port: bind.port });
  const provider = (options: Partial<Rfc2136Options> = {}) =>
    createRfc2136Provider({
      primary: server(primary),
      nameServers: [],
      key: keyOf('failover'),
      clock: systemClock,
      ...options,
    });

  for (const { name, algorithm } of keys) {
    it(`takes updates signed with ${algorithm}, by UDP and by TCP, and transfers the zone signed`, async () => {
      const key = keyOf(name, algorithm);
      await provider({ key, transport: 'udp' }).apply(move('one.com', '10.1.1.1', '10.1.1.2'));
      assert.deepEqual(await primary.table('one.com'), paperTable('one.com', address, '10.1.1.2'));
      await provider({ key, transport: 'tcp' }).apply(move('one.com', '10.1.1.2', '10.1.1.1'));
      assert.deepEqual(await primary.table('one.com'), paperTable('one.com', address, '10.1.1.1'));
      const sets = await transferZone(server(primary), 'one.com', transfer, key);
      assert.deepEqual(
        sets.find((set) => set.type === 'A' && set.name === 'one.com'),
        a('one.com', '10.1.1.1'),
      );
    });
  }

  it('transfers a zone of several messages, each signature verified', async () => {
    let messages = 0;
    const question = encodeQuery(1, { name: 'five.com', type: 'AXFR' });
    await streamTcp(server(primary), question, transfer, (bytes) => {
      messages += 1;
      return decodeMessage(bytes).answer.at(-1)?.type === 'SOA';
    });
    assert(messages > 1, `${messages} message`);
    const sets = await transferZone(server(primary), 'five.com', transfer, keyOf('failover'));
    assert.equal(sets.filter(({ name }) => name.startsWith('host')).length, 3000);
    await assert.rejects(transferZone(server(primary), 'five.com', transfer, keyOf('stranger')), {
      id: 'DnsKeyUnknown',
    });
  });

  for (const [seconds, words] of [
    [-3600, 'behind'],
    [3600, 'ahead of'],
  ] as const) {
    it(`says that the clock is an hour ${words} that of the server`, async () => {
      const clock = { ...systemClock, now: () => new Date(Date.now() + seconds * 1000) };
      await assert.rejects(provider({ clock }).apply(move('one.com', '10.1.1.1', '10.1.1.2')), {
        id: 'DnsClockSkew',
        message: new RegExp(
          `^The clock of this computer is 3(599|600|601) seconds ${words} that of 127.0.0.1:`,
        ),
      });
      assert.deepEqual(await primary.table('one.com'), paperTable('one.com', address, '10.1.1.1'));
    });
  }

  it('refuses what the policy of the key does not grant, and the message names both', async () => {
    const limited = provider({ key: keyOf('limited') });
    await assert.rejects(limited.apply(move('one.com', '10.1.1.1', '10.1.1.2')), {
      id: 'DnsRefused',
      message: `The DNS server 127.0.0.1:${primary.port} refused the change of zone one.com, signed with the key limited`,
    });
    assert.deepEqual(await primary.table('one.com'), paperTable('one.com', address, '10.1.1.1'));
  });

  it('lets exactly one of several rivals win; the others are told to read again', async () => {
    const rivals = Array.from({ length: 8 }, (_, index) => `10.1.2.${index + 1}`);
    const results = await Promise.allSettled(
      rivals.map((to) => provider().apply(move('three.com', '10.1.1.1', to))),
    );
    const winners = rivals.filter((_, index) => results[index]!.status === 'fulfilled');
    assert.equal(winners.length, 1);
    for (const result of results)
      if (result.status === 'rejected')
        assert.equal((result.reason as { id: string }).id, 'DnsChangedMeanwhile');
    assert.deepEqual(await primary.table('three.com'), paperTable('three.com', address, winners[0]!));
  });

  it('answers NOERROR to an address beside an alias, which reading back finds out', async () => {
    const change: ZoneChange = {
      zone: 'one.com',
      changes: [{ name: 'www.one.com', type: 'A', before: null, after: a('www.one.com', '10.1.1.2') }],
      guards: [],
    };
    await provider().apply(change);
    const readBack = await provider().readBack(change, { deadlineMs: 0 });
    assert.match(partialError(readBack)?.message ?? '', /it answers .*www\.one\.com/);
    assert.deepEqual(await primary.table('one.com'), paperTable('one.com', address, '10.1.1.1'));
  });

  it('has secondaries that lag: the change is partial until they follow', async () => {
    const dns = provider({ nameServers: [server(primary), server(secondary)] });
    const change = move('four.com', '10.1.1.1', '10.1.1.2');
    await dns.apply(change);
    const readBack = await dns.readBack(change, { deadlineMs: 200 });
    assert.deepEqual(
      readBack.servers.map(({ server: { port }, confirmed, differences }) => [port, confirmed, differences]),
      [
        [primary.port, true, []],
        [secondary.port, false, ['four.com A 10.1.1.1']],
      ],
    );
    const error = partialError(readBack);
    assert.equal(error?.id, 'DnsPartial');
    assert.match(error.message, new RegExp(`127.0.0.1:${secondary.port}: it answers four.com A 10.1.1.1`));
    await notify(secondary.port, 'four.com');
    assert.equal((await dns.readBack(change)).confirmed, true);
  });

  it('refuses updates at a secondary', async () => {
    const dns = provider({ primary: server(secondary) });
    await assert.rejects(dns.apply(move('four.com', '10.1.1.2', '10.1.1.1')), {
      id: 'DnsRefused',
      message: new RegExp(`^The DNS server 127.0.0.1:${secondary.port} refused the change of zone four.com`),
    });
  });

  it('leads to the zone of a name, wherever its alias leads', async () => {
    const dns = provider();
    assert.equal(await dns.zoneOf('into.two.com'), 'two.com');
    assert.equal(await dns.zoneOf('up.sub.two.com'), 'sub.two.com');
    assert.equal(await dns.zoneOf('deep.in.sub.two.com'), 'sub.two.com');
  });
});

/** Tells a secondary that its zone changed, as its primary would (RFC 1996). */
async function notify(port: number, zone: string): Promise<void> {
  const message = encodeQuery(1, { name: zone, type: 'SOA' });
  message.writeUInt16BE((4 << 11) | 0x0400, 2);
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.send(message, port, address, resolve));
  socket.close();
}
