import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSet, type RecordSet } from '../../src/dns/index.ts';
import { readState } from '../../src/edge/state.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import { planRound, type SiteRound } from '../../src/failover/round.ts';
import { applySwitches } from '../../src/failover/switch-apply.ts';
import { planSiteSwitch, readRecords } from '../../src/failover/switch-plan.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { fakeClock, FakeProber, FakeProvider, loadedWith } from './lab.ts';

const a = (name: string, address: string): RecordSet => recordSet(name, 'A', 300, [address]);
const zonesBefore = {
  'site1.com': [a('site1.com', '10.1.1.1')],
  'site2.com': [a('site2.com', '10.1.1.1')],
  'example.net': [a('shop.example.net', '10.1.1.1')],
};

const sorted = (sets: readonly RecordSet[]): RecordSet[] =>
  [...sets].sort((one, other) => (one.name < other.name ? -1 : 1));

describe('a round of the monitor', () => {
  const { signal } = new AbortController();
  const loaded = loadedWith();
  let folder: string;
  let provider: FakeProvider;
  let prober: FakeProber;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'round-'));
    provider = new FakeProvider(zonesBefore);
    prober = new FakeProber();
    prober.status.set('10.1.1.1', 200).set('10.1.1.2', 200);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function plan(settings = loaded): Promise<SiteRound[]> {
    const state = await readState(folder);
    return planRound(fleetSites(settings), {
      loaded: settings,
      provider,
      prober,
      reach: async () => true,
      state,
      clock: fakeClock,
      signal,
    });
  }

  async function round(settings = loaded): Promise<string[]> {
    const rounds = await plan(settings);
    const switches = rounds.flatMap((one) => one.planned ?? []);
    const results = await applySwitches(switches, provider, folder, fakeClock, signal);
    return [
      ...rounds.map(({ site, decision }) => `${site} ${decision.action} ${decision.reason}`),
      ...results.flatMap((one) => one.errors.map((error) => `${one.site} ${error.id}`)),
    ];
  }

  it('moves more sites of one zone than fit one message, and restores all of them', async () => {
    const names = Array.from({ length: 1200 }, (_, index) => `site${index}.example.com`);
    provider = new FakeProvider({ 'example.com': names.map((name) => a(name, '10.1.1.1')) });
    const before = sorted(provider.zones.get('example.com')!);
    const many = loadedWith({ sites: names.map((name) => ({ name, hostNames: [name] })) });
    prober.status.set('10.1.1.1', undefined);
    await round(many);
    const moved = provider.zones.get('example.com')!.filter(({ data }) => data[0] === '10.1.1.2');
    assert.equal(moved.length, 1200);
    assert.ok(provider.applied.length > 1, 'they fitted one message');
    prober.status.set('10.1.1.1', 200);
    await round(many);
    assert.deepEqual(sorted(provider.zones.get('example.com')!), before);
  });

  it('changes nothing while the primary is up', async () => {
    assert.deepEqual(await round(), ['site1.com none PrimaryUp', 'site2.com none PrimaryUp']);
    assert.deepEqual(provider.applied, []);
  });

  it('moves every zone of every site, keeps the old address, and restores exactly that', async () => {
    prober.status.set('10.1.1.1', undefined);
    assert.deepEqual(await round(), ['site1.com failover PrimaryDown', 'site2.com failover PrimaryDown']);
    assert.deepEqual(provider.zones.get('site1.com'), [
      a('site1.com', '10.1.1.2'),
      a('old.site1.com', '10.1.1.1'),
    ]);
    assert.deepEqual(provider.zones.get('example.net')?.[0], a('shop.example.net', '10.1.1.2'));
    assert.equal((await readState(folder)).sites['site2.com']?.target, 'failover');

    assert.deepEqual(await round(), ['site1.com none ServedByFailover', 'site2.com none ServedByFailover']);

    prober.status.set('10.1.1.1', 200);
    assert.deepEqual(await round(), [
      'site1.com failback PrimaryReturned',
      'site2.com failback PrimaryReturned',
    ]);
    assert.deepEqual(Object.fromEntries(provider.zones), zonesBefore);
    const state = (await readState(folder)).sites['site2.com'];
    assert.equal(state?.target, 'primary');
    assert.equal(state?.saved, undefined);
  });

  it('believes a failure only after it was verified', async () => {
    prober.status.set('10.1.1.1', 500);
    await plan();
    assert.equal(prober.probes, 2 * 3 + 2); // three attempts for the primary, one for the failover server, twice
  });

  it('stays where both are down', async () => {
    prober.status.set('10.1.1.1', undefined).set('10.1.1.2', 500);
    assert.deepEqual(await round(), ['site1.com none BothDown', 'site2.com none BothDown']);
    assert.deepEqual(provider.applied, []);
  });

  it('switches no zone of a site of which one zone is refused; the other site goes on', async () => {
    provider.zones.set('example.net', [recordSet('shop.example.net', 'A', 300, ['10.1.1.1', '10.9.9.9'])]);
    prober.status.set('10.1.1.1', undefined);
    const [first, second] = await plan();
    assert.equal(first?.planned?.to, 'failover');
    assert.equal(second?.planned, undefined);
  });

  it('saves what failback needs before the first message goes out', async () => {
    prober.status.set('10.1.1.1', undefined);
    let savedThen: unknown;
    provider.onApply = async () => {
      savedThen ??= (await readState(folder)).sites['site1.com']?.saved?.[0]?.recordSets[0];
    };
    await round();
    assert.deepEqual(savedThen, a('site1.com', '10.1.1.1'));
  });

  it('reports a refused update and leaves the state on the primary', async () => {
    prober.status.set('10.1.1.1', undefined);
    provider.fault = new FailoverError('DnsRefused', 'refused');
    const outcome = await round();
    assert.deepEqual(outcome.slice(2), [
      'site1.com DnsRefused',
      'site2.com DnsRefused',
      'site2.com DnsRefused',
    ]);
    assert.equal((await readState(folder)).sites['site1.com']?.target, undefined);
  });

  it('takes the old record away when two sites of one zone fail back in the same round', async () => {
    const shared = loadedWith({
      sites: [
        { name: 'one', hostNames: ['one.example.net'] },
        { name: 'two', hostNames: ['two.example.net'] },
      ],
    });
    const before = [a('one.example.net', '10.1.1.1'), a('two.example.net', '10.1.1.1')];
    provider.zones.set('example.net', before);
    prober.status.set('10.1.1.1', undefined);
    await round(shared);
    assert.equal(provider.zones.get('example.net')?.length, 3);
    prober.status.set('10.1.1.1', 200);
    await round(shared);
    assert.deepEqual(provider.zones.get('example.net'), before);
  });

  it('keeps the original records of a site that was half moved and is moved again', async () => {
    const site = { name: 'shop', hostNames: ['a.example.net', 'b.example.net'] };
    const shop = loadedWith({ sites: [site], monitor: { failback: 'automatic' } });
    const before = [
      recordSet('a.example.net', 'A', 60, ['10.1.1.1']),
      recordSet('b.example.net', 'A', 90, ['10.1.1.1']),
    ];
    provider.zones.set('example.net', before);
    prober.status.set('10.1.1.1', undefined);
    await round(shop);
    const moved = provider.zones.get('example.net') ?? [];
    provider.zones.set('example.net', [...moved.filter((set) => set.name !== 'b.example.net'), before[1]!]);
    const loadedState = await readState(folder);
    const [target] = await plan(shop);
    assert.equal(target?.target, 'unknown'); // the monitor leaves a mixed site alone; an administrator moves it on
    const records = await readRecords(fleetSites(shop)[0]!, shop, provider, signal);
    const again = planSiteSwitch(
      fleetSites(shop)[0]!,
      fleetSites(shop)[0]!.standbys[0]!,
      records,
      loadedState,
      shop,
    );
    await applySwitches([again], provider, folder, fakeClock, signal);
    prober.status.set('10.1.1.1', 200);
    await round(shop);
    assert.deepEqual(provider.zones.get('example.net'), before);
  });

  it('forgets what it saved where the server certainly changed nothing', async () => {
    prober.status.set('10.1.1.1', undefined);
    provider.fault = new FailoverError('DnsRefused', 'refused');
    await round();
    assert.equal((await readState(folder)).sites['site1.com']?.saved, undefined);
    provider.fault = new FailoverError('DnsTimeout', 'no answer');
    await round();
    assert.notEqual((await readState(folder)).sites['site1.com']?.saved, undefined);
  });

  it('waits for as many good rounds as the settings ask before it fails back', async () => {
    const patient = loadedWith({ monitor: { failbackAfter: 2 } });
    prober.status.set('10.1.1.1', undefined);
    await round(patient);
    prober.status.set('10.1.1.1', 200);
    assert.deepEqual(await round(patient), [
      'site1.com none FailbackWaiting',
      'site2.com none FailbackWaiting',
    ]);
  });

  it('does nothing for a site whose records cannot be read, and says why', async () => {
    provider.zones.delete('site1.com');
    prober.status.set('10.1.1.1', undefined);
    const [first] = await plan();
    assert.equal(first?.decision.reason, 'TargetUnknown');
    assert.match(first?.error?.message ?? '', /no zone for site1\.com/);
  });
});
