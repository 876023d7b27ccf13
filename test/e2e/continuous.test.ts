import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readHeartbeat } from '../../src/edge/monitor-lease.ts';
import {
  type LabBind,
  missingBind,
  paperTable,
  paperZone,
  startLabBind,
  tsigSecret,
} from '../support/lab-bind.ts';
import { type LabNetwork, makeNetwork, missingForNetwork } from '../support/lab-network.ts';
import { moduleErrors } from '../support/module.ts';
import { missingNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { type PwshSession, startPwsh } from '../support/pwsh.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const hosts = { dns: '10.1.1.3', primary: '10.1.1.1', failover: '10.1.1.2', monitor: '10.1.1.4' };
const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));
const site = 'site1.com';

/** BIND 9, nginx twice and the continuous monitor in PowerShell, each in a network namespace of its own. */
describe('Invoke-FailoverMonitor -Continuous on BIND 9 and nginx', function () {
  this.timeout(120_000);
  let folder: string;
  let network: LabNetwork;
  let bind: LabBind;
  let primary: Nginx;
  let standby: Nginx;
  let monitor: PwshSession;

  before(async function () {
    skipWhereMissing(this, (await missingForNetwork()) ?? (await missingBind()) ?? (await missingNginx()));
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-continuous-'));
    network = await makeNetwork(hosts);
    bind = await startLabBind(hosts.dns, {
      prefix: network.on('dns'),
      zones: { [site]: paperZone(site, hosts.dns, hosts.primary) },
    });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await writeSettings({});
    primary = await startWeb('primary');
    standby = await startWeb('failover');
    monitor = startMonitor();
    await monitor.waitFor(/^Started /m);
  });
  after(async () => {
    monitor?.kill('SIGKILL');
    await primary?.kill();
    await standby?.kill();
    await bind?.stop();
    await network?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('tells of the site once both servers are known', async () => {
    await monitor.waitFor(/^Transition site1\.com None Primary Up Up PrimaryUp$/m);
  });

  it('keeps a scheduled round from running beside it', async () => {
    const [error] = await moduleErrors('Invoke-FailoverMonitor -SettingsPath failover.json', options());
    assert.equal(error?.id, 'MonitorRunning');
    assert.match(error.message, /continuous, process \d+/);
  });

  it("changes nothing when the monitor's own cable is pulled", async () => {
    await network.unplug('monitor');
    await monitor.waitFor(/^Transition site1\.com None Primary Unknown \w+ PrimaryUnknown$/m);
    await network.plugIn('monitor');
    await monitor.waitFor(/PrimaryUnknown\n[^]*^Transition site1\.com None Primary Up Up PrimaryUp$/m);
    assert.deepEqual(await bind.table(site), paperTable(site, hosts.dns, hosts.primary));
  });

  it('moves the records when the primary hangs', async () => {
    primary.hang();
    await monitor.waitFor(/^Switch site1\.com Failover Failover Down Up PrimaryDown$/m);
    assert.deepEqual(await bind.table(site), paperTable(site, hosts.dns, hosts.failover, hosts.primary));
  });

  it('ends with an error when its process is killed, and the next one goes on without another switch', async () => {
    const beat = await readHeartbeat(join(folder, 'state'));
    process.kill(beat!.processId, 'SIGKILL');
    const { stderr } = await monitor.result;
    assert.match(stderr, /Node\.js process/);
    monitor = startMonitor();
    await monitor.waitFor(/^Transition site1\.com None Failover Down Up ServedByFailover$/m);
    assert.deepEqual(await bind.table(site), paperTable(site, hosts.dns, hosts.failover, hosts.primary));
  });

  it('reports a broken settings file, goes on, and applies the repaired one', async () => {
    await writeFile(join(folder, 'failover.json'), '{');
    await monitor.waitFor(/^Fault  None\s+SettingsInvalid$/m);
    await writeSettings({ failback: 'manual' });
    await monitor.waitFor(/^Settings /m);
    primary.resume();
    await monitor.waitFor(/^Transition site1\.com None Failover Up Up FailbackManual$/m);
    await writeSettings({ failback: 'automatic' });
    await monitor.waitFor(/^Switch site1\.com Failback Primary Up Up PrimaryReturned$/m);
    assert.deepEqual(await bind.table(site), paperTable(site, hosts.dns, hosts.primary));
  });

  it('has logged its switches', async () => {
    const lines = (await readFile(join(folder, 'state', 'sitemonitor.log'), 'utf8')).trim().split('\n');
    const switches = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'switch');
    assert.deepEqual(
      switches.map(({ Action }) => Action),
      ['Failover', 'Failback'],
    );
  });

  it('says in shadow mode what it would do, beside the monitor in use', async () => {
    const shadow = startMonitor('-WhatIf');
    try {
      await shadow.waitFor(/What if: .*Watch continuously/);
      await shadow.waitFor(/^Transition site1\.com None Primary Up Up PrimaryUp$/m);
      await primary.kill();
      await shadow.waitFor(/^WouldSwitch site1\.com Failover Failover Down Up PrimaryDown$/m);
    } finally {
      shadow.kill('SIGKILL');
    }
  });

  function startMonitor(flags = ''): PwshSession {
    const script = [
      `Import-Module '${manifest}'`,
      `Invoke-FailoverMonitor -SettingsPath failover.json -Continuous ${flags} | & { process {`,
      '  $line = $_.Event, $_.Name, $_.Action, $_.Target, $_.Primary, $_.Failover, $_.Reason -join " "',
      '  [Console]::Out.WriteLine($line)',
      '} }',
    ].join('\n');
    return startPwsh(['-NoProfile', '-NonInteractive', '-Command', script], {
      ...options(),
      env: { NO_COLOR: '1' },
      timeoutMs: 100_000,
    });
  }

  function options() {
    return { prefix: network.on('monitor'), cwd: folder };
  }

  async function startWeb(host: 'primary' | 'failover'): Promise<Nginx> {
    const root = join(folder, host);
    await mkdir(root);
    await writeFile(join(root, 'default.htm'), 'It works.');
    const served = [{ hostName: site, root }];
    return startNginx(join(folder, `nginx-${host}`), hosts[host], served, network.on(host));
  }

  async function writeSettings(monitorSettings: object): Promise<void> {
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: [hosts.primary] },
        { name: 'FAILOVER', role: 'failover', addresses: [hosts.failover] },
      ],
      sites: [{ name: site, hostNames: [site] }],
      healthCheck: { intervalSeconds: 0.25, timeoutSeconds: 0.4, attempts: 3, retrySeconds: 0.1 },
      dns: {
        servers: [{ address: hosts.dns }],
        key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
      },
      monitor: {
        failbackAfter: 3,
        holdSeconds: 0,
        referenceTargets: [{ address: hosts.dns, port: 53 }],
        ...monitorSettings,
      },
      stateFolder: 'state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
  }
});
