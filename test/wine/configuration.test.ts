import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failoverSites, makeFailover, makePrimary } from '../../build/lab/whitepaper.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { makeFolderOnC, missingForWindows, windowsLines, windowsPath } from '../support/wine.ts';

const mark = '\uFEFF';

/** Configuration files in each form that administrators' editors leave, restored by Windows programs. */
describe('a configuration file on Windows programs', () => {
  let folder: string;
  let primary: string;
  let failover: string;

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    for (const name of ['primary', 'failover']) await mkdir(join(folder, name));
    primary = (await makePrimary(join(folder, 'primary'), '127.0.0.2', 80)).configurationFile;
    failover = (await makeFailover(join(folder, 'failover'))).configurationFile;
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: ['127.0.0.2'] },
        { name: 'FAILOVER', role: 'failover', addresses: ['127.0.0.3'] },
      ],
      sites: failoverSites.map((name) => ({ name, hostNames: [name] })),
      configurationFile: windowsPath(failover),
      backup: { folder: '.\\backup', password: { file: 'password.txt' } },
      stateFolder: '.\\state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'password.txt'), 'correct horse battery staple');
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  for (const [form, start, end] of [
    ['a byte order mark and CRLF', mark, '\r\n'],
    ['CRLF alone', '', '\r\n'],
    ['a byte order mark and LF', mark, '\n'],
  ] as const) {
    it(`keeps its form, ${form}, and all that is not the sites'`, async () => {
      const written = (text: string): string => start + text.replace(mark, '').replaceAll(/\r?\n/g, end);
      const original = written(await readFile(failover, 'utf8'));
      await writeFile(failover, original);
      await writeFile(primary, written(await readFile(primary, 'utf8')));
      const script = `
        $call = @{ SettingsPath = 'failover.json'; Confirm = $false; WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
        Backup-FailoverSite @call -ConfigurationFile '${windowsPath(primary)}' > $null
        (Restore-FailoverSite @call).Action -join ' '
        $warnings
        (Restore-FailoverSite @call).Action -join ' '
        @(Undo-FailoverRestore @call).Count`;
      const [restored, warning, again, undone, ...rest] = await windowsLines(script, { cwd: folder });
      assert.deepEqual([restored, again, undone, rest], ['Add Add', 'None None', '1', []]);
      assert.match(warning!, /applicationHost\.config now has the permissions .* Cannot use \.NET/);
      assert.equal(await readFile(failover, 'utf8'), original);
    });
  }
});
