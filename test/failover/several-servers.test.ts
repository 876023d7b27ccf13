import assert from 'node:assert/strict';
import { recordSet, type RecordSet } from '../../src/dns/index.ts';
import { readState, siteState, updateState } from '../../src/edge/state.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import { planRound, stateSeen } from '../../src/failover/round.ts';
import { applySwitches } from '../../src/failover/switch-apply.ts';
import { readRecords } from '../../src/failover/switch-plan.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { SiteState } from '../../src/model/state.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { temporaryFolder } from '../support/tree.ts';
import { fakeClock, FakeProber, FakeProvider, loadedWith } from './lab.ts';

const a = (name: string, address: string, ttl = 300): RecordSet => recordSet(name, 'A', ttl, [address]);
const web1 = '10.1.1.1';
const web2 = '10.1.1.2';
const standby1 = '10.1.1.3';
const standby2 = '10.1.1.4';
const servers: Settings['servers'] = [
  { name: 'WEB01', role: 'primary', addresses: [web1] },
  { name: 'WEB02', role: 'primary', addresses: [web2] },
  { name: 'STANDBY1', role: 'failover', addresses: [standby1] },
  { name: 'STANDBY2', role: 'failover', addresses: [standby2] },
];
const sites: Settings['sites'] = [
  { name: 'one', hostNames: ['one.example.com'], primary: 'WEB01' },
  { name: 'two', hostNames: ['two.example.com'], primary: 'WEB02' },
];
const before = [a('one.example.com', web1, 77), a('two.example.com', web2)];

describe('rounds with two primaries and two failover servers', () => {
  const { signal } = new AbortController();
  const folder = temporaryFolder();
  let provider: FakeProvider;
  let prober: FakeProber;

  beforeEach(() => {
    provider = new FakeProvider({ 'example.com': before });
    prober = new FakeProber();
    for (const { addresses } of servers) prober.status.set(addresses[0]!, 200);
  });

  async function plan(changes: Partial<Settings> = {}) {
    const loaded = loadedWith({ servers, sites, ...changes });
    const common = { loaded, provider, prober, clock: fakeClock, signal, reach: async () => true };
    return planRound(fleetSites(loaded), { ...common, state: await readState(folder.path) });
  }
  /** As the scheduled task makes it. */
  async function round(changes: Partial<Settings> = {}): Promise<string[]> {
    const rounds = await plan(changes);
    await updateState(folder.path, new Map(rounds.map((one) => [one.site, stateSeen(one)])));
    const planned = rounds.flatMap((one) => one.planned ?? []);
    await applySwitches(planned, provider, folder.path, fakeClock, signal);
    return rounds.map(({ site, decision }) => `${site} ${decision.reason} ${decision.to ?? '-'}`);
  }
  const zone = () =>
    [...provider.zones.get('example.com')!]
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, ttl, data }) => `${name} ${ttl} ${data.join()}`);
  const stateOf = async (name: string): Promise<SiteState> => siteState(await readState(folder.path), name);

  it('move the sites of the primary that died from one failover server to the next, and back', async () => {
    prober.status.set(web1, undefined);
    assert.deepEqual(await round(), ['one PrimaryDown STANDBY1', 'two PrimaryUp -']);
    assert.deepEqual(zone(), [
      `old-web01.example.com 77 ${web1}`,
      `one.example.com 77 ${standby1}`,
      `two.example.com 300 ${web2}`,
    ]);
    prober.status.set(standby1, 500);
    assert.deepEqual(await round(), ['one StandbyDown STANDBY2', 'two PrimaryUp -']);
    assert.equal(zone()[1], `one.example.com 77 ${standby2}`);
    const { target, targetServer, saved } = await stateOf('one');
    assert.deepEqual([target, targetServer], ['failover', 'STANDBY2']);
    assert.deepEqual(saved, [{ zone: 'example.com', recordSets: [before[0]] }]);
    prober.status.set(standby1, 200);
    assert.deepEqual(await round(), ['one ServedByFailover -', 'two PrimaryUp -']);
    prober.status.set(web1, 200);
    assert.deepEqual(await round(), ['one PrimaryReturned WEB01', 'two PrimaryUp -']);
    assert.deepEqual(zone(), ['one.example.com 77 10.1.1.1', 'two.example.com 300 10.1.1.2']);
    assert.equal((await stateOf('one')).saved, undefined);
  });

  it('keep an old record for each primary, of which each goes with the last of its sites', async () => {
    prober.status.set(web1, undefined).set(web2, undefined);
    const monitor = { massFailure: { policy: 'allow' as const } };
    await round({ monitor });
    assert.deepEqual(zone().slice(0, 2), [
      `old-web01.example.com 77 ${web1}`,
      `old-web02.example.com 300 ${web2}`,
    ]);
    prober.status.set(web1, 200);
    await round({ monitor });
    assert.deepEqual(zone(), [
      `old-web02.example.com 300 ${web2}`,
      `one.example.com 77 ${web1}`,
      `two.example.com 300 ${standby1}`,
    ]);
    prober.status.set(web2, 200);
    await round({ monitor });
    assert.deepEqual(zone(), ['one.example.com 77 10.1.1.1', 'two.example.com 300 10.1.1.2']);
  });

  it("use a site's own order, addresses and policy", async () => {
    const own = {
      ...sites[0]!,
      failover: ['STANDBY2', 'STANDBY1'],
      addresses: { WEB01: ['10.1.2.1'], STANDBY2: ['10.1.2.4'] },
      monitor: { failback: 'manual' as const },
    };
    provider.zones.set('example.com', [a('one.example.com', '10.1.2.1'), before[1]!]);
    prober.status.set('10.1.2.4', 200);
    const changes = { sites: [own, sites[1]!] };
    assert.deepEqual(await round(changes), ['one PrimaryDown STANDBY2', 'two PrimaryUp -']);
    assert.equal(zone()[1], 'one.example.com 300 10.1.2.4');
    prober.status.set('10.1.2.1', 200);
    prober.status.set(web2, undefined);
    assert.deepEqual(await round(changes), ['one FailbackManual -', 'two PrimaryDown STANDBY1']);
  });

  it('go on from the state file of a version with one failover server, without a switch', async () => {
    const time = fakeClock.now().toISOString();
    const probe = { time, healthy: true, statusCode: 200, error: null };
    const held = { since: time, successes: 3, failures: 0 };
    const former = {
      target: 'failover',
      forced: 'failover',
      saved: [{ zone: 'example.com', recordSets: [before[0]!] }],
      probes: { primary: { ...probe, healthy: false }, failover: probe },
      health: { primary: { ...held, successes: 0, state: 'down' }, failover: { ...held, state: 'up' } },
    } as const;
    await updateState(folder.path, new Map([['one', former]]));
    provider.zones.set('example.com', [a('one.example.com', standby1, 77), before[1]!]);
    const [one] = await plan();
    assert.deepEqual([one!.decision.reason, one!.planned], ['Forced', undefined]);
    assert.deepEqual(
      [one!.primary, ...one!.standbys].map(({ held }) => held.successes),
      [1, 4, 1],
    );
    await updateState(folder.path, new Map([['one', { forced: undefined }]]));
    prober.status.set(web1, undefined);
    assert.deepEqual(await round(), ['one ServedByFailover -', 'two PrimaryUp -']);
    prober.status.set(web1, 200);
    await round();
    assert.equal(zone()[0], `one.example.com 77 ${web1}`);
  });

  it('complete a move that reached one of two zones only', async () => {
    const both = [{ ...sites[0]!, hostNames: ['one.example.com', 'one.example.net'] }];
    provider.zones.set('example.net', [a('one.example.net', web1)]);
    prober.status.set(web1, undefined);
    await round({ sites: both });
    prober.status.set(standby1, undefined);
    provider.faultIn.set('example.net', new FailoverError('DnsRefused', 'refused'));
    assert.deepEqual(await round({ sites: both }), ['one StandbyDown STANDBY2']);
    const loaded = loadedWith({ servers, sites: both });
    const { target, split } = await readRecords(fleetSites(loaded)[0]!, loaded, provider, signal);
    assert.deepEqual([target, split], ['unknown', ['STANDBY2', 'STANDBY1']]);
    assert.equal((await stateOf('one')).pendingServer, 'STANDBY2');
    provider.faultIn.clear();
    prober.status.set(standby1, 200); // it serves again, and yet the site is to be on one server
    assert.deepEqual(await round({ sites: both }), ['one SwitchIncomplete STANDBY2']);
    assert.deepEqual(await round({ sites: both }), ['one ServedByFailover -']);
    prober.status.set(web1, 200);
    await round({ sites: both });
    assert.deepEqual(provider.zones.get('example.net'), [a('one.example.net', web1)]);
  });

  it('refuse the failure of most sites of two primaries at once, and not that of one with a stray site', async () => {
    const many = [1, 2, 3].map((n) => ({ ...sites[0]!, name: `w${n}`, hostNames: [`w${n}.example.com`] }));
    const others = [1, 2, 3].map((n) => ({ ...sites[1]!, name: `x${n}`, hostNames: [`x${n}.example.com`] }));
    const all = [...many, ...others];
    provider.zones.set(
      'example.com',
      all.map(({ name, primary }) => a(`${name}.example.com`, primary === 'WEB01' ? web1 : web2)),
    );
    prober.status.set(web1, undefined);
    const probe = prober.probe.bind(prober);
    prober.probe = async (check, address) => {
      const stray = check.hostName === 'x1.example.com' && address === web2;
      return probe(check, stray ? '10.9.9.9' : address);
    };
    const moved = (await plan({ sites: all })).filter(({ decision }) => decision.to === 'STANDBY1');
    assert.deepEqual(
      moved.map(({ site }) => site),
      ['w1', 'w2', 'w3', 'x1'],
    );
    prober.status.set(web2, undefined);
    const reasons = new Set((await plan({ sites: all })).map(({ decision }) => decision.reason));
    assert.deepEqual([...reasons], ['MassFailure']);
  });
});
