import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../support/faults/lab.ts';
import { LabProcess } from '../support/faults/process.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { type LabNetwork, makeNetwork, missingForNetwork } from '../support/lab-network.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { missingNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const hosts = {
  dns: '10.1.1.9',
  web1: '10.1.1.1',
  web2: '10.1.1.2',
  standby1: '10.1.1.3',
  standby2: '10.1.1.4',
  monitor: '10.1.1.8',
};
const webs = ['web1', 'web2', 'standby1', 'standby2'] as const;
type Web = (typeof webs)[number];
const sites = ['site1.com', 'site2.com', 'site3.com'];
const primaryOf = (site: string): 'web1' | 'web2' => (site === 'site3.com' ? 'web2' : 'web1');

/** BIND 9, nginx on two primaries and two failover servers, and a monitor, each in a network namespace of its own. */
describe('two primaries and two failover servers on BIND 9 and nginx', function () {
  this.timeout(120_000);
  let folder: string;
  let network: LabNetwork;
  let bind: LabBind;
  let original: Record<string, string[]>;
  const running = new Map<Web, Nginx>();

  before(async function () {
    skipWhereMissing(this, (await missingForNetwork()) ?? (await missingBind()) ?? (await missingNginx()));
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-several-'));
    network = await makeNetwork(hosts);
    const zones = sites.map((site) => [site, paperZone(site, hosts.dns, hosts[primaryOf(site)])] as const);
    bind = await startLabBind(hosts.dns, { prefix: network.on('dns'), zones: Object.fromEntries(zones) });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await mkdir(join(folder, 'root'));
    await writeFile(join(folder, 'root', 'default.htm'), 'It works.');
    for (const web of webs) await start(web);
    original = await tables();
  });
  after(async () => {
    for (const web of webs) await kill(web);
    await bind?.stop();
    await network?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const web of webs) if (!running.has(web)) await start(web);
  });

  it('move the sites of the primary that dies in scheduled rounds, from one failover server to the next, and back', async () => {
    const settings = await writeSettings('rounds', {});
    assert.deepEqual(await round(settings), [
      'site1.com None WEB01 PrimaryUp',
      'site2.com None WEB01 PrimaryUp',
      'site3.com None WEB02 PrimaryUp',
    ]);
    await kill('web1');
    assert.deepEqual(await round(settings), [
      'site1.com Failover STANDBY1 PrimaryDown',
      'site2.com Failover STANDBY1 PrimaryDown',
      'site3.com None WEB02 PrimaryUp',
    ]);
    assert.deepEqual(await addresses(), [hosts.standby1, hosts.standby1, hosts.web2]);
    await kill('standby1');
    assert.deepEqual(await round(settings), [
      'site1.com Failover STANDBY2 StandbyDown',
      'site2.com Failover STANDBY2 StandbyDown',
      'site3.com None WEB02 PrimaryUp',
    ]);
    const [site] = await cmdlet(`Get-FailoverSite site1.com ${settings}`);
    assert.deepEqual(
      [site?.ServedBy, site?.PrimaryServer, site?.Standby],
      ['STANDBY2', 'WEB01', 'STANDBY1: Down,STANDBY2: Up'],
    );
    await start('standby1');
    assert.deepEqual((await round(settings))[0], 'site1.com None STANDBY2 ServedByFailover');
    await start('web1');
    assert.deepEqual(await round(settings), [
      'site1.com Failback WEB01 PrimaryReturned',
      'site2.com Failback WEB01 PrimaryReturned',
      'site3.com None WEB02 PrimaryUp',
    ]);
    assert.deepEqual(await tables(), original);
  });

  it('take a site by hand on the failover server that is named, and keep it there', async () => {
    const settings = await writeSettings('by-hand', {});
    const tests = await cmdlet(`Test-FailoverSite site1.com -Server STANDBY*,WEB01 ${settings}`);
    assert.deepEqual(
      tests.map(({ Role, Server, Healthy }) => `${Role} ${Server} ${Healthy}`),
      ['Primary WEB01 True', 'Failover STANDBY1 True', 'Failover STANDBY2 True'],
    );
    const toStandby2 = `Switch-FailoverSite site1.com -To Failover -Server standby2 -Confirm:$false ${settings}`;
    const [moved] = await cmdlet(toStandby2);
    assert.deepEqual([moved?.FromServer, moved?.ToServer, moved?.Switched], ['WEB01', 'STANDBY2', 'True']);
    assert.equal((await round(settings))[0], 'site1.com None STANDBY2 Forced');
    const [site] = await cmdlet(`Get-FailoverSite site1.com ${settings}`);
    assert.deepEqual([site?.Forced, site?.ForcedServer], ['Failover', 'STANDBY2']);
    const [error] = await moduleErrors(toStandby2.replace('standby2', 'WEB02'), options());
    assert.equal(error?.id, 'ServerNotFound');
    assert.match(error.message, /site1\.com has no failover server WEB02, but STANDBY1, STANDBY2/);
    await cmdlet(`Switch-FailoverSite site1.com -To Primary -Confirm:$false ${settings}`);
    assert.deepEqual(await tables(), original);
  });

  it('move the sites continuously, and go back as they came', async () => {
    const settings = await writeSettings('continuous', { failbackAfter: 3, holdSeconds: 0 });
    const path = settings.split(' ').at(-1)!;
    const prefix = network.on('monitor');
    const monitor = new LabProcess<Event>('monitor-process.ts', [join(folder, path)], { prefix });
    try {
      const up = new Set<string | null>();
      while (up.size < sites.length)
        up.add((await monitor.until('All up', ({ Reason }) => Reason === 'PrimaryUp', 30_000)).Name);
      const moved = async (reason: string): Promise<string[]> => {
        const events: Event[] = [];
        while (events.length < 2)
          events.push(await monitor.until(reason, (one) => one.Event === 'Switch', 30_000));
        return events.map(({ Name, ServedBy, Reason }) => `${Name} ${ServedBy} ${Reason}`).sort();
      };
      const both = (words: string): string[] => [`site1.com ${words}`, `site2.com ${words}`];
      await kill('web1');
      assert.deepEqual(await moved('The failover'), both('STANDBY1 PrimaryDown'));
      assert.deepEqual(await addresses(), [hosts.standby1, hosts.standby1, hosts.web2]);
      await kill('standby1');
      assert.deepEqual(await moved('The move'), both('STANDBY2 StandbyDown'));
      assert.deepEqual(await addresses(), [hosts.standby2, hosts.standby2, hosts.web2]);
      await start('web1');
      assert.deepEqual(await moved('The failback'), both('WEB01 PrimaryReturned'));
      assert.deepEqual(await tables(), original);
    } finally {
      await monitor.kill();
    }
  });

  async function start(web: Web): Promise<void> {
    const served = sites.map((hostName) => ({ hostName, root: join(folder, 'root') }));
    running.set(web, await startNginx(join(folder, web), hosts[web], served, network.on(web)));
  }

  async function kill(web: Web): Promise<void> {
    await running.get(web)?.kill();
    running.delete(web);
  }

  function options() {
    return { cwd: folder, prefix: network.on('monitor') };
  }

  /** Runs a cmdlet on the monitor; the properties of its objects as text. */
  async function cmdlet(command: string): Promise<Record<string, string>[]> {
    const { objects, stderr } = await runModule(command, options());
    assert.equal(stderr, '');
    return objects;
  }

  async function round(settings: string): Promise<string[]> {
    const events = await cmdlet(`Invoke-FailoverMonitor -Confirm:$false ${settings}`);
    for (const event of events) if (event.Action !== 'None') assert.equal(event.Confirmed, 'True');
    return events.map(({ Name, Action, ServedBy, Reason }) => `${Name} ${Action} ${ServedBy} ${Reason}`);
  }

  async function tables(): Promise<Record<string, string[]>> {
    const entries = await Promise.all(sites.map(async (site) => [site, await bind.table(site)] as const));
    return Object.fromEntries(entries);
  }

  /** The address of each site. */
  async function addresses(): Promise<(string | undefined)[]> {
    const zones = await tables();
    return sites.map((site) => zones[site]!.find((line) => line.startsWith(`${site} 300 A `))?.split(' ')[3]);
  }

  /** Writes a settings file; the parameter that names it. */
  async function writeSettings(name: string, monitor: object): Promise<string> {
    const text = {
      servers: webs.map((web) => ({
        name: web.toUpperCase().replace(/^WEB/, 'WEB0'),
        role: web.startsWith('web') ? 'primary' : 'failover',
        addresses: [hosts[web]],
      })),
      sites: sites.map((site) => ({
        name: site,
        hostNames: [site],
        primary: primaryOf(site) === 'web1' ? 'WEB01' : 'WEB02',
      })),
      healthCheck: { intervalSeconds: 0.25, timeoutSeconds: 0.5, attempts: 3, retrySeconds: 0.1 },
      dns: {
        servers: [{ address: hosts.dns }],
        key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
      },
      monitor: { flapping: { failovers: 100 }, ...monitor },
      stateFolder: `state-${name}`,
    };
    await writeFile(join(folder, `${name}.json`), JSON.stringify(text));
    return `-SettingsPath ${name}.json`;
  }
});
