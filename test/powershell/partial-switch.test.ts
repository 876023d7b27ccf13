import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failoverAddress, type Lab, primaryAddress, startLab } from '../../build/demo/lab.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { runModule } from '../support/module.ts';

describe('A switch of a site in two views of which one cannot be read', function () {
  this.timeout(60_000);
  let lab: Lab;
  const run = (command: string) => runModule(`${command} -SettingsPath views.json`, { cwd: lab.folder });

  before(async () => {
    lab = await startLab();
    const settings = JSON.parse(await readFile(join(lab.folder, 'failover.json'), 'utf8')) as Settings;
    const dns = settings.dns!;
    // Nothing listens at the port of the internal view's server.
    const servers = [{ address: '127.10.1.99', port: 9 }];
    const override = { zones: ['site1.com'], view: 'internal', servers, key: dns.key, timeoutSeconds: 1 };
    const views = { PRIMARY: '192.168.1.1', FAILOVER: '192.168.1.2' } as Record<string, string>;
    const inViews = {
      ...settings,
      servers: settings.servers.map((one) => ({ ...one, views: { internal: [views[one.name]] } })),
      dns: { ...dns, overrides: [override] },
    };
    await writeFile(join(lab.folder, 'views.json'), JSON.stringify(inViews));
  });
  after(() => lab?.stop());

  it('is no whole switch to its object, which names what has moved and what has not', async () => {
    const { objects, stderr } = await run(
      'Switch-FailoverSite site1.com -To Failover -Force -Confirm:$false',
    );
    assert.match(stderr, /View internal/);
    const [moved] = objects;
    assert.deepEqual([moved?.Switched, moved?.Partial, moved?.Confirmed], ['False', 'True', 'False']);
    assert.deepEqual([moved?.From, moved?.To, moved?.ToServer], ['Primary', 'Failover', 'FAILOVER']);
    assert.equal(moved?.Unconfirmed, 'site1.com (view internal): not read');
    assert.ok(moved?.RecordChange?.includes(`${primaryAddress} -> ${failoverAddress}`), moved?.RecordChange);
    assert.doesNotMatch(moved?.RecordChange ?? '', /192\.168/);
    const { objects: shown } = await run('Get-FailoverSite site1.com');
    assert.deepEqual([shown[0]?.Target, shown[0]?.Unconfirmed], ['Failover', moved?.Unconfirmed]);
  });

  it('is whole and not in part where all of a site could be changed', async () => {
    const { objects, stderr } = await run(
      'Switch-FailoverSite site2.com -To Failover -Force -Confirm:$false',
    );
    assert.equal(stderr, '');
    const [moved] = objects;
    assert.deepEqual([moved?.Switched, moved?.Partial, moved?.Unconfirmed], ['True', 'False', '']);
  });
});
