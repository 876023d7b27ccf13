import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import {
  createWindowsDnsProvider,
  namesOfZone,
  planSwitch,
  planZoneSettings,
  recordSet,
  type ZoneChange,
} from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { Secret } from '../../src/model/secret.ts';
import { PowerShellSession } from '../../src/windows/powershell-session.ts';
import { eachEngine } from '../support/engines.ts';
import { a, aaaa, cname, sorted } from './samples.ts';

const standIn = fileURLToPath(new URL('DnsServer.psm1', import.meta.url));
const zone = 'corp.site1.com';
const original = [
  '@ A 10.1.1.1 dynamic',
  '@ AAAA 2001:db8::1 static',
  'www CNAME corp.site1.com. static',
  'mail MX 10 static mx.corp.site1.com.',
  'mail TXT text static',
];
const held = [
  '@ A 10.1.1.1 dynamic 300',
  '@ AAAA 2001:db8::1 static 300',
  'www CNAME corp.site1.com. static 300',
  'mail MX 10 mx.corp.site1.com. static 300',
  'mail TXT text static 300',
].sort();

eachEngine('Zones through the DnsServer cmdlets', ({ executable }) => {
  const session = new PowerShellSession({ executable });
  const provider = createWindowsDnsProvider({ computerName: 'dns1', session, clock: systemClock });
  const records = async () =>
    (await session.invoke('Get-StandInZone', { ZoneName: zone })).map(String).sort();
  beforeEach(async () => {
    await session.invoke('Import-Module', { Name: standIn });
    await session.invoke('Set-StandInZone', { ZoneName: zone, Records: original });
  });
  after(() => provider.close());

  const site = { zone, hostNames: [zone, `www.${zone}`], primary: ['10.1.1.1', '2001:db8::1'] };
  const failover = ['10.1.1.2'];

  it('are found among the forward zones of the server, and read', async () => {
    assert.equal(await provider.zoneOf('WWW.corp.site1.com'), zone);
    await assert.rejects(provider.zoneOf('www.forwarded.com'), { id: 'DnsZoneNotFound' });
    assert.deepEqual(
      sorted(await provider.read(zone, [zone, `www.${zone}`, `mail.${zone}`, `old.${zone}`])),
      sorted([
        a(zone, '10.1.1.1'),
        aaaa(zone, '2001:db8::1'),
        cname(`www.${zone}`, zone),
        recordSet(`mail.${zone}`, 'MX', 300, [`10 mx.${zone}`]),
      ]),
    );
    await assert.rejects(provider.read('site9.com', ['site9.com']), { id: 'DnsZoneNotFound' });
  });

  it('are switched and brought back, dynamic records as dynamic ones', async () => {
    const current = await provider.read(zone, site.hostNames);
    const there = planSwitch({ ...site, failover, direction: 'failover', current });
    assert(there.kind === 'change');
    await provider.apply(there.change);
    assert.deepEqual(
      await records(),
      [
        '@ A 10.1.1.2 dynamic 300',
        'old A 10.1.1.1 static 300',
        'old AAAA 2001:db8::1 static 300',
        ...held.filter((line) => !line.startsWith('@')),
      ].sort(),
    );
    const now = await provider.read(zone, [...site.hostNames, `old.${zone}`]);
    const back = planSwitch({ ...site, failover, direction: 'failback', current: now, saved: there.saved });
    assert(back.kind === 'change');
    await provider.apply(back.change);
    assert.deepEqual(
      (await records()).filter((line) => !line.startsWith('@ AAAA')),
      held.filter((line) => !line.startsWith('@ AAAA')),
    );
    assert.deepEqual(await provider.read(zone, site.hostNames), current);
  });

  const move: ZoneChange = {
    zone,
    changes: [
      { name: zone, type: 'A', before: a(zone, '10.1.1.1'), after: a(zone, '10.1.1.2') },
      { name: zone, type: 'AAAA', before: aaaa(zone, '2001:db8::1'), after: aaaa(zone, '2001:db8::2') },
    ],
    guards: [{ name: `old.${zone}`, type: 'A', expected: null }],
  };

  it('are left alone where a record or a guard is not as the plan saw it', async () => {
    const stale = { ...move.changes[0]!, before: a(zone, '10.9.9.9') };
    await assert.rejects(provider.apply({ ...move, changes: [stale] }), { id: 'DnsChangedMeanwhile' });
    const guards = [{ name: `www.${zone}`, type: 'CNAME', expected: null }];
    await assert.rejects(provider.apply({ ...move, guards }), { id: 'DnsChangedMeanwhile' });
    assert.deepEqual(await records(), held);
  });

  for (const step of ['add @ AAAA', 'remove @ A$', 'remove @ AAAA']) {
    it(`are as before where the cmdlet for "${step}" fails`, async () => {
      await session.invoke('Set-StandInFailure', { At: step, Times: 1 });
      await assert.rejects(provider.apply(move), { id: 'CmdletFailed', message: /Access denied/ });
      assert.deepEqual(await records(), held);
    });
  }

  describe('whose SOA record and TTLs are too long', () => {
    const fixed = original.map((line) => line.replace('dynamic', 'static'));
    const soa = recordSet(zone, 'SOA', 300, [`dc1.${zone} hostmaster.${zone} 7 900 600 86400 3600`]);
    const wanted = { ttl: 60, refresh: 120, minimum: 90 };
    const plan = async () => {
      const found = await provider.readSoa?.(zone);
      const current = await provider.read(zone, namesOfZone(zone, [zone]));
      return planZoneSettings({ zone, hostNames: [zone], soa: found!, current, wanted, create: undefined });
    };
    const lines = held.map((line) => line.replace('dynamic', 'static'));
    const set = (...changes: readonly (readonly [string, string])[]) =>
      changes.reduce(
        (all, [from, to]) => all.map((line) => (line.startsWith(from) ? to : line)),
        [...lines, '@ SOA 7/900/600/86400/3600 static 300'],
      );
    beforeEach(() =>
      session.invoke('Set-StandInZone', {
        ZoneName: zone,
        Records: [...fixed, '@ SOA 7/900/600/86400/3600 static'],
      }),
    );

    it('are set to lower values, which a second look finds done', async () => {
      assert.deepEqual(await provider.readSoa?.(zone), soa);
      const planned = await plan();
      await provider.apply(planned!.change);
      assert.equal(await plan(), undefined);
      assert.deepEqual(
        await records(),
        set(
          ['@ SOA', '@ SOA 8/120/24/86400/90 static 90'],
          ['@ A ', '@ A 10.1.1.1 static 60'],
          ['@ AAAA', '@ AAAA 2001:db8::1 static 60'],
          ['www', 'www CNAME corp.site1.com. static 60'],
        ).sort(),
      );
    });

    it('are as before where the cmdlet fails half-way', async () => {
      const planned = await plan();
      await session.invoke('Set-StandInFailure', { At: 'set @ AAAA', Times: 1 });
      await assert.rejects(provider.apply(planned!.change), { id: 'CmdletFailed' });
      assert.deepEqual(await records(), set().sort());
    });

    it('are left alone where a record has a timestamp, which setting it would take away', async () => {
      const Records = [...original, '@ SOA 7/900/600/86400/3600 static'];
      await session.invoke('Set-StandInZone', { ZoneName: zone, Records });
      const before = await records();
      const planned = await plan();
      await assert.rejects(provider.apply(planned!.change), {
        id: 'DnsZoneSettingsUnsupported',
        message:
          'corp.site1.com A has a timestamp: the cmdlet that gives it another TTL would make it a static record',
      });
      assert.deepEqual(await records(), before);
    });
  });

  it('are named as half changed where taking back fails too', async () => {
    await session.invoke('Set-StandInFailure', { At: 'remove', Times: 9 });
    await assert.rejects(provider.apply(move), {
      id: 'DnsChangeIncomplete',
      message:
        /add corp\.site1\.com A 10\.1\.1\.2, add corp\.site1\.com AAAA 2001:db8::2, and taking that back failed/,
    });
  });

  it('are reached by a CIM session where there is a credential, also after its PowerShell ended', async () => {
    const credential = { userName: 'CORP\\dns', password: new Secret('correct "horse"') };
    const own = new PowerShellSession({ executable });
    const other = createWindowsDnsProvider({
      computerName: 'dns1',
      credential,
      session: own,
      clock: systemClock,
    });
    try {
      for (const round of [1, 2]) {
        await own.invoke('Import-Module', { Name: standIn });
        await own.invoke('Set-StandInZone', { ZoneName: zone, Records: original });
        assert.equal(await other.zoneOf(`www.${zone}`), zone, `round ${round}`);
        assert.equal((await other.read(zone, [zone])).length, 2);
        assert.deepEqual(await own.invoke('Get-StandInUser'), ['CORP\\dns correct "horse"']);
        await other.close();
      }
    } finally {
      await other.close();
    }
  });

  it('end their PowerShell once nobody has used it for a while', async () => {
    const own = new PowerShellSession({ executable });
    const other = createWindowsDnsProvider({
      computerName: 'dns1',
      session: own,
      idleMs: 1,
      clock: systemClock,
    });
    await own.invoke('Import-Module', { Name: standIn });
    await own.invoke('Set-StandInZone', { ZoneName: zone, Records: original });
    assert.equal((await other.read(zone, [zone])).length, 2);
    const ended = async () =>
      own.invoke('Get-StandInUser').then(
        () => false,
        () => true, // a new PowerShell has no stand-in, and an ending one gives no reply
      );
    for (let tries = 0; !(await ended()); tries++) {
      assert.ok(tries < 100);
      await systemClock.sleep(50);
    }
    await other.close();
  });
});
