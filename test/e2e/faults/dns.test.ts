import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { readState, siteState } from '../../../src/edge/state.ts';
import { untilWatching, watch } from '../../support/faults/expect.ts';
import {
  dns,
  FaultLab,
  hosts,
  isSwitch,
  missingForFaults,
  site,
  switchedTable,
} from '../../support/faults/lab.ts';
import { startLabBind } from '../../support/lab-bind.ts';
import { skipWhereMissing } from '../../support/requirements.ts';

/** The primary hangs while a DNS server is away; clients ask all the time. */
describe('while a DNS server has a fault', function () {
  this.timeout(60_000);
  let lab: FaultLab;

  before(async function () {
    skipWhereMissing(this, await missingForFaults());
    lab = await FaultLab.make();
  });
  afterEach(() => lab?.end());
  after(() => lab?.remove());

  it('moves once, when the server that was down is there again', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const monitor = await lab.monitor(lab.newStateFolder());
    await untilWatching(monitor);
    const watched = await watch(lab);
    await lab.network.unplug('dns');
    primary.hang();
    const fault = await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.match(fault.Reason, /^Dns(Timeout|ServerUnreachable)$/);
    assert.match(fault.Message, /10\.1\.1\.3/);
    await lab.network.plugIn('dns');
    const moved = await monitor.until('The failover', isSwitch('Failover'));
    assert.equal(moved.Confirmed, true);
    assert.deepEqual(await lab.table(), switchedTable);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('moves once, when updates are lost on their way', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const { relay, order } = await lab.relay();
    const servers = [{ address: hosts.dns, port: 5300 }];
    const monitor = await lab.monitor(lab.newStateFolder(), { dns: { ...dns, servers } });
    await untilWatching(monitor);
    const watched = await watch(lab);
    await order({ updates: 'lost' });
    primary.hang();
    await relay.until('An update', (line) => line === 'update');
    await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    await order({ updates: 'pass' });
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await lab.table(), switchedTable);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('takes a switch whose answer was lost for done, because the zone shows it', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const { order } = await lab.relay();
    const servers = [{ address: hosts.dns, port: 5300 }];
    const monitor = await lab.monitor(lab.newStateFolder(), { dns: { ...dns, servers } });
    await untilWatching(monitor);
    const watched = await watch(lab);
    await order({ updates: 'answer lost' });
    primary.hang();
    assert.equal((await monitor.until('The failover', isSwitch('Failover'))).Confirmed, true);
    assert.deepEqual(await lab.table(), switchedTable);
    await order({ updates: 'pass' });
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('does not take a switch for confirmed that a secondary does not show', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const secondary = await startLabBind(hosts.secondary, {
      prefix: lab.network.on('secondary'),
      zones: { [site]: '' },
      primaryPort: 53,
      primaryAddress: hosts.dns,
      refreshSeconds: 1,
    });
    lab.atEnd(() => secondary.stop());
    const servers = [{ address: hosts.dns }, { address: hosts.secondary }];
    const state = lab.newStateFolder();
    const monitor = await lab.monitor(state, { dns: { ...dns, servers } });
    await untilWatching(monitor);
    const watched = await watch(lab);
    const beside = await lab.dig(hosts.secondary);
    await lab.network.unplug('secondary');
    primary.hang();
    const moved = await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual([moved.Confirmed, moved.Target], [false, 'Failover']);
    assert.match(moved.Message, /1 of 2 name servers do not show it \(10\.1\.1\.5/);
    const [saved] = siteState(await readState(state), site).unconfirmed ?? [];
    assert.deepEqual([saved?.zone, saved?.servers], [site, [hosts.secondary]]);
    assert.deepEqual(await lab.table(), switchedTable);
    await lab.network.plugIn('secondary');
    const confirmed = await monitor.until('The confirmation', ({ Event }) => Event === 'Confirmed');
    assert.deepEqual(
      [confirmed.Name, confirmed.Confirmed, confirmed.Target, confirmed.Reason],
      [site, true, 'Failover', 'ServedByFailover'],
    );
    assert.match(confirmed.Message, /Every name server shows the last switch now/);
    assert.equal(siteState(await readState(state), site).unconfirmed, undefined);
    while (!(await beside()).seen.includes(hosts.failover)) await sleep(100);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
    await sleep(1000);
    assert.deepEqual((await beside()).seen, [hosts.primary, hosts.failover, hosts.primary]);
  });
});
