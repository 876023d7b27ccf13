import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { commandName, type Example } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';
import { runPwsh } from '../support/pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

const metabase = fileURLToPath(new URL('../fixtures/iis6/modsic.MetaBase.xml', import.meta.url));

/** In the order in which an administrator would come by them. */
const order = [
  'New',
  'Initialize',
  'Backup',
  'Restore',
  'Compare',
  'Copy',
  'Test',
  'Get',
  'Invoke',
  'Switch',
  'Suspend',
  'Resume',
  'Undo',
];

/**
 * Every example of the help runs as it is shown, in the folder of the demo's lab: failover.json, Sitelist.txt,
 * backup-password.txt, backup, a MetaBase.xml, the primary's applicationHost.config and the failover server's standby.config.
 */
describe('the examples of the help', function () {
  this.timeout(60_000);
  let lab: Lab;
  let hook: Server;

  before(async () => {
    lab = await startLab();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    await copyFile(lab.failover.configurationFile, join(lab.folder, 'standby.config'));
    await writeFile(join(lab.folder, 'shop.pfx'), '');
    hook = createServer((request, response) => {
      request.resume();
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    await addNotifications(join(lab.folder, 'failover.json'), (hook.address() as AddressInfo).port);
    await copyFile(metabase, join(lab.folder, 'MetaBase.xml'));
    for (const command of [
      'Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile applicationHost.config',
      'Restore-FailoverSite -SettingsPath failover.json',
      'Copy-FailoverContent -SettingsPath failover.json',
    ]) {
      const { stderr } = await run(command);
      assert.equal(stderr, '');
    }
  });
  after(async () => {
    hook?.closeAllConnections();
    hook?.close();
    await lab?.stop();
  });

  const sorted = [...commands].sort((a, b) => order.indexOf(a.verb) - order.indexOf(b.verb));
  for (const command of sorted) {
    for (const { title, code } of command.examples as readonly Example[]) {
      it(`${commandName(command)}: ${title}`, async () => {
        // The settings of the lab are the failover server's; a backup runs on the primary.
        const script =
          command.verb === 'Backup' && code.includes('-SettingsPath')
            ? `${code} -ConfigurationFile .\\applicationHost.config`
            : code;
        const { code: exitCode, stderr } = await run(script);
        assert.equal(stderr, '');
        assert.equal(exitCode, 0);
      });
    }
  }

  function run(script: string) {
    return runPwsh(`$ErrorActionPreference = 'Stop'; Import-Module '${manifest}'; ${script}`, {
      cwd: lab.folder,
    });
  }
});

/** The examples that send a message need a channel. */
async function addNotifications(path: string, port: number): Promise<void> {
  const settings = JSON.parse(await readFile(path, 'utf8')) as object;
  const monitor = { notify: { webhooks: [{ url: `http://127.0.0.1:${port}/` }] } };
  await writeFile(path, JSON.stringify({ ...settings, monitor }, undefined, 2));
}
