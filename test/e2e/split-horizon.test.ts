import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../src/settings/schema.ts';
import { untilWatching } from '../support/faults/expect.ts';
import {
  dns,
  FaultLab,
  faultSettings,
  hosts,
  isSwitch,
  missingForFaults,
  type Monitor,
  site,
} from '../support/faults/lab.ts';
import { type LabBind, paperTable, paperZone, startLabBind } from '../support/lab-bind.ts';
import { runModule } from '../support/module.ts';
import type { Nginx } from '../support/nginx.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const inside = { primary: '192.168.1.1', failover: '192.168.1.2' };
/** Two BIND 9 servers with the same zone: public addresses at the one, those of the local network at the other. */
describe('split horizon on two BIND 9 servers', function () {
  this.timeout(120_000);
  let lab: FaultLab;
  let internal: LabBind;

  before(async function () {
    skipWhereMissing(this, await missingForFaults());
    lab = await FaultLab.make();
    internal = await startLabBind(hosts.secondary, {
      prefix: lab.network.on('secondary'),
      zones: { [site]: `${paperZone(site, hosts.secondary, inside.primary)}printer A 192.168.1.9\n` },
    });
  });
  afterEach(() => lab?.end());
  after(async () => {
    await internal?.stop();
    await lab?.remove();
  });

  const printer = `printer.${site} 300 A 192.168.1.9`;
  const original = [
    paperTable(site, hosts.dns, hosts.primary),
    [...paperTable(site, hosts.secondary, inside.primary), printer].sort(),
  ];
  const switched = [
    paperTable(site, hosts.dns, hosts.failover, hosts.primary),
    [...paperTable(site, hosts.secondary, inside.failover, inside.primary), printer].sort(),
  ];
  const tables = (): Promise<string[][]> => Promise.all([lab.table(), internal.table(site)]);

  it('is switched on both by a round, each to its own addresses, and restored on both', async () => {
    await lab.nginx('failover');
    const primary = await lab.nginx('primary');
    const command = 'Invoke-FailoverMonitor -SettingsPath split.json';
    const options = { cwd: lab.folder, prefix: lab.network.on('monitor') };
    const settings = faultSettings(lab.newStateFolder());
    await writeFile(
      join(lab.folder, 'split.json'),
      JSON.stringify({ ...settings, ...split(53), monitor: { failbackAfter: 1, holdSeconds: 0 } }),
    );
    const round = async (): Promise<string[]> => {
      const { objects, stderr } = await runModule(`${command} -Confirm:$false`, options);
      assert.equal(stderr, '');
      return objects.map(({ Action, Target, Reason, Confirmed }) =>
        [Action, Target, Reason, Confirmed].join(' '),
      );
    };
    assert.deepEqual(await round(), ['None Primary PrimaryUp ']);
    primary.hang();
    const { stdout } = await runModule(`${command} -WhatIf`, options);
    assert.match(
      stdout,
      /A 10\.1\.1\.1 -> 10\.1\.1\.2; .*A 192\.168\.1\.1 -> 192\.168\.1\.2 \(view internal\)/,
    );
    assert.deepEqual(await tables(), original);
    assert.deepEqual(await round(), ['Failover Failover PrimaryDown True']);
    assert.deepEqual(await tables(), switched);
    primary.resume();
    assert.deepEqual(await round(), ['Failback Primary PrimaryReturned True']);
    assert.deepEqual(await tables(), original);
  });

  it('is switched on both by the continuous monitor, and restored on both', async () => {
    const { primary, monitor } = await continuous();
    primary.hang();
    assert.equal((await monitor.until('The failover', isSwitch('Failover'))).Confirmed, true);
    assert.deepEqual(await tables(), switched);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    assert.deepEqual(await tables(), original);
  });

  it('is completed, with the view in the error, where one of them takes no update at first', async () => {
    const { order } = await lab.relay('secondary');
    const { primary, monitor } = await continuous(5300);
    await order({ updates: 'lost' });
    primary.hang();
    const fault = await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.equal(fault.Reason, 'DnsTimeout');
    assert.match(fault.Message, /^View internal: .*10\.1\.1\.5:5300/);
    assert.deepEqual(await tables(), [switched[0], original[1]]);
    await order({ updates: 'pass' });
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await tables(), switched);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    assert.deepEqual(await tables(), original);
  });

  it('is switched on one while the other is off the network, and on that when it is back', async () => {
    const { primary, monitor } = await continuous();
    await lab.network.unplug('secondary');
    primary.hang();
    const fault = await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.match(fault.Message, /^View internal: .*10\.1\.1\.5/);
    const table = lab.table.bind(lab);
    while ((await table()).join() !== switched[0]!.join()) await sleep(50);
    await lab.network.plugIn('secondary');
    await monitor.until('The failover', isSwitch('Failover'), 40_000);
    assert.deepEqual(await tables(), switched);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    assert.deepEqual(await tables(), original);
  });

  it('is undone where the primary is back before it could be completed', async () => {
    const { order } = await lab.relay('secondary');
    const { primary, monitor } = await continuous(5300);
    await order({ updates: 'lost' });
    primary.hang();
    await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.deepEqual(await tables(), [switched[0], original[1]]);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    assert.deepEqual(await tables(), original);
  });

  async function continuous(port = 53): Promise<{ primary: Nginx; monitor: Monitor }> {
    await lab.nginx('failover');
    const primary = await lab.nginx('primary');
    const monitor = await lab.monitor(lab.newStateFolder(), split(port));
    await untilWatching(monitor);
    return { primary, monitor };
  }
});

/** The view's server is asked at this port. */
function split(port: number): Partial<Settings> {
  return {
    servers: [
      { name: 'PRIMARY', role: 'primary', addresses: [hosts.primary], views: { internal: [inside.primary] } },
      {
        name: 'FAILOVER',
        role: 'failover',
        addresses: [hosts.failover],
        views: { internal: [inside.failover] },
      },
    ],
    dns: {
      ...dns,
      overrides: [
        {
          zones: [site],
          view: 'internal',
          servers: [{ address: hosts.secondary, port }],
          key: dns.key!,
          timeoutSeconds: 0.5,
        },
      ],
    },
  };
}
