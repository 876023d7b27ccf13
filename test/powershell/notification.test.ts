import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { moduleErrors, runModule } from '../support/module.ts';

describe('notifications', function () {
  this.timeout(60_000);
  let lab: Lab;
  let hook: Server;
  let told: { kind: string; site: string; recordChange: string[] }[];

  before(async () => {
    lab = await startLab();
    hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        told.push(JSON.parse(body) as (typeof told)[number]);
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    await run('Backup-FailoverSite -ConfigurationFile primary/applicationHost.config');
    await run('Restore-FailoverSite -Confirm:$false');
    await run('Copy-FailoverContent');
  });
  beforeEach(() => (told = []));
  after(async () => {
    hook?.closeAllConnections();
    hook?.close();
    await lab?.stop();
  });

  const configure = async (notify: object): Promise<void> => {
    const path = join(lab.folder, 'failover.json');
    const settings = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...settings, monitor: { metricsFile: 'metrics.prom', notify } }));
  };
  const url = (): string => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const run = (command: string) => runModule(`${command} -SettingsPath failover.json`, { cwd: lab.folder });
  const kinds = (): string[] => told.map(({ kind, site }) => `${kind} ${site}`).sort();

  it('are tested by each channel, with the reason where one does not arrive', async () => {
    await configure({ webhooks: [{ url: url() }, { url: 'http://127.0.0.1:1/secret-path' }] });
    const { objects, stdout } = await run('Test-FailoverNotification');
    assert.deepEqual(
      objects.map(({ Channel, Delivered, ErrorId }) => `${Channel} ${Delivered} ${ErrorId}`),
      [`webhook ${new URL(url()).host} True `, 'webhook 127.0.0.1:1 False NotifyFailed'],
    );
    assert.doesNotMatch(stdout, /secret-path/);
    assert.deepEqual(kinds(), ['Test ']);
  });

  it('are refused a test where there are none', async () => {
    await configure({});
    const path = join(lab.folder, 'failover.json');
    const errors = await moduleErrors(`Test-FailoverNotification -SettingsPath '${path}'`);
    assert.deepEqual(
      errors.map(({ id }) => id),
      ['NotifyNotConfigured'],
    );
  });

  it('come once for each switch of a round, and not again in the next; a dead channel only warns', async () => {
    await configure({ webhooks: [{ url: url() }, { url: 'http://127.0.0.1:1/' }], attempts: 1 });
    assert.equal((await run('Invoke-FailoverMonitor')).objects.length, 2);
    assert.deepEqual(kinds(), []);
    await lab.killPrimary();
    const { objects, stdout, stderr } = await run('Invoke-FailoverMonitor');
    assert.deepEqual(
      objects.map(({ Action }) => Action),
      ['Failover', 'Failover'],
    );
    assert.deepEqual(kinds(), ['Switched site1.com', 'Switched site2.com']);
    assert.match(told[0]!.recordChange.join(), /A 127\.10\.1\.1 -> 127\.10\.1\.2/);
    const metrics = await readFile(join(lab.folder, 'metrics.prom'), 'utf8');
    assert.match(metrics, /^iisfailover_server_up\{site="site1\.com",role="primary",server="PRIMARY"\} 0$/m);
    assert.match(metrics, /^iisfailover_target\{site="site1\.com",role="failover",server="FAILOVER"\} 1$/m);
    assert.match(stdout + stderr, /webhook 127\.0\.0\.1:1 was not told/);
    await run('Invoke-FailoverMonitor');
    assert.equal(told.length, 2);
  });

  it('come from the continuous monitor as well', async () => {
    await lab.startPrimary();
    await run('Invoke-FailoverMonitor');
    told.length = 0;
    await lab.killPrimary();
    const watching = 'Invoke-FailoverMonitor -Continuous -SettingsPath failover.json';
    await runModule(`${watching} | Where-Object { $_.Event -eq 'Switch' } | Select-Object -First 2`, {
      cwd: lab.folder,
    });
    assert.deepEqual(kinds(), ['Switched site1.com', 'Switched site2.com']);
  });
});
