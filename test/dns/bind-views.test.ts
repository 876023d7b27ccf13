import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import {
  type LabBind,
  missingBind,
  paperTable,
  paperZone,
  startLabBind,
  tsigSecret,
} from '../support/lab-bind.ts';
import { runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const zone = 'site1.com';
const address = '127.0.0.1'; // BIND listens only on addresses that an interface has
const viewKey = 'failover-sha512';

/** BIND 9 on loopback; the switch is forced, for no web server is needed to see what DNS says. */
describe('two views of one BIND 9, told apart by the key', function () {
  this.timeout(60_000);
  let folder: string;
  let bind: LabBind;

  before(async function () {
    skipWhereMissing(this, await missingBind());
    folder = await mkdtemp(join(tmpdir(), 'bind-views-'));
    bind = await startLabBind(address, {
      port: await freePort(),
      zones: { [zone]: paperZone(zone, address, '10.1.1.1') },
      views: { [viewKey]: { [zone]: paperZone(zone, address, '192.168.1.1') } },
    });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    const key = { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } };
    const servers = [{ address, port: bind.port }];
    const internal = { ...key, name: viewKey, algorithm: 'hmac-sha512' };
    const settings = {
      servers: [
        { name: 'WEB1', role: 'primary', addresses: ['10.1.1.1'], views: { internal: ['192.168.1.1'] } },
        { name: 'WEB2', role: 'failover', addresses: ['10.1.1.2'], views: { internal: ['192.168.1.2'] } },
      ],
      sites: [{ name: 'site', hostNames: [zone] }],
      dns: {
        servers,
        key,
        overrides: [{ zones: [zone], view: 'internal', servers, key: internal, signQueries: true }],
      },
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
  });
  after(async () => {
    await bind?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const tables = () => Promise.all([bind.table(zone), bind.table(zone, viewKey)]);
  const run = async (command: string): Promise<Record<string, string>[]> => {
    const { objects, stderr } = await runModule(`${command} -SettingsPath failover.json`, { cwd: folder });
    assert.equal(stderr, '');
    return objects;
  };

  it('are read, switched and restored, each with its own key', async () => {
    const original = [paperTable(zone, address, '10.1.1.1'), paperTable(zone, address, '192.168.1.1')];
    assert.deepEqual(await tables(), original);
    const [site] = await run('Get-FailoverSite');
    assert.deepEqual([site?.Target, site?.Address], ['Primary', '10.1.1.1,192.168.1.1']);
    const [moved] = await run('Switch-FailoverSite site -To Failover -Force -Confirm:$false');
    assert.deepEqual([moved?.Switched, moved?.Confirmed], ['True', 'True']);
    assert.match(moved!.RecordChange!, /site1\.com A 192\.168\.1\.1 -> 192\.168\.1\.2 \(view internal\)/);
    assert.deepEqual(await tables(), [
      paperTable(zone, address, '10.1.1.2', '10.1.1.1'),
      paperTable(zone, address, '192.168.1.2', '192.168.1.1'),
    ]);
    await run('Switch-FailoverSite site -To Primary -Force -Confirm:$false');
    assert.deepEqual(await tables(), original);
  });

  it('are both exercised by a drill and prepared by Initialize-FailoverZone', async () => {
    const drills = await run('Test-FailoverSwitch -Confirm:$false -WarningAction SilentlyContinue');
    assert.deepEqual(
      drills
        .filter(({ Step }) => Step !== 'Standby')
        .map(({ Name, Step, Succeeded }) => `${Name} ${Step} ${Succeeded}`),
      [zone, `${zone} (view internal)`].flatMap((name) =>
        ['Create', 'Guard', 'Switch', 'Remove'].map((step) => `${name} ${step} True`),
      ),
    );
    const zones = await run('Initialize-FailoverZone -Ttl 60 -Confirm:$false');
    assert.deepEqual(
      zones.map(({ Zone, Action }) => `${Zone} ${Action}`),
      [`${zone} Change`, `${zone} (view internal) Change`],
    );
    for (const table of await tables()) assert.match(table.join(), /,site1\.com 60 A /);
  });
});
