import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skipWhereMissing } from '../support/requirements.ts';
import {
  makeFolderOnC,
  missingForWindows,
  resultOf,
  startWindowsModule,
  windowsLines,
  windowsNodes,
  windowsPath,
} from '../support/wine.ts';

const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['127.0.0.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['127.0.0.2'] },
  ],
  sites: [{ name: 'site1.com', hostNames: ['site1.com'] }],
  dns: { servers: [{ address: '127.0.0.1' }] },
};

describe('a PowerShell session on Windows programs', function () {
  let folder: string;

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    // As Notepad writes it: with a byte order mark and CRLF.
    const text = JSON.stringify(settings, undefined, 2).replaceAll('\n', '\r\n');
    await writeFile(join(folder, 'failover.json'), `\uFEFF${text}`);
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  for (const node of windowsNodes) {
    it(`imports the module and checks a settings file with BOM and CRLF through ${node}`, async () => {
      const path = windowsPath(join(folder, 'failover.json'));
      const command = `$t = Test-FailoverSetting -SettingsPath '${path}'; $t.Path; "$($t.IsValid) $($t.SiteCount)"`;
      assert.deepEqual(await windowsLines(command, { node }), [path, 'True 1']);
    });
  }

  it('finds the settings file by its name in the current folder', async () => {
    const command = `[void](Test-FailoverSetting -SettingsPath failover.json); 'done'`;
    assert.deepEqual(await windowsLines(command, { cwd: folder }), ['done']);
  });

  it('tells by the Windows path that a settings file is missing', async () => {
    const child = startWindowsModule("Test-FailoverSetting -SettingsPath 'C:\\no\\such.json'");
    const { code, stderr } = await resultOf(child);
    assert.equal(code, 1);
    assert.match(stderr, /There is no settings file C:\\no\\such\.json/);
  });

  it('shows help', async () => {
    const lines = await windowsLines('Get-Help Test-FailoverSite | Out-String');
    assert.ok(lines.some((line) => line.includes('Probes sites on the primary or the failover server')));
  });

  it('serves two sessions at once', async () => {
    const command = "[void](Test-FailoverSetting -SettingsPath failover.json); 'done'";
    const both = [1, 2].map(() => windowsLines(command, { cwd: folder }));
    assert.deepEqual(await Promise.all(both), [['done'], ['done']]);
  });
});
