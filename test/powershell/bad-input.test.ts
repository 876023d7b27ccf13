import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFailover, makePrimary } from '../../build/lab/whitepaper.ts';
import { moduleErrors, runModule } from '../support/module.ts';

const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: [{ name: 'site1.com', hostNames: ['site1.com'] }],
  backup: { folder: 'backup', password: { file: 'password.txt' } },
};

/** Each fault is an error with its id, and nothing is changed. */
describe('bad input', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
    await makePrimary(folder, '10.1.1.1');
    await cp(join(folder, 'applicationHost.config'), join(folder, 'primary.config'));
    await makeFailover(folder);
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'password.txt'), 'secret');
    await writeFile(join(folder, 'wrong.txt'), 'not it');
    await writeFile(join(folder, 'Sitelist.txt'), 'site1.com\r\n');
    const { stderr } = await runModule(
      'Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile primary.config',
      {
        cwd: folder,
      },
    );
    assert.equal(stderr, '');
  });
  after(() => rm(folder, { recursive: true }));

  const config = (change: (text: string) => string | Buffer) => async (): Promise<void> => {
    const text = await readFile(join(folder, 'primary.config'), 'utf8');
    await writeFile(join(folder, 'bad.config'), change(text));
  };
  const unchanged = config((text) => text);
  const backup = 'Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile bad.config';
  const restore =
    'Restore-FailoverSite -SettingsPath failover.json -ConfigurationFile applicationHost.config';

  const cases: [string, () => Promise<void>, string, string, RegExp][] = [
    [
      'a missing configuration',
      unchanged,
      `${backup} -Destination none`.replace('bad', 'none'),
      'FileNotFound',
      /none\.config/,
    ],
    [
      'malformed XML',
      config((text) => text.replace('</sites>', '')),
      backup,
      'ConfigurationMalformed',
      /line \d+/,
    ],
    [
      'a DOCTYPE',
      config((text) => text.replace('<configuration>', '<!DOCTYPE x><configuration>')),
      backup,
      'ConfigurationMalformed',
      /DOCTYPE/,
    ],
    [
      'UTF-16',
      config((text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
      backup,
      'ConfigurationEncoding',
      /UTF-16/,
    ],
    [
      'two sites with one name',
      config((text) => text.replace('name="site3.com"', 'name="SITE1.com"')),
      backup,
      'SiteDuplicate',
      /line/,
    ],
    ['a site that is not there', unchanged, `${backup} -Name nosuch.com`, 'SiteNotFound', /nosuch\.com/],
    [
      'a site list with a path separator in a name',
      () => writeFile(join(folder, 'list.txt'), 'site1.com\r\n..\\site2.com\r\n'),
      `${backup} -SiteListPath list.txt`,
      'SiteNameInvalid',
      /line 2/,
    ],
    [
      'a missing site list',
      unchanged,
      `${backup} -SiteListPath no.txt`,
      'SiteListUnreadable',
      /^Cannot open Sitelist\.txt/,
    ],
    [
      'a destination that cannot be written',
      unchanged,
      `${backup} -Destination Sitelist.txt/x`,
      'FileNotWritable',
      /Sitelist\.txt/,
    ],
    [
      'a log that cannot be written',
      async () => {
        await unchanged();
        const bad = { ...settings, stateFolder: 'Sitelist.txt/state' };
        await writeFile(join(folder, 'bad.json'), JSON.stringify(bad));
      },
      `${backup} -Destination new`.replace('failover.json', 'bad.json'),
      'LogNotWritable',
      /^Cannot open or create .*sitebackup\.log/,
    ],
    ['a missing backup folder', unchanged, `${restore} -Source none`, 'SiteListUnreadable', /none/],
    [
      'a wrong password',
      unchanged,
      `${restore} -Password (ConvertTo-SecureString 'not it' -AsPlainText -Force)`,
      'BackupPasswordWrong',
      /password/i,
    ],
    [
      'a tampered backup',
      async () => tamper((text) => text.replace('hostedsites', 'hostedsitez')),
      `${restore} -Source tampered`,
      'BackupTampered',
      /site1\.com/,
    ],
    [
      'a truncated backup',
      async () => tamper((text) => text.slice(0, -200)),
      `${restore} -Source tampered`,
      'BackupTruncated',
      /site1\.com/,
    ],
    [
      'settings with an unknown key',
      () => writeFile(join(folder, 'bad.json'), JSON.stringify({ ...settings, sitelist: 'x' })),
      'Get-FailoverSite -SettingsPath bad.json',
      'SettingsInvalid',
      /bad\.json\(1,\d+\): sitelist: Unknown key sitelist/,
    ],
    ['missing settings', unchanged, 'Get-FailoverSite -SettingsPath no.json', 'SettingsNotFound', /no\.json/],
    [
      'settings without DNS',
      unchanged,
      'Invoke-FailoverMonitor -SettingsPath failover.json',
      'DnsNotConfigured',
      /failover\.json/,
    ],
    ['a map that is none', unchanged, `${restore} -PathMap @{ a = 1 }`, 'ParameterInvalid', /PathMap/],
    [
      'an address that is none',
      unchanged,
      'Test-FailoverSite x -Address here',
      'ParameterInvalid',
      /Address/,
    ],
  ];

  for (const [what, prepare, command, id, message] of cases) {
    it(`${what} is ${id}`, async () => {
      await prepare();
      const before = await contents();
      const errors = await moduleErrors(command, { cwd: folder });
      assert.deepEqual(
        errors.map((error) => error.id),
        [id],
        JSON.stringify(errors),
      );
      assert.match(errors[0]!.message, message);
      assert.deepEqual(await contents(), before);
    });
  }

  async function tamper(change: (text: string) => string): Promise<void> {
    await cp(join(folder, 'backup'), join(folder, 'tampered'), { recursive: true });
    const path = join(folder, 'tampered', 'site1.com.xml');
    await writeFile(path, change(await readFile(path, 'utf8')));
  }

  /** Every file with its bytes; logs and state tell of the attempt, and lock folders come and go. */
  async function contents(): Promise<Record<string, string>> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.endsWith('state'));
    const pairs = files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, (await readFile(path)).toString('base64')] as const;
    });
    return Object.fromEntries(await Promise.all(pairs));
  }
});
