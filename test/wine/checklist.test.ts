import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePrimary } from '../../build/lab/whitepaper.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import {
  makeFolderOnC,
  missingForWindows,
  resultOf,
  startWindowsScript,
  windowsFolder,
} from '../support/wine.ts';

const script = fileURLToPath(new URL('../../build/Test-Windows.ps1', import.meta.url));

/** Where IIS has its configuration, which wine lacks. */
const place = join(windowsFolder, 'system32', 'inetsrv');
/** Needs neither IIS nor Windows PowerShell nor security descriptors: what wine can pass. */
const passing = [1, 2, 4, 5, 13, 16, 17, 18, 30, 31, 42, 43];

describe('Test-Windows.ps1 on Windows programs', () => {
  let folder: string;
  const run = async (...args: string[]) => {
    const result = await resultOf(startWindowsScript(script, args, { cwd: folder }));
    assert.equal(result.stderr, '');
    return result;
  };

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    await rm(place, { recursive: true, force: true }); // of a run that was killed
    folder = await makeFolderOnC();
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('lists its steps and runs none', async () => {
    const { lines, code } = await run('-List');
    assert.equal(code, 0);
    assert.ok(lines.length > passing.length);
    for (const line of lines) assert.match(line, /^\d+ \S/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('passes what needs no part of Windows that wine lacks', async () => {
    const { lines, code } = await run('-Only', passing.join(','));
    const outcomes = lines.map((line) => line.replace(/^(\w+)\s+(\d+) .*/, '$1 $2'));
    assert.deepEqual(
      outcomes,
      passing.map((id) => `Passed ${id}`),
      lines.join('\n'),
    );
    assert.equal(code, 0);
  });

  it('backs up and restores the configuration of the server, and does not change it', async () => {
    await mkdir(join(place, 'config'), { recursive: true });
    try {
      const { configurationFile } = await makePrimary(folder, '127.0.0.2');
      const text = await readFile(configurationFile);
      const file = join(place, 'config', 'applicationHost.config');
      await writeFile(file, text);
      const { lines, code } = await run('-Only', '8,10');
      assert.deepEqual(
        [code, ...lines.map((line) => line.replace(/ .*:/, ':'))],
        [...[0, 'Passed: 4 backed up of 4', 'Passed: 0 sites would change']],
      );
      assert.deepEqual(await readFile(file), text);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('replaces the report by what passed, failed and was skipped, with what was seen', async () => {
    await writeFile(join(folder, 'report.json'), 'an earlier report');
    // Wine has no IIS, and its powershell.exe ends well without running anything.
    const { code } = await run('-Only', '1,8,70', '-Report', 'report.json');
    assert.equal(code, 1);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
      Edition: string;
      Results: { Step: number; Outcome: string; Evidence: string }[];
    };
    assert.equal(report.Edition, 'Core');
    assert.deepEqual(
      report.Results.map(({ Step, Outcome }) => `${Step} ${Outcome}`),
      ['1 Passed', '8 Skipped', '70 Failed'],
    );
    const [, skipped, failed] = report.Results;
    assert.match(skipped!.Evidence, /IIS is not here: no C:\\windows\\System32\\inetsrv/);
    assert.match(failed!.Evidence, /the script left no file/);
    assert.match(await readFile(join(folder, 'report.txt'), 'utf8'), /^Failed +70 .*\r\n/m);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('refuses the number of a step that it does not have', async () => {
    const { code, stderr } = await resultOf(startWindowsScript(script, ['-Only', '999'], { cwd: folder }));
    assert.notEqual(code, 0);
    assert.match(stderr, /No step of the script has the number 999/);
  });
});
