import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readState, siteState } from '../../../src/edge/state.ts';
import { untilWatching, watch } from '../../support/faults/expect.ts';
import {
  dns,
  FaultLab,
  hasReason,
  hosts,
  isSwitch,
  missingForFaults,
  site,
  switchedTable,
} from '../../support/faults/lab.ts';
import type { Nginx } from '../../support/nginx.ts';
import { skipWhereMissing } from '../../support/requirements.ts';

const run = promisify(execFile);

/** Faults of the machine that the monitor runs on; clients ask all the time. */
describe('while the monitor has a fault', function () {
  this.timeout(60_000);
  let lab: FaultLab;
  let primary: Nginx;
  let state: string;

  before(async function () {
    skipWhereMissing(this, await missingForFaults());
    lab = await FaultLab.make();
  });
  beforeEach(async () => {
    primary = await lab.nginx('primary');
    await lab.nginx('failover');
    state = lab.newStateFolder();
  });
  afterEach(() => lab?.end());
  after(() => lab?.remove());

  for (const updates of ['answer lost', 'lost'] as const) {
    const when = updates === 'lost' ? 'before' : 'between';
    const rest = updates === 'lost' ? 'its update arrives' : 'its update and what it writes after it';
    it(`goes on after it was killed ${when} ${rest}, and restores the records exactly`, async () => {
      const { relay, order } = await lab.relay();
      const changes = { dns: { ...dns, servers: [{ address: hosts.dns, port: 5300 }], timeoutSeconds: 5 } };
      const first = await lab.monitor(state, changes);
      await untilWatching(first);
      const watched = await watch(lab);
      await order({ updates });
      primary.hang();
      await relay.until('An update', (line) => line === 'update');
      await first.kill('SIGKILL');
      await order({ updates: 'pass' });
      assert.equal(siteState(await readState(state), site).target, undefined);
      const second = await lab.monitor(state, changes);
      if (updates === 'lost') await second.until('The failover', isSwitch('Failover'));
      else await second.until('ServedByFailover', hasReason('ServedByFailover'));
      assert.deepEqual(await lab.table(), switchedTable);
      primary.resume();
      await second.until('The failback', isSwitch('Failback'));
      await watched.was(['primary', 'failover', 'primary']);
    });
  }

  it('moves once when two monitors race, and the one that lost restores the records exactly', async () => {
    const monitors = await Promise.all([lab.monitor(state), lab.monitor(lab.newStateFolder())]);
    await Promise.all(monitors.map(untilWatching));
    const watched = await watch(lab);
    primary.hang();
    const events = await Promise.all(
      monitors.map((one) => one.until('The failover', ({ Target }) => Target === 'Failover')),
    );
    assert.deepEqual(await lab.table(), switchedTable);
    const loser = events.findIndex(({ Event }) => Event !== 'Switch');
    assert.notEqual(loser, -1);
    await monitors[1 - loser]!.kill();
    primary.resume();
    await monitors[loser]!.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('changes nothing while the disk of its state is full, and moves once when it is not', async () => {
    await mkdir(state);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', state]);
    lab.atEnd(() => run('umount', ['-l', state]));
    const monitor = await lab.monitor(state);
    await untilWatching(monitor);
    const watched = await watch(lab);
    const filler = join(state, 'filler');
    await assert.rejects(writeFile(filler, Buffer.alloc(1 << 20)), /ENOSPC/);
    primary.hang();
    const fault = await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.equal(fault.Reason, 'DiskFull');
    assert.match(fault.Message, /state/);
    await rm(filler);
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await lab.table(), switchedTable);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
    assert.deepEqual((await readdir(state)).sort(), ['monitor.json', 'monitor.lock', 'state.json']);
  });

  it('moves once and back when its clock is set back by a minute meanwhile', async () => {
    const monitor = await lab.monitor(state);
    await untilWatching(monitor);
    const watched = await watch(lab);
    primary.hang();
    await monitor.until('The failover', isSwitch('Failover'));
    monitor.send({ skewMs: -60_000 });
    await monitor.until('Clock', ({ Event }) => Event === 'Clock');
    await monitor.until('ServedByFailover', hasReason('ServedByFailover'));
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('names the clock when DNS takes no signature of an hour ago, and moves once when it is right', async () => {
    const monitor = await lab.monitor(state);
    await untilWatching(monitor);
    const watched = await watch(lab);
    monitor.send({ skewMs: -3_600_000 });
    await monitor.until('Clock', ({ Event }) => Event === 'Clock');
    await untilWatching(monitor);
    primary.hang();
    const fault = await monitor.until('A fault', ({ Event, Name }) => Event === 'Fault' && Name === site);
    assert.match(fault.Message, /clock/i);
    monitor.send({ skewMs: 0 });
    await monitor.until('The failover', isSwitch('Failover'));
    assert.deepEqual(await lab.table(), switchedTable);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });
});
