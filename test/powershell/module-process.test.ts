import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachEngine } from '../support/engines.ts';
import { sampleSessions } from './sample-session.ts';

eachEngine('The Node process', (engine) => {
  const sessions = sampleSessions(engine);
  const { lines } = sessions;
  const marker = (): string => join(sessions.folder, 'marker');

  /** What the script that follows needs: the id of the process that serves the session. */
  const nodeId = '(Wait-Sample -Marker ./marker | Select-Object -First 1).Text.Substring(8)';
  const withSelect = { IISFAILOVER_ENGINE_ONLY: undefined };

  it('is one for all calls of a session', async () => {
    const [first, second] = await lines(`${nodeId}; ${nodeId}`, withSelect);
    assert.match(first!, /^\d+$/);
    assert.equal(first, second);
  });

  it('is told to stop where the pipeline needs no more, and goes on to serve', async () => {
    const script = `Wait-Sample -Marker ./marker | Select-Object -First 3 | ForEach-Object { $_.Text }
      (Get-SampleEcho).Text`;
    const [process, ...rest] = await lines(script, withSelect);
    assert.match(process!, /^process \d+$/);
    assert.deepEqual(rest, ['1', '2', '{}']);
    assert.equal(await readFile(marker(), 'utf8'), 'started\naborted\n');
  });

  it('is replaced where it does not stop', async () => {
    const script = `Wait-Sample -Deaf -Marker ./marker | Select-Object -First 1 | ForEach-Object { $_.Text.Substring(8) }
      ${nodeId}`;
    const [deaf, next] = await lines(script, withSelect);
    assert.notEqual(deaf, next);
    await ended(Number(deaf));
  });

  it('is replaced after it died in the middle of a call, which says so', async () => {
    const script = `try { Test-SampleFault Exit | ForEach-Object { $_.Text } } catch {
        $_.FullyQualifiedErrorId; $_.Exception.Message; $_.CategoryInfo.Category
      }
      (Get-SampleEcho).Text`;
    assert.deepEqual(await lines(script), [
      'before',
      'NodeExited,Test-SampleFault',
      'The Node.js process ended before the command did (exit code 7). It said: last words',
      'ResourceUnavailable',
      '{}',
    ]);
  });

  it('is replaced after a crash', async () => {
    const script = `try { Test-SampleFault Crash | ForEach-Object { $_.Text } } catch { $_.Exception.Message }
      (Get-SampleEcho).Text; (Get-SampleEcho).Text`;
    const [before, message, ...rest] = await lines(script);
    assert.match(message!, /a crash/);
    assert.deepEqual([before, ...rest], ['before', '{}', '{}']);
  });

  it('is replaced without a word where it was killed between two calls', async () => {
    const script = `$id = [int]${nodeId}; $p = [System.Diagnostics.Process]::GetProcessById($id); $p.Kill(); $p.WaitForExit()
      (Get-SampleEcho).Text`;
    assert.deepEqual(await lines(script, withSelect), ['{}']);
  });

  it('is not troubled by a call that cannot be sent, as CLIXML has no form for its text', async () => {
    const script = `$before = ${nodeId}
      try { Get-SampleEcho -Word ([string][char]0xFFFF) } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
      $before -eq ${nodeId}`;
    assert.deepEqual(await lines(script, withSelect), [
      'ParameterInvalid,Get-SampleEcho',
      "A parameter's value cannot be sent: '\uffff', hexadecimal value 0xFFFF, is an invalid character.",
      'True',
    ]);
  });

  it('fails an outer call that it was lost for, while the inner call can start another', async () => {
    const script = `try {
        Wait-Sample -Marker ./marker | ForEach-Object {
          if ($_.Text -eq '2') { try { Test-SampleFault Exit | ForEach-Object { $_.Text } } catch { $_.FullyQualifiedErrorId }
            (Get-SampleEcho).Text
          }
        }
      } catch { $_.FullyQualifiedErrorId }
      (Get-SampleEcho).Text`;
    const inner = ['before', 'NodeExited,Test-SampleFault', '{}'];
    assert.deepEqual(await lines(script), [...inner, 'NodeExited,Wait-Sample', '{}']);
  });

  it('ends with Remove-Module', async () => {
    const script = `Get-SampleEcho > $null; $id = ${nodeId}; Remove-Module IisFailover
      try { $p = [System.Diagnostics.Process]::GetProcessById($id); $p.WaitForExit(5000) } catch { 'gone' }`;
    assert.match((await lines(script, withSelect)).join(), /^(gone|True)$/);
  });

  it('ends with the session, be it killed', async () => {
    const [id] = await lines(nodeId, withSelect);
    await ended(Number(id));

    const session = sessions.start();
    session.write('Wait-Sample -Marker ./marker\n');
    await session.waitFor(/process \d+/);
    const running = Number(/process (\d+)/.exec(session.stdout())![1]);
    session.kill('SIGKILL');
    await session.result;
    await ended(running);
  });

  it('is stopped by Ctrl+C, and the session goes on', async function () {
    if (process.platform === 'win32') this.skip(); // a console event there, which Node cannot send
    const session = sessions.start();
    session.write('Wait-Sample -Marker ./marker\n');
    await session.waitFor(/process \d+/);
    session.kill('SIGINT');
    session.write('(Get-SampleEcho -Word next).Text\n');
    await session.waitFor(/next/);
    session.end();
    await session.result;
    assert.equal(await readFile(marker(), 'utf8'), 'started\naborted\n');
  });

  describe('that cannot be', () => {
    const failure = (env: Record<string, string>): Promise<string[]> => {
      const script = `try { Get-SampleEcho } catch {
        $_.FullyQualifiedErrorId; $_.Exception.Message; $_.CategoryInfo.Category; $_.ErrorDetails.RecommendedAction
      }`;
      return lines(script, env);
    };
    const remedy = 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.';
    const fakeNode = async (lines: string): Promise<string> => {
      const path = join(sessions.folder, 'node');
      await writeFile(path, `#!/bin/sh\n${lines}\n`);
      await chmod(path, 0o755);
      return path;
    };

    it('found is an error that says what to do', async () => {
      const expected = [
        'NodeNotFound,Get-SampleEcho',
        'Node.js was not found on the PATH.',
        'NotInstalled',
        remedy,
      ];
      // The engine host finds .NET itself there; relative entries do not count.
      const env = { PATH: `.${delimiter}/nowhere`, DOTNET_ROOT: process.env.DOTNET_ROOT ?? '' };
      await fakeNode('exit 1');
      assert.deepEqual(await failure(env), expected);
    });

    it('started is an error that names it', async () => {
      const [id, message, ...rest] = await failure({ IISFAILOVER_NODE: '/nowhere/node' });
      assert.deepEqual([id, ...rest], ['NodeNotFound,Get-SampleEcho', 'NotInstalled', remedy]);
      assert.match(message!, /^Node\.js could not be started \(\/nowhere\/node\): /);
    });

    it('used since it is too old is an error with both versions', async () => {
      // start.cjs as an old Node would run it.
      const start = join(dirname(sessions.module.manifest), 'lib/start.cjs');
      const old = join(sessions.folder, 'old.cjs');
      await writeFile(
        old,
        `Object.defineProperty(process.versions, 'node', { value: '12.22.0' }); require('${start}');`,
      );
      const path = await fakeNode(`exec '${process.execPath}' '${old}'`);
      const [id, message, ...rest] = await failure({ IISFAILOVER_NODE: path });
      assert.deepEqual([id, ...rest], ['NodeTooOld,Get-SampleEcho', 'NotInstalled', remedy]);
      assert.equal(message, 'Node.js 12.22.0 is too old: IisFailover needs version 20 or later.');
    });

    it('talked to, since it ends at once, is an error with what it said', async () => {
      const path = await fakeNode('echo no way >&2; exit 3');
      const [id, message] = await failure({ IISFAILOVER_NODE: path });
      assert.equal(id, 'NodeExited,Get-SampleEcho');
      assert.equal(
        message,
        'The Node.js process ended before the command did (exit code 3). It said: no way',
      );
    });

    it('understood, since it speaks another protocol, is an error', async () => {
      const objs = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';
      const hello = `${objs}<Obj><MS><I32 N="Protocol">999</I32></MS></Obj></Objs>`;
      const path = await fakeNode(`printf '\\036hello 0 %s\\n' '${hello}'; sleep 5`);
      const [id, , category] = await failure({ IISFAILOVER_NODE: path });
      assert.deepEqual([id, category], ['ProtocolViolation,Get-SampleEcho', 'ProtocolError']);
    });
  });

  it('is not changed by options that are meant for other programs', async () => {
    assert.deepEqual(await lines('(Get-SampleEcho).Text', { NODE_OPTIONS: '--require=/nowhere.js' }), ['{}']);
  });
});

/** Waits until a process is gone; the test's timeout bounds it. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/\) Z /.test(state)) return; // ended, but nobody has waited for it
    await sleep(20);
  }
}
