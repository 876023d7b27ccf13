import assert from 'node:assert/strict';
import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failoverSites, makeFailover, makePrimary, type LabServer } from '../../build/lab/whitepaper.ts';
import { freePort } from '../support/free-port.ts';
import {
  type LabBind,
  missingBind,
  paperTable,
  paperZone,
  startLabBind,
  tsigSecret,
} from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { startHttp, type TestServer } from '../support/web-server.ts';
import { makeFolderOnC, missingForWindows, windowsLines, windowsPath } from '../support/wine.ts';

const dnsAddress = '127.0.0.1';
const primaryAddress = '127.0.0.2';
const failoverAddress = '127.0.0.3';
const site = 'site1.com';
// Longer than the 260 characters of MAX_PATH.
const longPath = Array.from({ length: 5 }, (_, index) => String(index).repeat(60));

/** The whitepaper's course on Windows programs; the web server and BIND are this machine's own. */
describe('the whitepaper on Windows programs', () => {
  let folder: string;
  let bind: LabBind;
  let web: TestServer;
  let standby: LabServer;
  let isUp = true;

  before(async function () {
    skipWhereMissing(this, missingForWindows() ?? (await missingBind()));
    folder = await makeFolderOnC();
    // One server for all of 127.0.0.0/8: Node closes it over the address that a request came to.
    web = await startHttp((request, response) => {
      const isPrimary = request.socket.localAddress === primaryAddress;
      response.writeHead(isPrimary && !isUp ? 500 : 200).end('page');
    }, '0.0.0.0');
    bind = await startLabBind(dnsAddress, {
      port: await freePort(),
      zones: { [site]: paperZone(site, dnsAddress, primaryAddress) },
    });
    for (const name of ['primary', 'failover']) await mkdir(join(folder, name));
    const primary = await makePrimary(join(folder, 'primary'), primaryAddress, web.port);
    standby = await makeFailover(join(folder, 'failover'));
    await mkdir(join(contentOf(primary), ...longPath), { recursive: true });
    await writeFile(join(contentOf(primary), ...longPath, 'page.htm'), 'far down');
    await writeSettings(primary);
  });

  after(async () => {
    await web?.close();
    await bind?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('backs up, restores and copies with paths of drive C, one longer than 260 characters', async () => {
    const configuration = windowsPath(join(folder, 'primary', 'applicationHost.config'));
    const backedUp = await cmdlet(`Backup-FailoverSite -ConfigurationFile '${configuration}'`, 'Name');
    assert.deepEqual(backedUp, [...failoverSites]);
    const restore = 'Restore-FailoverSite -Confirm:$false';
    assert.deepEqual(await cmdlet(restore, 'Action'), ['Add', 'Add']);
    const text = await readFile(standby.configurationFile, 'utf8');
    assert.match(text, new RegExp(`bindingInformation="127\\.0\\.0\\.3:${web.port}:site1\\.com"`));
    assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/);
    assert.deepEqual(await cmdlet(restore, 'Action'), ['None', 'None']);
    assert.deepEqual(await cmdlet('Copy-FailoverContent', 'FilesCopied'), ['2', '1']);
    const copy = contentOf(standby);
    assert.equal(await readFile(join(copy, 'default.htm'), 'utf8'), 'This is site1\r\n');
    assert.equal(await readFile(join(copy, ...longPath, 'page.htm'), 'utf8'), 'far down');
  });

  it('probes both servers', async () => {
    assert.deepEqual(await cmdlet(`Test-FailoverSite ${site}`, 'Healthy'), ['True', 'True']);
  });

  it('moves the A record in BIND when the primary is down, and back', async () => {
    const round = () => cmdlet(`Invoke-FailoverMonitor ${site} -Confirm:$false`, 'Action');
    assert.deepEqual(await round(), ['None']);
    isUp = false;
    assert.deepEqual(await round(), ['Failover']);
    assert.deepEqual(await bind.table(site), paperTable(site, dnsAddress, failoverAddress, primaryAddress));
    isUp = true;
    assert.deepEqual(await round(), ['Failback']);
    assert.deepEqual(await bind.table(site), paperTable(site, dnsAddress, primaryAddress));
  });

  function contentOf({ disk }: LabServer): string {
    return join(disk, 'C', 'inetpub', 'hostedsites', 'site1');
  }

  /** Runs a cmdlet; one property of each of its objects, as text. */
  function cmdlet(command: string, property: string): Promise<string[]> {
    const [name = '', ...rest] = command.split(' ');
    const call = `${name} -SettingsPath failover.json -WarningAction SilentlyContinue ${rest.join(' ')}`;
    return windowsLines(`foreach ($o in @(${call})) { "$($o.${property})" }`, { cwd: folder });
  }

  async function writeSettings(primary: LabServer): Promise<void> {
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: [primaryAddress] },
        { name: 'FAILOVER', role: 'failover', addresses: [failoverAddress] },
      ],
      sites: failoverSites.map((name) => ({ name, hostNames: [name] })),
      healthCheck: { port: web.port, timeoutSeconds: 5, attempts: 2, retrySeconds: 0.1 },
      dns: {
        servers: [{ address: dnsAddress, port: bind.port }],
        key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
      },
      configurationFile: windowsPath(standby.configurationFile),
      backup: { folder: '.\\backup', password: { file: 'password.txt' } },
      content: {
        server: windowsPath(primary.disk),
        destinationDrive: windowsPath(join(standby.disk, 'C')),
      },
      addressMap: { [primaryAddress]: failoverAddress },
      stateFolder: '.\\state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'key.txt'), `\uFEFF${tsigSecret}\r\n`);
    await writeFile(join(folder, 'password.txt'), 'correct horse battery staple\r\n');
  }
});
