import assert from 'node:assert/strict';
import { fleetSites } from '../../src/failover/fleet.ts';
import { Targets } from '../../src/monitor/targets.ts';
import { WatchedSite } from '../../src/monitor/watched-site.ts';
import { recordSet } from '../../src/dns/index.ts';
import { fakeClock, FakeProvider, loadedWith } from '../failover/lab.ts';

describe('where records point in shadow mode', () => {
  it('is where they would be, until someone else moves them', async () => {
    const loaded = loadedWith();
    let now = 0;
    const targets = new Targets({
      clock: { ...fakeClock, monotonic: () => now },
      random: () => 0,
      signal: new AbortController().signal,
      shadow: true,
      unreadable: () => assert.fail('the records can be read'),
      dnsFault: () => undefined,
    });
    const set = (address: string) => recordSet('site1.com', 'A', 300, [address]);
    const provider = new FakeProvider({ 'site1.com': [set('10.1.1.1')] });
    const watched = new WatchedSite(fleetSites(loaded)[0]!, 0);
    const read = async (): Promise<string> => {
      await targets.refresh([watched], loaded, provider);
      now += 60_000;
      return watched.target;
    };
    assert.equal(await read(), 'primary');
    watched.target = 'failover';
    watched.simulated = { lastSwitch: '2026-01-02T03:04:05Z' };
    assert.equal(await read(), 'failover');
    provider.zones.set('site1.com', [set('10.1.1.2')]);
    assert.equal(await read(), 'failover');
    assert.equal(watched.simulated.lastSwitch, undefined);
    provider.zones.set('site1.com', [set('10.1.1.1')]);
    assert.equal(await read(), 'primary');
  });
});
