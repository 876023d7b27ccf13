import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipWhereMissing } from '../support/requirements.ts';
import { makeSampleModule, type SampleModule } from '../support/sample-module.ts';
import {
  makeFolderOnC,
  missingForWindows,
  resultOf,
  startWindowsSession,
  windowsLines,
  windowsNodes,
} from '../support/wine.ts';

/** Windows process ids: only another Windows program can tell which of them run. */
describe('the Node process on Windows programs', () => {
  let folder: string;
  let sample: SampleModule;
  let session: ChildProcessWithoutNullStreams | undefined;

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    sample = await makeSampleModule();
  });

  afterEach(() => {
    session?.kill('SIGKILL');
    session = undefined;
  });

  after(async () => {
    await sample?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const lines = (script: string): Promise<string[]> =>
    windowsLines(script, { module: sample.manifest, cwd: folder });
  const marker = (): Promise<string> => readFile(join(folder, 'marker'), 'utf8').catch(() => '');
  /** A filter that passes the id of the process that serves Wait-Sample. */
  const id = `ForEach-Object { if ($_.Text -match 'process (\\d+)') { $Matches[1] } }`;

  for (const node of windowsNodes) {
    it(`stops a waiting cmdlet at Ctrl+C with ${node}, and the session goes on`, async () => {
      await rm(join(folder, 'marker'), { force: true });
      session = startWindowsSession({ module: sample.manifest, cwd: folder, node });
      session.stdin.write('Wait-Sample -Marker marker > $null\n');
      await until(session, async () => (await marker()).startsWith('started'));
      // Wine makes a console's Ctrl+C of it; on its process group, as a terminal sends it.
      process.kill(-session.pid!, 'SIGINT');
      await until(session, async () => (await marker()).endsWith('aborted\n'));
      session.stdin.write('(Get-SampleEcho -Word next).Text\n');
      const { lines, code } = await resultOf(session);
      assert.match(lines.join('\n'), /"Word":"next"/);
      assert.equal(code, 0);
    });
  }

  it('that is killed in the middle of a call is reported, and the next call starts another', async () => {
    const script = `try {
        Wait-Sample -Marker marker | ${id} | ForEach-Object { [System.Diagnostics.Process]::GetProcessById($_).Kill() }
      } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
      (Get-SampleEcho -Word next).Text`;
    const [errorId, message, next] = await lines(script);
    assert.equal(errorId, 'NodeExited,Wait-Sample');
    assert.match(message!, /^The Node\.js process ended before the command did/);
    assert.match(next!, /next/);
  });

  it('that is killed between two calls is replaced without a word', async () => {
    const script = `$id = Wait-Sample -Marker marker | ${id} | Select-Object -First 1
      $p = [System.Diagnostics.Process]::GetProcessById($id); $p.Kill(); $p.WaitForExit()
      (Get-SampleEcho -Word next).Text`;
    assert.match((await lines(script)).join(), /^[^,]*next[^,]*$/);
  });

  it('ends with Remove-Module', async () => {
    const script = `$id = Wait-Sample -Marker marker | ${id} | Select-Object -First 1
      $p = [System.Diagnostics.Process]::GetProcessById($id); $p.HasExited; Remove-Module IisFailover; $p.WaitForExit(5000)`;
    assert.deepEqual(await lines(script), ['False', 'True']);
  });

  it('ends with a session that is killed', async () => {
    session = startWindowsSession({ module: sample.manifest, cwd: folder });
    let printed = '';
    session.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    session.stdin.write(`Wait-Sample -Marker marker | ${id}\n`);
    await until(session, () => Promise.resolve(/\d+\r?\n/.test(printed)));
    session.kill('SIGKILL');
    const [pid] = /\d+/.exec(printed)!;
    const script = `try { $p = [System.Diagnostics.Process]::GetProcessById(${pid}); $p.WaitForExit(5000) } catch { 'gone' }`;
    assert.match((await lines(script)).join(), /^(gone|True)$/);
  });

  it('gets and gives texts that no code page of the console has', async () => {
    const text = "'\u00e4\u20ac\ud83d\ude00' + [char]0x3042";
    const script = `(Get-SampleEcho -Word (${text})).Text.Contains(${text})`;
    assert.deepEqual(await lines(script), ['True']);
  });
});

/** Waits for a condition, but not for longer than the session lives; the test's timeout bounds it. */
async function until(session: ChildProcessWithoutNullStreams, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    if (session.exitCode !== null) assert.fail('the session ended before it was so');
    await sleep(20);
  }
}
