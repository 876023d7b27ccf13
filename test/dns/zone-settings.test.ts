import assert from 'node:assert/strict';
import {
  createRfc2136Provider,
  namesOfZone,
  parseTsigKey,
  planZoneSettings,
  recordSet,
  type RecordSet,
} from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import { missingBind, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { a, cname } from './samples.ts';

const zone = 'site1.com';
const soa = (serial: number, refresh = 300, retry = 60, minimum = 300, ttl = 300): RecordSet =>
  recordSet(zone, 'SOA', ttl, [
    `ns.${zone} hostmaster.${zone} ${serial} ${refresh} ${retry} 86400 ${minimum}`,
  ]);
const slow = (set: RecordSet): RecordSet => ({ ...set, ttl: 86_400 });
const wanted = { ttl: 300, refresh: 300, minimum: 300 };
const request = { zone, hostNames: [zone], soa: soa(7), current: [], wanted, create: undefined };

describe('the settings of a zone', () => {
  it('are left alone where nothing is above the wanted values', () => {
    const current = [a(zone, '10.1.1.1'), { ...cname(`www.${zone}`, zone), ttl: 60 }];
    assert.equal(planZoneSettings({ ...request, current }), undefined);
    assert.equal(
      planZoneSettings({ ...request, soa: soa(7, 60, 600, 60) }),
      undefined,
      'retry alone is not ours',
    );
  });

  it('are brought down with the next serial number, and a retry interval below the refresh interval', () => {
    const plan = planZoneSettings({ ...request, soa: soa(7, 900, 600, 3600, 3600) });
    assert.deepEqual(plan?.change.changes, [
      { name: zone, type: 'SOA', before: soa(7, 900, 600, 3600, 3600), after: soa(8, 300, 60, 300, 300) },
    ]);
    assert.deepEqual(plan?.words, [
      'SOA refresh 900 -> 300',
      'SOA retry 600 -> 60',
      'SOA minimum 3600 -> 300',
      'SOA TTL 3600 -> 300',
    ]);
  });

  it('have a serial number that begins anew after the highest one', () => {
    const plan = planZoneSettings({ ...request, soa: soa(0xffffffff, 900) });
    assert.match(plan?.change.changes[0]?.after?.data[0] ?? '', / 1 300 60 86400 300$/);
  });

  it('hold the TTLs of addresses and aliases, not of mail', () => {
    const mail = slow(recordSet(zone, 'MX', 300, [`10 mx.${zone}`]));
    const plan = planZoneSettings({ ...request, current: [slow(a(zone, '10.1.1.1')), mail] });
    assert.deepEqual(plan?.change.changes, [
      { name: zone, type: 'A', before: slow(a(zone, '10.1.1.1')), after: a(zone, '10.1.1.1') },
    ]);
  });

  it("get the whitepaper's records where they are wanted and there are none", () => {
    const plan = planZoneSettings({ ...request, create: () => ['10.1.1.1', '2001:db8::1'] });
    assert.deepEqual(
      plan?.change.changes.map(({ after }) => `${after?.name} ${after?.type} ${after?.data.join()}`),
      ['site1.com A 10.1.1.1', 'site1.com AAAA 2001:db8::1', 'www.site1.com CNAME site1.com'],
    );
    assert.deepEqual(
      plan?.change.guards.map(({ name, type }) => `${name} ${type}`),
      ['site1.com CNAME', 'site1.com CNAME', 'www.site1.com A', 'www.site1.com AAAA'],
    );
    const held = [a(zone, '10.9.9.9'), cname(`www.${zone}`, 'cdn.example.net')];
    assert.equal(planZoneSettings({ ...request, current: held, create: () => ['10.1.1.1'] }), undefined);
  });
});

describe('the settings of a zone of BIND', function () {
  this.timeout(60_000);
  const address = '127.0.0.1';
  before(async function () {
    skipWhereMissing(this, await missingBind());
  });

  it('are changed by one update that holds only for the zone that was read', async () => {
    const file = [
      '$TTL 86400',
      `@ SOA ns.${zone}. hostmaster.${zone}. 41 10800 3600 604800 86400`,
      '@ NS ns',
      'ns A 127.0.0.1',
      '@ A 10.1.1.1',
      '',
    ].join('\n');
    const bind = await startLabBind(address, { port: await freePort(), zones: { [zone]: file } });
    try {
      const server = { address, port: bind.port };
      const provider = createRfc2136Provider({
        primary: server,
        nameServers: [server],
        key: parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' }),
        clock: systemClock,
      });
      const look = async () => ({
        ...request,
        soa: (await provider.readSoa!(zone))!,
        current: await provider.read(zone, namesOfZone(zone, [zone])),
        create: () => ['10.1.1.1'],
      });
      const plan = planZoneSettings(await look())!;
      await provider.apply(plan.change);
      const now = await look();
      assert.deepEqual(
        now.soa,
        recordSet(zone, 'SOA', 300, [`ns.${zone} hostmaster.${zone} 42 300 60 604800 300`]),
      );
      assert.deepEqual(await bind.table(zone), [
        'ns.site1.com 86400 A 127.0.0.1',
        'site1.com 300 A 10.1.1.1',
        'site1.com 86400 NS ns.site1.com',
        'www.site1.com 300 CNAME site1.com',
      ]);
      assert.equal(planZoneSettings(now), undefined, 'a second run changes nothing');
      assert.equal((await provider.readBack(plan.change)).confirmed, true);
      await assert.rejects(provider.apply(plan.change), { id: 'DnsChangedMeanwhile' });
    } finally {
      await bind.stop();
    }
  });
});
