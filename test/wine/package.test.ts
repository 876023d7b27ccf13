import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { skipWhereMissing } from '../support/requirements.ts';
import { makeFolderOnC, missingForWindows, windowsLines, windowsPath } from '../support/wine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('a package with node.exe on Windows programs', () => {
  let folder: string;
  let manifest: string;

  before(async function () {
    const bridge = existsSync(join(root, 'module/lib/IisFailover.Bridge.dll')) ? undefined : 'npm run build';
    skipWhereMissing(this, missingForWindows() ?? bridge);
    folder = await makeFolderOnC();
    const args = ['--import', 'tsx', 'build/pack.ts', '--with-node', '--output', join(folder, 'dist')];
    execFileSync(process.execPath, args, { cwd: root });
    const [version = ''] = await readdir(join(folder, 'dist/IisFailover'));
    manifest = join(folder, 'dist/IisFailover', version, 'IisFailover.psd1');
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('runs a cmdlet by its own node.exe, where no other is set or on the path', async () => {
    await writeFile(join(folder, 'failover.json'), '{}');
    const script = `
      "$(@(Get-Command node -ErrorAction SilentlyContinue).Count)$env:IISFAILOVER_NODE"
      "$((Test-FailoverSetting -SettingsPath failover.json).IsValid)"
      [System.Diagnostics.Process]::GetProcessesByName('node').MainModule.FileName`;
    const own = windowsPath(join(manifest, '../lib/node.exe'));
    assert.deepEqual(await windowsLines(script, { cwd: folder, module: manifest, node: 'none' }), [
      '0',
      'False',
      own,
    ]);
  });
});
