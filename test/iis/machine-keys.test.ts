import assert from 'node:assert/strict';
import { join } from 'node:path';
import { formatBackup, parseBackup } from '../../src/iis/backup-file.ts';
import {
  exportSite,
  machineKeysFor,
  planRestore,
  readMachineKeys,
  windowsFolderOf,
} from '../../src/iis/index.ts';
import { temporaryFolder, writeTree } from '../support/tree.ts';
import { exportOptions, parse, serverText, siteXml } from './samples.ts';

const config = (element: string): string => `<configuration>${element}</configuration>`;
const key = (attributes: string): string => `<system.web><machineKey ${attributes} /></system.web>`;
const own = key('validationKey="GEHEIM1" decryptionKey="GEHEIM2" validation="SHA1"');
const machine = (bits: string, name: string): string =>
  `Microsoft.NET/${bits}/v4.0.30319/Config/${name}.config`;

describe('machine keys', () => {
  const folder = temporaryFolder();
  const windows = (name: string): string => join(folder.path, name);
  const read = (name: string) => readMachineKeys(windows(name), 'c2FsdA==');

  it('are read for each framework: the root web.config over machine.config, 32 and 64 bit apart', async () => {
    await writeTree(windows('a'), {
      [machine('Framework', 'machine')]: config(own),
      [machine('Framework64', 'machine')]: config(key('validationKey="OTHER"')),
      [machine('Framework64', 'web')]: config(`<location allowOverride="true">${own}</location>`),
      'Microsoft.NET/Framework64/v2.0.50727/Config/machine.config': config(''),
      'Microsoft.NET/Framework64/v3.5/other': '',
      'Microsoft.NET/Framework64/sharedfx/': '',
    });
    const { keys } = await read('a');
    const [thirtyTwo, automatic, sixtyFour] = keys;
    assert.deepEqual(
      keys.map(({ framework }) => framework),
      ['Framework v4.0.30319', 'Framework64 v2.0.50727', 'Framework64 v4.0.30319'],
    );
    assert.match(thirtyTwo?.fingerprint ?? '', /^[0-9a-f]{32}$/);
    assert.equal(sixtyFour?.fingerprint, thirtyTwo?.fingerprint);
    assert.equal(automatic?.fingerprint, 'auto');
  });

  it('that are encrypted or cannot be read are left out; no Windows has none', async () => {
    await writeTree(windows('b'), {
      [machine('Framework', 'machine')]: config(key('configProtectionProvider="Rsa"')),
      [machine('Framework64', 'machine')]: '<configuration',
    });
    assert.deepEqual((await read('b')).keys, []);
    assert.deepEqual((await read('none')).keys, []);
  });

  it('have another fingerprint under another salt, and for each part', async () => {
    const variants = [
      own,
      own.replace('GEHEIM1', 'X'),
      own.replace('GEHEIM2', 'X'),
      own.replace('SHA1', 'AES'),
    ];
    const found = new Set<string | undefined>();
    for (const [index, text] of variants.entries()) {
      await writeTree(windows(`c${index}`), { [machine('Framework', 'machine')]: config(text) });
      found.add((await read(`c${index}`)).keys[0]?.fingerprint);
    }
    found.add((await readMachineKeys(windows('c0'))).keys[0]?.fingerprint);
    assert.equal(found.size, variants.length + 1);
  });

  it('belong to the Windows of a configuration in its place, here or on a share', () => {
    assert.equal(
      windowsFolderOf('C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config'),
      'C:\\Windows',
    );
    assert.equal(
      windowsFolderOf('\\\\standby\\C$\\Windows\\system32\\inetsrv\\config\\applicationHost.config'),
      '\\\\standby\\C$\\Windows',
    );
    assert.equal(windowsFolderOf('C:\\Temp\\applicationHost.config'), undefined);
  });

  for (const [what, here, message] of [
    ['the same', own, undefined],
    [
      'another',
      own.replace('GEHEIM1', 'X'),
      /of Framework v4\.0\.30319 is not that of the primary: visitors/,
    ],
    [
      'its own',
      '',
      /of Framework v4\.0\.30319 is set on the primary, and this server makes its own: visitors/,
    ],
  ] as const)
    it(`of a standby that has ${what} are ${message ? '' : 'not '}reported once for all sites, without the key`, async () => {
      const place = (name: string): string =>
        join(windows(name), 'System32', 'inetsrv', 'config', 'applicationHost.config');
      await writeTree(windows('primary'), { [machine('Framework', 'machine')]: config(own) });
      await writeTree(windows('standby'), { [machine('Framework', 'machine')]: config(here) });
      const machineKeys = await readMachineKeys(windowsFolderOf(place('primary')) ?? '');
      const server = parse(serverText({ sites: siteXml('a', 1) + siteXml('b', 2) }));
      const texts = await Promise.all(
        ['a', 'b'].map((name) => formatBackup(exportSite(server, name, { ...exportOptions, machineKeys }))),
      );
      for (const text of texts) assert.doesNotMatch(text, /GEHEIM/);
      const backups = await Promise.all(texts.map((text) => parseBackup(Buffer.from(text), 'a.xml')));
      const plan = planRestore(parse(serverText({})), backups, {
        machineKeys: await machineKeysFor(place('standby'), backups),
      });
      const found = plan.findings.filter(({ id }) => id === 'MachineKeyDiffers');
      assert.equal(found.length, message ? 1 : 0);
      if (message) assert.match(found[0]?.message ?? '', message);
    });
});
