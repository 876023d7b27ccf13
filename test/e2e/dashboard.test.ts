import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { missingNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { parsePrometheusText } from '../support/prometheus-text.ts';
import { type PwshSession, startPwsh } from '../support/pwsh.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));
const hosts = { dns: '127.0.0.1', primary: '127.41.1.1', failover: '127.41.1.2', empty: '127.41.1.9' };
const sites = ['site1.com', 'site2.com', 'site3.com'];
const token = 'token-of-the-tests-with-enough-letters';

describe('the dashboard of a running monitor', function () {
  this.timeout(180_000);
  let folder: string;
  let bind: LabBind;
  let primary: Nginx;
  let standby: Nginx;
  let monitor: PwshSession;
  let browser: Browser;
  let page: Page;
  let webPort: number;
  let port: number;

  before(async function () {
    skipWhereMissing(this, (await missingBind()) ?? (await missingNginx()) ?? missingChromium());
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-dashboard-'));
    webPort = await freePort();
    port = await freePort();
    bind = await startLabBind(hosts.dns, {
      port: await freePort(),
      zones: Object.fromEntries(sites.map((site) => [site, paperZone(site, hosts.dns, hosts.primary)])),
    });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await writeFile(join(folder, 'token.txt'), `${token}\n`, { mode: 0o600 });
    await writeSettings(['site1.com', 'site2.com']);
    primary = await startWeb('primary');
    standby = await startWeb('failover');
    monitor = startMonitor();
    await monitor.waitFor(/^Dashboard .*\?token= with the token of the file$/m);
    browser = await launchChromium();
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(90_000);
  });
  after(async () => {
    await browser?.close();
    monitor?.kill('SIGKILL');
    await primary?.kill();
    await standby?.kill();
    await bind?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const ask = (path: string, given = token): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${given}` } });
  const row = (site: string, marks = '') => page.locator(`#site-rows tr[data-site="${site}"]${marks}`);

  it('shows nothing to those who have another token', async () => {
    for (const path of ['/', '/main', '/metrics', '/events']) {
      const answer = await ask(path, 'another-token-with-enough-letters');
      assert.equal(answer.status, 401, path);
      assert.doesNotMatch(await answer.text(), /site1/);
    }
  });

  it('shows the state of the sites soon after the start', async () => {
    await page.goto(`http://127.0.0.1:${port}/?token=${token}`);
    await row('site1.com', '[data-target=primary]').waitFor();
    await row('site2.com', '[data-target=primary]').waitFor();
    await row('site1.com').getByText('Up').nth(1).waitFor();
    // Whatever follows is seen without a reload.
    await page.evaluate('globalThis.sameDocument = true');
  });

  it('takes a new site, a removed one and a changed address over from the settings', async () => {
    await writeSettings(['site1.com', 'site3.com'], hosts.empty);
    await row('site3.com').waitFor();
    await row('site2.com').waitFor({ state: 'detached' });
    await row('site1.com').getByText('Down').waitFor();
    await until(async () => {
      const watched =
        parsePrometheusText(await (await ask('/metrics')).text()).get('iisfailover_target') ?? [];
      const named = [...new Set(watched.map(({ labels }) => labels.site))].sort();
      return named.join() === 'site1.com,site3.com';
    });
    await writeSettings(['site1.com', 'site3.com']);
    await row('site1.com').getByText('Down').waitFor({ state: 'detached' });
  });

  it('shows a switch when it has happened, on the page, in its data and in the metrics', async () => {
    await primary.kill();
    await monitor.waitFor(/^Switch site1\.com/m);
    await row('site1.com', '[data-target=failover]').waitFor();
    await row('site3.com', '[data-target=failover]').waitFor();
    await page.locator('#history-body').getByText('switch').first().waitFor({ state: 'attached' });
    assert.match(
      await (await ask('/main')).text(),
      /data-target="failover"\s+data-attention="\w+"\s+data-site="site1\.com"/,
    );
    const samples = parsePrometheusText(await (await ask('/metrics')).text());
    const failovers = samples
      .get('iisfailover_switches_total')!
      .find(({ labels }) => labels.direction === 'failover' && labels.result === 'confirmed')!;
    assert.equal(failovers.value, 2);
    assert.equal(await page.evaluate('globalThis.sameDocument'), true);
  });

  it('cannot be opened twice at the same port: the second monitor says so and ends', async () => {
    const second = startMonitor('-WhatIf');
    const { stdout, stderr } = await second.result;
    assert.match(stdout + stderr, new RegExp(`127\\.0\\.0\\.1:${port}: another program uses this port`));
    assert.match(stdout + stderr, /Recommendation: Choose a free port/);
  });

  it('ends with the monitor, and the page says so', async () => {
    assert.equal(await page.evaluate('document.getElementById("connection").textContent'), 'Live');
    monitor.kill('SIGINT');
    await monitor.result;
    await page.getByText('No connection to the monitor').waitFor();
    await assert.rejects(ask('/'));
  });

  async function until(test: () => Promise<boolean>): Promise<void> {
    while (!(await test())) await sleep(100);
  }

  function startMonitor(flags = ''): PwshSession {
    const script = [
      `Import-Module '${manifest}'`,
      `Invoke-FailoverMonitor -SettingsPath failover.json -Continuous -DashboardAddress 127.0.0.1:${port} ` +
        `-DashboardTokenFile token.txt ${flags} | & { process {`,
      '  $name = $_.Name; if (-not $name) { $name = $_.Message }',
      '  [Console]::Out.WriteLine(($_.Event, $name -join " "))',
      '} }',
    ].join('\n');
    return startPwsh(['-NoProfile', '-NonInteractive', '-Command', script], {
      cwd: folder,
      env: { NO_COLOR: '1' },
      timeoutMs: 170_000,
    });
  }

  async function startWeb(host: 'primary' | 'failover'): Promise<Nginx> {
    const root = join(folder, host);
    await mkdir(root);
    await writeFile(join(root, 'default.htm'), 'It works.');
    const served = sites.map((hostName) => ({ hostName, root }));
    return startNginx(join(folder, `nginx-${host}`), hosts[host], served, [], undefined, webPort);
  }

  async function writeSettings(names: readonly string[], failover = hosts.failover): Promise<void> {
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: [hosts.primary] },
        { name: 'FAILOVER', role: 'failover', addresses: [failover] },
      ],
      sites: names.map((name) => ({ name, hostNames: [name] })),
      healthCheck: { port: webPort, intervalSeconds: 0.5, timeoutSeconds: 2, attempts: 3, retrySeconds: 0.2 },
      dns: {
        servers: [{ address: hosts.dns, port: bind.port }],
        key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
      },
      stateFolder: 'state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
  }
});
