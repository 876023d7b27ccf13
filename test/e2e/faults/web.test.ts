import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAuthority } from '../../support/certificates.ts';
import { untilWatching, watch } from '../../support/faults/expect.ts';
import {
  type Event,
  FaultLab,
  healthCheck,
  isSwitch,
  missingForFaults,
  site,
  switchedTable,
} from '../../support/faults/lab.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebOrder } from '../../support/faults/web-process.ts';
import { skipWhereMissing } from '../../support/requirements.ts';

/** Each fault lasts until the records have moved, and ends; clients ask all the time. */
describe('while the primary web server has a fault', function () {
  this.timeout(60_000);
  let lab: FaultLab;

  before(async function () {
    skipWhereMissing(this, await missingForFaults());
    lab = await FaultLab.make();
  });
  afterEach(() => lab?.end());
  after(() => lab?.remove());

  const faults: [string, WebOrder, WebOrder, RegExp][] = [
    ['answers 500', { status: 500 }, { status: 200 }, /500/],
    ['shows another page', { body: 'Index of /' }, { body: 'It works.' }, /It works/],
    ['answers after 2 s', { delayMs: 2000 }, { delayMs: 0 }, /400 ms|0\.4 s/],
  ];
  for (const [what, begin, end, reason] of faults) {
    it(`moves once and back when it ${what}`, async () => {
      const tell = await lab.web('primary');
      await lab.nginx('failover');
      const changes = { healthCheck: { ...healthCheck, bodyContains: 'It works.' } };
      const monitor = await lab.monitor(lab.newStateFolder(), changes);
      await untilWatching(monitor);
      const watched = await watch(lab);
      await tell(begin);
      const moved = await monitor.until('The failover', isSwitch('Failover'));
      await assertMoved(moved, reason);
      await tell(end);
      await monitor.until('The failback', isSwitch('Failback'));
      await watched.was(['primary', 'failover', 'primary']);
    });
  }

  it('moves once and back when it hangs', async () => {
    const primary = await lab.nginx('primary');
    await lab.nginx('failover');
    const monitor = await lab.monitor(lab.newStateFolder());
    await untilWatching(monitor);
    const watched = await watch(lab);
    primary.hang();
    await assertMoved(await monitor.until('The failover', isSwitch('Failover')), /400 ms|0\.4 s/);
    primary.resume();
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  it('stays where answers take 2 s and the timeout is 3 s', async () => {
    const tell = await lab.web('primary');
    await lab.nginx('failover');
    const changes = { healthCheck: { ...healthCheck, timeoutSeconds: 3 } };
    const monitor = await lab.monitor(lab.newStateFolder(), changes);
    await untilWatching(monitor);
    const watched = await watch(lab);
    await tell({ delayMs: 2000 });
    await sleep(5000);
    await watched.was(['primary']);
  });

  it('moves once and back when its certificate has expired', async () => {
    const authority = await makeAuthority(new Date());
    const folder = join(lab.folder, 'certificates');
    await mkdir(folder);
    await writeFile(join(folder, 'ca.pem'), authority.certificate);
    const files = async (name: string, days: number) => {
      const { key, cert } = await authority.issue(site, days);
      const paths = { key: join(folder, `${name}.key`), cert: join(folder, `${name}.pem`) };
      await writeFile(paths.key, key);
      await writeFile(paths.cert, cert);
      return paths;
    };
    const [valid, expired] = [await files('valid', 90), await files('expired', -2)];
    const tell = await lab.web('primary', valid);
    await lab.web('failover', valid);
    const changes = { healthCheck: { ...healthCheck, scheme: 'https' as const } };
    const trust = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    const monitor = await lab.monitor(lab.newStateFolder(), changes, trust);
    await untilWatching(monitor);
    const watched = await watch(lab);
    await tell({ certificate: expired });
    await assertMoved(await monitor.until('The failover', isSwitch('Failover')), /expired/);
    await tell({ certificate: valid });
    await monitor.until('The failback', isSwitch('Failback'));
    await watched.was(['primary', 'failover', 'primary']);
  });

  async function assertMoved(event: Event, reason: RegExp): Promise<void> {
    assert.equal(event.Confirmed, true);
    assert.match(event.PrimaryError ?? '', reason);
    assert.deepEqual(await lab.table(), switchedTable);
  }
});
