import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  createPowerDnsProvider,
  type DnsProvider,
  namesOfZone,
  planSwitch,
  planZoneSettings,
  type PowerDnsOptions,
  recordSet,
  transferZone,
  type ZoneChange,
} from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { Secret } from '../../src/model/secret.ts';
import { freePort } from '../support/free-port.ts';
import { apiKey, type LabPdns, missingPdns, startLabPdns } from '../support/lab-pdns.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { masterFile } from './master-file.ts';
import { a, aaaa, cname, sorted } from './samples.ts';

const zone = 'site1.com';
const address = '127.53.3.2';
const sets = (name: string) => [
  recordSet(name, 'SOA', 300, [`ns.${name} hostmaster.${name} 1 300 60 86400 300`]),
  recordSet(name, 'NS', 300, [`ns.${name}`]),
  a(`ns.${name}`, address),
  a(name, '10.1.1.1'),
  aaaa(name, '2001:db8::1'),
  cname(`www.${name}`, name),
  recordSet(`mail.${name}`, 'MX', 300, [`10 ns.${name}`]),
];

describe('The HTTP API of PowerDNS', function () {
  let pdns: LabPdns | undefined;
  let port: number;
  let options: PowerDnsOptions;
  let provider: DnsProvider;

  before(async function () {
    skipWhereMissing(this, await missingPdns());
    port = await freePort();
    const zones = Object.fromEntries(
      [zone, 'site2.com', 'sub.site2.com'].map((name) => [name, masterFile(sets(name))]),
    );
    pdns = await startLabPdns(address, { port, apiPort: await freePort(), zones });
    options = {
      url: pdns.url,
      apiKey: new Secret(apiKey),
      servers: [{ address, port }],
      clock: systemClock,
    };
    provider = createPowerDnsProvider(options);
  });
  after(async () => {
    await pdns?.stop();
  });

  const transfer = async (name: string) =>
    sorted(
      await transferZone({ address, port }, name, { transport: 'tcp', timeoutMs: 3000, attempts: 1 }),
    ).filter(({ type }) => type !== 'SOA');
  const move: ZoneChange = {
    zone: 'site2.com',
    changes: [
      { name: 'site2.com', type: 'A', before: a('site2.com', '10.1.1.1'), after: a('site2.com', '10.1.1.2') },
    ],
    guards: [{ name: 'site2.com', type: 'MX', expected: null }],
  };

  it('finds the zone of a name, and reads what a plan looks at', async () => {
    assert.equal(await provider.zoneOf('WWW.site1.com'), zone);
    assert.equal(await provider.zoneOf('a.b.sub.site2.com'), 'sub.site2.com');
    await assert.rejects(provider.zoneOf('www.example.net'), { id: 'DnsZoneNotFound' });
    const names = [zone, `www.${zone}`, `mail.${zone}`, `old.${zone}`];
    assert.deepEqual(
      sorted(await provider.read(zone, names)),
      sorted(sets(zone).filter((set) => names.includes(set.name) && !['SOA', 'NS'].includes(set.type))),
    );
    await assert.rejects(provider.read('example.net', ['example.net']), { id: 'DnsZoneNotFound' });
  });

  it('makes a switch and its way back, shown by the name servers; the zone is then what it was', async () => {
    const original = await transfer(zone);
    const hostNames = [zone, `www.${zone}`];
    const site = { zone, hostNames, primary: ['10.1.1.1', '2001:db8::1'], failover: ['10.1.1.2'] };
    const there = planSwitch({
      ...site,
      direction: 'failover',
      current: await provider.read(zone, [zone, `www.${zone}`]),
    });
    assert(there.kind === 'change');
    await provider.apply(there.change);
    const readBack = await provider.readBack(there.change);
    assert.equal(readBack.confirmed, true, JSON.stringify(readBack));
    assert.deepEqual(
      (await transfer(zone)).filter(({ type }) => type === 'A' || type === 'AAAA'),
      sorted([
        a(zone, '10.1.1.2'),
        a(`ns.${zone}`, address),
        a(`old.${zone}`, '10.1.1.1'),
        aaaa(`old.${zone}`, '2001:db8::1'),
      ]),
    );
    const back = planSwitch({
      ...site,
      direction: 'failback',
      current: await provider.read(zone, [...hostNames, `old.${zone}`]),
      saved: there.saved,
    });
    assert(back.kind === 'change');
    await provider.apply(back.change);
    assert.equal((await provider.readBack(back.change)).confirmed, true);
    assert.deepEqual(await transfer(zone), original);
  });

  it('lowers what the SOA record says and the TTLs, which a second look finds done', async () => {
    const name = 'sub.site2.com';
    const wanted = { ttl: 60, refresh: 120, minimum: 90 };
    const plan = async () => {
      const soa = await provider.readSoa?.(name);
      const current = sorted(await provider.read(name, namesOfZone(name, [name])));
      return planZoneSettings({
        zone: name,
        hostNames: [name],
        soa: soa!,
        current,
        wanted,
        create: undefined,
      });
    };
    const planned = await plan();
    assert.deepEqual(planned?.words, [
      'SOA refresh 300 -> 120',
      'SOA minimum 300 -> 90',
      'SOA TTL 300 -> 90',
      `${name} A: TTL 300 -> 60`,
      `${name} AAAA: TTL 300 -> 60`,
      `www.${name} CNAME: TTL 300 -> 60`,
    ]);
    await provider.apply(planned.change);
    assert.equal(await plan(), undefined);
    const server = { address, port };
    const [soa] = (
      await transferZone(server, name, { transport: 'tcp', timeoutMs: 3000, attempts: 1 })
    ).filter(({ type }) => type === 'SOA');
    assert.match(soa!.data[0]!, /^ns\.sub\.site2\.com hostmaster\.sub\.site2\.com [23] 120 60 86400 90$/);
    await assert.rejects(provider.apply(planned.change), { id: 'DnsChangedMeanwhile' });
  });

  it('changes nothing where a record or a guard is not as the plan saw it', async () => {
    const original = await transfer('site2.com');
    const faults: ZoneChange[] = [
      { ...move, changes: [{ ...move.changes[0]!, before: a('site2.com', '10.9.9.9') }] },
      { ...move, changes: [{ ...move.changes[0]!, before: null }] },
      { ...move, guards: [{ name: 'mail.site2.com', type: 'MX', expected: null }] },
    ];
    for (const change of faults) await assert.rejects(provider.apply(change), { id: 'DnsChangedMeanwhile' });
    assert.deepEqual(await transfer('site2.com'), original);
  });

  it('does all of a change or nothing', async () => {
    const original = await transfer('site2.com');
    const outside = { name: 'site1.com', type: 'TXT', before: null, after: a('site1.com', '10.1.1.2') };
    const change = { ...move, changes: [...move.changes, outside] };
    await assert.rejects(provider.apply(change), { id: 'DnsApiFailed', message: /422/ });
    assert.deepEqual(await transfer('site2.com'), original);
  });

  it('keeps records that were disabled, and does not take them for served ones', async () => {
    const call = async (rrset: object) => {
      const answer = await fetch(`${pdns!.url}/api/v1/servers/localhost/zones/site2.com.`, {
        method: 'PATCH',
        headers: { 'X-API-Key': apiKey },
        body: JSON.stringify({ rrsets: [rrset] }),
      });
      assert.equal(answer.status, 204);
    };
    const records = [
      { content: '10.1.1.1', disabled: false },
      { content: '10.1.1.8', disabled: true },
    ];
    await call({ name: 'shop.site2.com.', type: 'A', ttl: 300, changetype: 'REPLACE', records });
    const [before] = await provider.read('site2.com', ['shop.site2.com']);
    assert.deepEqual(before, a('shop.site2.com', '10.1.1.1'));
    const change = {
      name: 'shop.site2.com',
      type: 'A',
      before,
      after: a('shop.site2.com', '10.1.1.2'),
    };
    await provider.apply({ zone: 'site2.com', changes: [change], guards: [] });
    const answer = await fetch(`${pdns!.url}/api/v1/servers/localhost/zones/site2.com.`, {
      headers: { 'X-API-Key': apiKey },
    });
    const { rrsets } = (await answer.json()) as { rrsets: { name: string; records: object[] }[] };
    assert.deepEqual(rrsets.find(({ name }) => name === 'shop.site2.com.')!.records, [
      { content: '10.1.1.2', disabled: false },
      { content: '10.1.1.8', disabled: true },
    ]);
  });

  it('raises the serial of the zone, so that secondaries follow', async () => {
    const serial = async () => {
      const answer = await transferZone({ address, port }, 'site2.com', {
        transport: 'tcp',
        timeoutMs: 3000,
        attempts: 1,
      });
      return Number(answer.find(({ type }) => type === 'SOA')!.data[0]!.split(' ')[2]);
    };
    const first = await serial();
    await provider.apply(move);
    assert.ok((await serial()) > first);
  });

  it('says what is wrong with the api-key, the address, the server and its answers, and never the key', async () => {
    const secret = 'a wrong api key';
    const wrong = createPowerDnsProvider({ ...options, apiKey: new Secret(secret) });
    await assert.rejects(wrong.zoneOf(zone), (error: Error & { id: string }) => {
      assert.equal(error.id, 'DnsApiDenied');
      assert.ok(!error.message.includes(secret));
      return true;
    });
    const closed = createPowerDnsProvider({ ...options, url: `http://127.0.0.1:${await freePort()}` });
    await assert.rejects(closed.zoneOf(zone), { id: 'DnsServerUnreachable' });
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    const strange = createServer((_, answer) => answer.end('<html>')).listen(0, '127.0.0.1');
    try {
      await Promise.all([silent, strange].map(async (one) => one.listening || once(one, 'listening')));
      const at = (server: typeof silent) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const late = createPowerDnsProvider({ ...options, url: at(silent), timeoutMs: 100 });
      await assert.rejects(late.zoneOf(zone), { id: 'DnsTimeout' });
      const other = createPowerDnsProvider({ ...options, url: at(strange) });
      await assert.rejects(other.zoneOf(zone), { id: 'DnsApiFailed' });
      const stopped = createPowerDnsProvider({ ...options, url: at(silent) });
      await assert.rejects(stopped.zoneOf(zone, AbortSignal.abort(new Error('stopped'))), /stopped/);
    } finally {
      for (const one of [silent, strange]) {
        one.closeAllConnections();
        one.close();
      }
    }
  });
});
