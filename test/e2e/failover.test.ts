import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  failoverSites,
  makeFailover,
  makePrimary,
  sites,
  type LabServer,
} from '../../build/lab/whitepaper.ts';
import {
  type LabBind,
  missingBind,
  paperTable,
  paperZone,
  startLabBind,
  tsigSecret,
} from '../support/lab-bind.ts';
import { type LabNetwork, makeNetwork, missingForNetwork } from '../support/lab-network.ts';
import { runModule } from '../support/module.ts';
import { missingNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const hosts = { dns: '10.1.1.3', primary: '10.1.1.1', failover: '10.1.1.2', monitor: '10.1.1.4' };

/** The whitepaper's machines: BIND 9, nginx twice, and a monitor, each in a network namespace of its own. */
describe('the whitepaper on BIND 9 and nginx', function () {
  this.timeout(120_000);
  let folder: string;
  let network: LabNetwork;
  let bind: LabBind;
  let primary: LabServer;
  let standby: LabServer;
  let primaryWeb: Nginx;
  let standbyWeb: Nginx;
  let original: Record<string, string[]>;

  before(async function () {
    skipWhereMissing(this, (await missingForNetwork()) ?? (await missingBind()) ?? (await missingNginx()));
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-e2e-'));
    network = await makeNetwork(hosts);
    primary = await makePrimary(await made('primary'), hosts.primary);
    standby = await makeFailover(await made('failover'));
    bind = await startLabBind(hosts.dns, {
      prefix: network.on('dns'),
      zones: Object.fromEntries(sites.map((site) => [site, paperZone(site, hosts.dns, hosts.primary)])),
    });
    await writeSettings();
    primaryWeb = await startWeb('primary', primary);
    original = await tables();
  });

  after(async () => {
    await primaryWeb?.kill();
    await standbyWeb?.kill();
    await bind?.stop();
    await network?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('backs up, restores and copies; the failover server then serves both sites', async () => {
    const backups = await cmdlet(
      'Backup-FailoverSite -ConfigurationFile primary/applicationHost.config',
      'primary',
    );
    assert.deepEqual(
      backups.map((one) => one.Name),
      failoverSites,
    );
    const untouched = await readFile(standby.configurationFile, 'utf8');
    const restored = await cmdlet('Restore-FailoverSite -Confirm:$false', 'failover');
    assert.deepEqual(
      restored.map(({ Name, Action }) => [Name, Action]),
      failoverSites.map((site) => [site, 'Add']),
    );
    const text = await readFile(standby.configurationFile, 'utf8');
    assert.match(text, /bindingInformation="10\.1\.1\.2:80:site1\.com"/);
    assert.doesNotMatch(text, /site3\.com/);
    assert.equal(linesOnlyIn(untouched, text), '');
    const again = await cmdlet('Restore-FailoverSite -Confirm:$false', 'failover');
    assert.deepEqual(
      again.map(({ Action }) => Action),
      ['None', 'None'],
    );
    assert.equal(await readFile(standby.configurationFile, 'utf8'), text);

    const copied = await cmdlet('Copy-FailoverContent', 'failover');
    assert.deepEqual(
      copied.map(({ Name, FilesCopied }) => [Name, FilesCopied]),
      failoverSites.map((site) => [site, '1']),
    );
    standbyWeb = await startWeb('failover', standby);
    const tests = await cmdlet('Test-FailoverSite', 'monitor');
    assert.deepEqual(
      tests.map(({ Name, Role, Healthy, StatusCode }) => `${Name} ${Role} ${Healthy} ${StatusCode}`),
      failoverSites.flatMap((site) => ['Primary', 'Failover'].map((role) => `${site} ${role} True 200`)),
    );
  });

  it('leaves everything as it is while the primary is up', async () => {
    assert.deepEqual(
      await round(),
      failoverSites.map((site) => `${site} None Primary PrimaryUp`),
    );
    assert.deepEqual(await tables(), original);
  });

  it('shows the switch under -WhatIf, and leaves no trace', async () => {
    await network.unplug('primary');
    const state = await readFile(join(folder, 'state', 'state.json'), 'utf8');
    const { stdout } = await runModule(`Invoke-FailoverMonitor ${settings} -WhatIf`, options('monitor'));
    assert.match(stdout, /What if: .*site1\.com A 10\.1\.1\.1 -> 10\.1\.1\.2/);
    assert.deepEqual(await tables(), original);
    assert.equal(await readFile(join(folder, 'state', 'state.json'), 'utf8'), state);
    await network.plugIn('primary');
  });

  const faults: Record<string, { begin(): Promise<void>; end(): Promise<void> }> = {
    killed: {
      begin: () => primaryWeb.kill(),
      end: async () => {
        primaryWeb = await startWeb('primary', primary);
      },
    },
    'off the network': { begin: () => network.unplug('primary'), end: () => network.plugIn('primary') },
    hung: {
      begin: async () => primaryWeb.hang(),
      end: async () => primaryWeb.resume(),
    },
    'answering 500': {
      begin: async () => {
        await primaryWeb.kill();
        primaryWeb = await startWeb('primary', primary, 500);
      },
      end: async () => {
        await primaryWeb.kill();
        primaryWeb = await startWeb('primary', primary);
      },
    },
  };

  for (const [what, fault] of Object.entries(faults)) {
    it(`moves the records of both sites and back when the primary is ${what}`, async () => {
      await fault.begin();
      assert.deepEqual(
        await round(),
        failoverSites.map((site) => `${site} Failover Failover PrimaryDown`),
      );
      for (const site of failoverSites) {
        assert.deepEqual(await bind.table(site), paperTable(site, hosts.dns, hosts.failover, hosts.primary));
      }
      assert.deepEqual(await bind.table('site3.com'), original['site3.com']);
      assert.deepEqual(
        await round(),
        failoverSites.map((site) => `${site} None Failover ServedByFailover`),
      );
      await fault.end();
      assert.deepEqual(
        await round(),
        failoverSites.map((site) => `${site} Failback Primary PrimaryReturned`),
      );
      assert.deepEqual(await tables(), original);
    });
  }

  it('stays where it is when both servers are down', async () => {
    await primaryWeb.kill();
    await standbyWeb.kill();
    assert.deepEqual(
      await round(),
      failoverSites.map((site) => `${site} None Primary BothDown`),
    );
    assert.deepEqual(await tables(), original);
    primaryWeb = await startWeb('primary', primary);
    standbyWeb = await startWeb('failover', standby);
  });

  it('keeps a site that was moved by hand until it is moved back by hand', async () => {
    const [moved] = await cmdlet('Switch-FailoverSite site1.com -To Failover -Confirm:$false', 'monitor');
    assert.deepEqual([moved?.From, moved?.To, moved?.Confirmed], ['Primary', 'Failover', 'True']);
    assert.deepEqual(await round(), ['site1.com None Failover Forced', 'site2.com None Primary PrimaryUp']);
    const [site] = await cmdlet('Get-FailoverSite site1*', 'monitor');
    assert.deepEqual([site?.Target, site?.Forced, site?.Address], ['Failover', 'Failover', '10.1.1.2']);
    await cmdlet('Switch-FailoverSite site1.com -To Primary -Confirm:$false', 'monitor');
    assert.deepEqual(await tables(), original);
  });

  it('writes one JSON line for each event into the logs of the whitepaper', async () => {
    for (const [name, event] of [
      ['sitebackup.log', 'backup'],
      ['siterestore.log', 'restore'],
      ['sitecontentcopy.log', 'copy'],
      ['sitemonitor.log', 'round'],
    ] as const) {
      const lines = (await readFile(join(folder, 'state', name), 'utf8')).trimEnd().split('\n');
      const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
      assert.ok(events.includes(event), `${name}: ${events.join(' ')}`);
    }
  });

  const settings = '-SettingsPath failover.json';

  function options(host: keyof typeof hosts) {
    return { cwd: folder, prefix: network.on(host) };
  }

  /** Runs a cmdlet on a host; the properties of its objects as text. */
  async function cmdlet(command: string, host: keyof typeof hosts): Promise<Record<string, string>[]> {
    const [name = '', ...rest] = command.split(' ');
    const { objects, stderr } = await runModule(`${name} ${settings} ${rest.join(' ')}`, options(host));
    assert.equal(stderr, '');
    return objects;
  }

  async function round(): Promise<string[]> {
    const events = await cmdlet('Invoke-FailoverMonitor -Confirm:$false', 'monitor');
    for (const event of events) if (event.Action !== 'None') assert.equal(event.Confirmed, 'True');
    return events.map(({ Name, Action, Target, Reason }) => `${Name} ${Action} ${Target} ${Reason}`);
  }

  async function tables(): Promise<Record<string, string[]>> {
    const entries = await Promise.all(sites.map(async (site) => [site, await bind.table(site)] as const));
    return Object.fromEntries(entries);
  }

  async function startWeb(host: 'primary' | 'failover', server: LabServer, status?: number): Promise<Nginx> {
    const served = (host === 'primary' ? sites : failoverSites).map((site) => ({
      hostName: site,
      root: join(server.disk, 'C', 'inetpub', 'hostedsites', site.replace('.com', '')),
    }));
    return startNginx(join(folder, `nginx-${host}`), hosts[host], served, network.on(host), status);
  }

  async function made(name: string): Promise<string> {
    await mkdir(join(folder, name));
    return join(folder, name);
  }

  async function writeSettings(): Promise<void> {
    const text = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: [hosts.primary] },
        { name: 'FAILOVER', role: 'failover', addresses: [hosts.failover] },
      ],
      sites: failoverSites.map((site) => ({ name: site, hostNames: [site] })),
      healthCheck: { timeoutSeconds: 0.5, attempts: 2, retrySeconds: 0.1 },
      dns: {
        servers: [{ address: hosts.dns }],
        key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
      },
      configurationFile: standby.configurationFile,
      backup: { folder: 'backup', password: { file: 'password.txt' } },
      content: { server: './primary/disk', destinationDrive: './failover/disk/C' },
      addressMap: { [hosts.primary]: hosts.failover },
      // Each test is one failover more within the hour.
      monitor: { flapping: { failovers: 100 } },
      stateFolder: 'state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(text));
    await writeFile(join(folder, 'Sitelist.txt'), failoverSites.join('\r\n'));
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await writeFile(join(folder, 'password.txt'), 'correct horse battery staple');
  }
});

/** Lines of `before` that `after` lacks: a restore only adds. */
function linesOnlyIn(before: string, after: string): string {
  const lines = new Set(after.split('\n'));
  return before
    .split('\n')
    .filter((line) => !lines.has(line))
    .join('\n');
}
