import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilWatching, watch } from '../../support/faults/expect.ts';
import {
  dns,
  FaultLab,
  hasReason,
  healthCheck,
  hosts,
  isSwitch,
  missingForFaults,
  switchedTable,
} from '../../support/faults/lab.ts';
import { skipWhereMissing } from '../../support/requirements.ts';

/** Faults of cables and switches; clients, which have a network of their own, ask all the time. */
describe('while the network has a fault', function () {
  this.timeout(60_000);
  let lab: FaultLab;

  before(async function () {
    skipWhereMissing(this, await missingForFaults());
    lab = await FaultLab.make();
  });
  afterEach(() => lab?.end());
  after(() => lab?.remove());

  it("changes nothing when it is the monitor's own cable", async () => {
    await lab.nginx('primary');
    await lab.nginx('failover');
    const monitor = await lab.monitor(lab.newStateFolder(), {
      monitor: { referenceTargets: [{ address: hosts.client, port: 9 }] },
    });
    await untilWatching(monitor);
    const watched = await watch(lab);
    await lab.network.unplug('monitor');
    await monitor.until('PrimaryUnknown', hasReason('PrimaryUnknown'));
    await sleep(2000);
    await lab.network.plugIn('monitor');
    await untilWatching(monitor);
    await watched.was(['primary']);
  });

  it('changes nothing when the link of the primary loses 30 % of the packets', async () => {
    await lab.nginx('primary');
    await lab.nginx('failover');
    // Long enough for the second copy of a packet that opens a connection, which is sent after a second.
    const monitor = await lab.monitor(lab.newStateFolder(), {
      healthCheck: { ...healthCheck, timeoutSeconds: 2, attempts: 5 },
    });
    await untilWatching(monitor);
    const watched = await watch(lab);
    const rules = [
      'add table inet faults',
      'add chain inet faults input { type filter hook input priority 0; }',
      'add rule inet faults input numgen random mod 100 < 30 counter drop',
    ];
    await lab.run('primary', 'nft', rules.join('\n'));
    try {
      await sleep(6000);
      const [, dropped] = /counter packets (\d+)/.exec(await lab.run('primary', 'nft', 'list ruleset')) ?? [];
      assert.ok(Number(dropped) >= 3, `${dropped} packets were dropped`);
    } finally {
      await lab.run('primary', 'nft', 'delete table inet faults');
    }
    await watched.was(['primary']);
  });

  it('moves once and back when the primary is off the network', async () => {
    await lab.nginx('primary');
    await lab.nginx('failover');
    const monitor = await lab.monitor(lab.newStateFolder());
    await untilWatching(monitor);
    const watched = await watch(lab);
    await lab.network.unplug('primary');
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await lab.table(), switchedTable);
    await lab.network.plugIn('primary');
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('moves once and back over a link to the DNS server that takes 2 s', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const { order } = await lab.relay();
    const servers = [{ address: hosts.dns, port: 5300 }];
    const monitor = await lab.monitor(lab.newStateFolder(), { dns: { ...dns, servers, timeoutSeconds: 3 } });
    await untilWatching(monitor);
    const watched = await watch(lab);
    await order({ delayMs: 2000 });
    primary.hang();
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await lab.table(), switchedTable);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });
});
