import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DnsProvider,
  limitChanges,
  namingView,
  recordSet,
  type RecordSet,
} from '../../src/dns/index.ts';
import { readState, siteState, updateState } from '../../src/edge/state.ts';
import { confirmAgain } from '../../src/failover/confirm.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import { applySwitches, type SwitchResult } from '../../src/failover/switch-apply.ts';
import { refusedSwitches } from '../../src/failover/switch-check.ts';
import { planSiteSwitch, readRecords, type SiteRecords } from '../../src/failover/switch-plan.ts';
import { unfinished } from '../../src/failover/unfinished.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { ServerRole } from '../../src/model/state.ts';
import { bindSettings } from '../../src/settings/load.ts';
import { fakeClock, FakeProvider, loadedWith } from './lab.ts';

const zone = 'site1.com';
const a = (address: string, name = zone): RecordSet => recordSet(name, 'A', 300, [address]);
const loaded = loadedWith({
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'], views: { internal: ['192.168.1.1'] } },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'], views: { internal: ['192.168.1.2'] } },
  ],
  sites: [{ name: zone, hostNames: [zone] }],
});

describe('a zone in two views', () => {
  const { signal } = new AbortController();
  const [site] = fleetSites(loaded);
  let folder: string;
  let external: FakeProvider;
  let internal: FakeProvider;
  let provider: DnsProvider;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'views-'));
    external = new FakeProvider({ [zone]: [a('10.1.1.1')] });
    internal = new FakeProvider({ [zone]: [a('192.168.1.1')] });
    const view = { name: 'internal', zones: [zone], provider: namingView('internal', internal) };
    provider = Object.assign(external, { views: [view] });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = (one = site!): Promise<SiteRecords> => readRecords(one, loaded, provider, signal);
  async function move(to: ServerRole, one = site!, settings = loaded): Promise<SwitchResult> {
    const server = to === 'primary' ? one.primary : one.standbys[0]!;
    const planned = planSiteSwitch(one, server, await read(one), await readState(folder), settings);
    const [result] = await applySwitches([planned], provider, folder, fakeClock, signal);
    return result!;
  }
  /** The views that were changed, and what of the switch is missing. */
  const inPart = ({ made, missing }: SwitchResult) => [made.map(({ view }) => view), missing];
  const addresses = (): string[][] =>
    [external, internal].map(({ zones }) =>
      zones.get(zone)!.map(({ name, data }) => `${name} ${data.join()}`),
    );
  const before = [['site1.com 10.1.1.1'], ['site1.com 192.168.1.1']];
  const after = [
    ['site1.com 10.1.1.2', 'old.site1.com 10.1.1.1'],
    ['site1.com 192.168.1.2', 'old.site1.com 192.168.1.1'],
  ];

  it('is switched in both, each to its own addresses, and restored in both', async () => {
    const result = await move('failover');
    assert.equal(result.confirmed, true);
    assert.deepEqual(inPart(result), [[undefined, 'internal'], []]);
    assert.deepEqual(addresses(), after);
    const { saved } = siteState(await readState(folder), zone);
    assert.deepEqual(
      saved?.map(({ view, recordSets }) => [view, recordSets[0]?.data]),
      [
        [undefined, ['10.1.1.1']],
        ['internal', ['192.168.1.1']],
      ],
    );
    assert.equal((await move('primary')).switched, true);
    assert.deepEqual(addresses(), before);
  });

  it('is split where one view could not be changed, with the view in the error, until that is made up for', async () => {
    internal.fault = new FailoverError('DnsTimeout', 'no answer');
    const result = await move('failover');
    assert.deepEqual([result.switched, result.untouched], [false, false]);
    assert.deepEqual(inPart(result), [[undefined], ['site1.com (view internal): not changed yet']]);
    assert.deepEqual(
      result.errors.map(({ id, message }) => [id, message]),
      [['DnsTimeout', 'View internal: no answer']],
    );
    assert.deepEqual(addresses(), [after[0], before[1]]);
    const records = await read();
    assert.deepEqual([records.target, records.split], ['unknown', ['FAILOVER', 'PRIMARY']]);
    assert.equal(siteState(await readState(folder), zone).pending, 'failover');
    const left = async () => unfinished(site!, await read(), siteState(await readState(folder), zone));
    assert.deepEqual(await left(), ['site1.com (view internal): not changed yet']);
    internal.readFault = internal.fault;
    assert.deepEqual(await left(), ['site1.com (view internal): not read']);
    internal.readFault = undefined;
    internal.fault = undefined;
    assert.equal((await move('failover')).switched, true);
    assert.deepEqual([addresses(), await left()], [after, []]);
    assert.equal((await move('primary')).switched, true);
    assert.deepEqual(addresses(), before);
  });

  it('is undone where it was switched in one view alone', async () => {
    external.fault = new FailoverError('DnsTimeout', 'no answer');
    await move('failover');
    assert.deepEqual(addresses(), [before[0], after[1]]);
    external.fault = undefined;
    assert.equal((await move('primary')).switched, true);
    assert.deepEqual(addresses(), before);
  });

  it('is switched in the view that can be read, and in the other as soon as that can be read', async () => {
    internal.readFault = new FailoverError('DnsTimeout', 'no answer');
    const result = await move('failover');
    assert.deepEqual([result.switched, result.confirmed, result.untouched], [false, false, false]);
    assert.deepEqual(inPart(result), [[undefined], ['site1.com (view internal): not read']]);
    // It counts as a failover, so that it is not made and undone every few seconds.
    assert.equal(result.moved, true);
    assert.equal(siteState(await readState(folder), zone).lastSwitch, fakeClock.now().toISOString());
    assert.deepEqual(
      result.errors.map(({ message }) => message),
      ['View internal: no answer'],
    );
    assert.deepEqual(addresses(), [after[0], before[1]]);
    assert.equal(siteState(await readState(folder), zone).pending, 'failover');
    internal.readFault = undefined;
    assert.deepEqual((await read()).split, ['FAILOVER', 'PRIMARY']);
    assert.equal((await move('failover')).switched, true);
    assert.deepEqual(addresses(), after);
    // And back the same way: the one that cannot be read keeps what was saved of it.
    internal.readFault = new FailoverError('DnsTimeout', 'no answer');
    assert.equal((await move('primary')).switched, false);
    assert.deepEqual(addresses(), [before[0], after[1]]);
    const { saved, pending } = siteState(await readState(folder), zone);
    assert.deepEqual([saved?.map(({ view }) => view), pending], [['internal'], 'primary']);
    internal.readFault = undefined;
    assert.equal((await move('primary')).switched, true);
    assert.deepEqual(addresses(), before);
    assert.equal(siteState(await readState(folder), zone).saved, undefined);
  });

  it('is whole again after a failback where one view could never be read', async () => {
    internal.readFault = new FailoverError('DnsTimeout', 'no answer');
    await move('failover');
    await move('primary');
    assert.deepEqual(addresses(), before);
    const { saved, pending } = siteState(await readState(folder), zone);
    assert.deepEqual([saved, pending], [undefined, undefined]);
  });

  it('is not known where no view can be read', async () => {
    external.readFault = new FailoverError('DnsTimeout', 'no answer');
    internal.readFault = external.readFault;
    await assert.rejects(read(), { id: 'DnsTimeout' });
  });

  it('is changed in no view where one of them is not as expected', async () => {
    internal.zones.set(zone, [a('192.168.1.9')]);
    await assert.rejects(move('failover'), {
      id: 'DnsUnexpectedAddress',
      message:
        /^site1\.com: view internal: site1\.com has the A records 192\.168\.1\.9 where .*192\.168\.1\.1/,
    });
    assert.deepEqual(addresses(), [before[0], ['site1.com 192.168.1.9']]);
  });

  it('is named with its view where a name server lags, also when it is read back again', async () => {
    internal.lagging = [{ address: '10.1.1.5', port: 53 }];
    const result = await move('failover');
    assert.deepEqual([result.switched, result.confirmed], [true, false]);
    assert.match(
      result.errors[0]!.message,
      /^Zone site1\.com \(view internal\) was changed, but 1 of 1 name servers/,
    );
    const { unconfirmed = [] } = siteState(await readState(folder), zone);
    assert.deepEqual(
      unconfirmed.map((one) => [one.zone, one.view, one.servers]),
      [[zone, 'internal', ['10.1.1.5']]],
    );
    const still = await confirmAgain(unconfirmed, provider, 1, signal);
    assert.deepEqual([still.confirmed, still.remaining[0]?.view], [false, 'internal']);
    internal.lagging = [];
    assert.equal((await confirmAgain(unconfirmed, provider, 1, signal)).confirmed, true);
  });

  describe('of two sites with different addresses on the primary', () => {
    const other = `shop.${zone}`;
    const two = bindSettings('/lab/failover.json', {
      ...loaded.settings,
      sites: [
        { name: zone, hostNames: [zone] },
        {
          name: other,
          hostNames: [other],
          addresses: { PRIMARY: ['10.1.1.11'] },
          views: { internal: { primary: ['192.168.1.11'] } },
        },
      ],
    });
    const sites = fleetSites(two);
    const sorted = () => addresses().map((lines) => lines.sort());
    const old = () => sorted().map((lines) => lines.filter((line) => line.startsWith('old.')));
    const both = [['old.site1.com 10.1.1.1,10.1.1.11'], ['old.site1.com 192.168.1.1,192.168.1.11']];
    let original: string[][];
    beforeEach(() => {
      external.zones.set(zone, [a('10.1.1.1'), a('10.1.1.11', other)]);
      internal.zones.set(zone, [a('192.168.1.1'), a('192.168.1.11', other)]);
      original = sorted();
    });

    it('keeps the old record in each view until the last of them is back', async () => {
      for (const one of sites) assert.equal((await move('failover', one, two)).switched, true);
      assert.deepEqual(old(), both);
      await move('primary', sites[0], two);
      assert.deepEqual(old(), both);
      await move('primary', sites[1], two);
      assert.deepEqual(sorted(), original);
    });

    it('is switched in one message for both', async () => {
      const state = await readState(folder);
      const planned = await Promise.all(
        sites.map(async (one) => planSiteSwitch(one, one.standbys[0]!, await read(one), state, two)),
      );
      const results = await applySwitches(planned, provider, folder, fakeClock, signal);
      assert.deepEqual(
        results.map(({ switched }) => switched),
        [true, true],
      );
      assert.deepEqual([external.applied.length, internal.applied.length], [1, 1]);
      assert.deepEqual(old(), both);
    });
  });

  it('is refused as a whole beforehand where it is too large a part of one view', async () => {
    const sizes = [1000, 10];
    const limited = [external, internal].map((bare, index) =>
      limitChanges(Object.assign(bare, { size: async () => sizes[index] }), 5),
    );
    const view = { name: 'internal', zones: [zone], provider: namingView('internal', limited[1]!) };
    const planned = planSiteSwitch(site!, site!.standbys[0]!, await read(), await readState(folder), loaded);
    const refused = await refusedSwitches([planned], { ...limited[0]!, views: [view] }, signal);
    assert.deepEqual([refused.size, refused.get(planned)?.id], [1, 'DnsTooManyChanges']);
    assert.match(refused.get(planned)!.message, /^View internal: .*1 of the 10 record sets/);
    assert.deepEqual(addresses(), before);
  });

  it('is restored in the default view from the state of a version that knew no views', async () => {
    external.zones.set(zone, [a('10.1.1.2')]);
    internal.zones.set(zone, [a('192.168.1.2')]);
    const saved = [{ zone, recordSets: [{ ...a('10.1.1.1'), ttl: 77 }] }];
    await updateState(folder, new Map([[zone, { saved }]]));
    assert.equal((await move('primary')).switched, true);
    assert.deepEqual(addresses(), before);
    assert.deepEqual(
      [external, internal].map(({ zones }) => zones.get(zone)![0]!.ttl),
      [77, 300],
    );
  });
});
