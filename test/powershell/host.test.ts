import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachEngine } from '../support/engines.ts';
import { runPwsh, runPwshWith, startPwsh, type PwshOptions } from '../support/pwsh.ts';

const quiet = ['-NoProfile', '-NonInteractive'];
const nativeFailure = process.platform === 'win32' ? 'cmd /c exit 5' : 'sh -c "exit 5"';

// Exit codes: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh
const exitCodes = [
  { script: '1', meaning: 'success', command: 0, file: 0, stdin: 0 },
  { script: 'No-SuchCommand', meaning: 'an unknown command', command: 1, file: 0, stdin: 1 },
  { script: 'Write-Error bad', meaning: 'Write-Error last', command: 1, file: 0, stdin: 1 },
  { script: 'Write-Error bad; 1', meaning: 'success after Write-Error', command: 0, file: 0, stdin: 0 },
  { script: 'throw "bad"', meaning: 'throw', command: 1, file: 1, stdin: 1 },
  { script: 'exit 7', meaning: 'exit 7', command: 7, file: 7, stdin: 7 },
  { script: '& { exit 7 }; 1', meaning: 'exit 7 in a script block', command: 7, file: 7, stdin: 7 },
  { script: nativeFailure, meaning: 'a failed program', command: 1, file: 0, stdin: 1 },
  // In standard input it never ran, so $? and with it the exit code stay what they were.
  { script: '1 +* 2', meaning: 'a parse error', command: 1, file: 1, stdin: 0 },
];

eachEngine('PowerShell host', (engine) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-host-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (script: string, options: PwshOptions = {}) => runPwsh(script, { engine, ...options });

  async function scriptFile(text: string): Promise<string> {
    const path = join(folder, 'script.ps1');
    await writeFile(path, text);
    return path;
  }

  describe('exit codes', () => {
    for (const { script, meaning, command, file, stdin } of exitCodes) {
      it(`are ${command}, ${file}, ${stdin} for ${meaning} with -Command, -File and standard input`, async () => {
        const path = await scriptFile(script);
        const results = await Promise.all([
          run(script),
          runPwshWith([...quiet, '-File', path], { engine }),
          runPwshWith([...quiet, '-Command', '-'], { engine, input: `${script}\n` }),
        ]);
        assert.deepEqual(
          results.map(({ code }) => code),
          [command, file, stdin],
        );
      });
    }

    it('are 64 for a script file that is not there', async () => {
      const { code, stderr } = await runPwshWith([...quiet, '-File', join(folder, 'none.ps1')], { engine });
      assert.equal(code, 64);
      assert.match(stderr, /none\.ps1/);
    });
  });

  describe('command line', () => {
    it('takes a first argument that is no parameter for a script file, and passes the rest to it', async () => {
      const path = await scriptFile('param($Name, [switch]$On) "$Name $On $args"');
      const { stdout } = await runPwshWith([path, '-Name', 'a b', '-On', 'rest'], { engine });
      assert.equal(stdout.trimEnd(), 'a b True rest');
    });

    it('joins the arguments after -Command with spaces', async () => {
      const { stdout } = await runPwshWith([...quiet, '-c', '1', '+', '2'], { engine });
      assert.equal(stdout.trimEnd(), '3');
    });

    it('decodes -EncodedCommand', async () => {
      const encoded = Buffer.from('"é✓"', 'utf16le').toString('base64');
      const { stdout } = await runPwshWith([...quiet, '-EncodedCommand', encoded], { engine });
      assert.equal(stdout.trimEnd(), 'é✓');
    });

    it('starts in -WorkingDirectory', async () => {
      const args = [
        '-WorkingDirectory',
        folder,
        '-ExecutionPolicy',
        'Bypass',
        '-NoLogo',
        '-Command',
        '"$pwd"',
      ];
      const { stdout } = await runPwshWith([...quiet, ...args], { engine });
      assert.equal(stdout.trimEnd(), folder);
    });

    it('prints the version', async () => {
      assert.match((await runPwshWith(['-Version'], { engine })).stdout, /^PowerShell \d+\.\d+\.\d+/);
    });
  });

  describe('standard input', () => {
    it('collects incomplete input until a blank line', async () => {
      const input = 'if ($true) {\n  "inside"\n}\n\n"after"\n';
      const { code, stdout } = await runPwshWith([...quiet, '-Command', '-'], { engine, input });
      assert.deepEqual([code, stdout], [0, 'inside\nafter\n']);
    });

    it('runs each command as it arrives', async () => {
      const session = startPwsh(undefined, { engine });
      session.write('"one"\n');
      await session.waitFor(/one/);
      session.write('"two"\n');
      await session.waitFor(/two/);
      session.end();
      assert.equal((await session.result).code, 0);
    });

    it('is $input of a command that uses it', async () => {
      const { stdout } = await run('$input | ForEach-Object { "<$_>" }', { input: 'a\nb\n' });
      assert.equal(stdout, '<a>\n<b>\n');
    });
  });

  describe('streams', () => {
    it('send errors to standard error and all other text to standard output', async () => {
      const script =
        'Write-Output out; Write-Error err; Write-Warning warn; Write-Verbose verb -Verbose; Write-Host host';
      const { stdout, stderr } = await run(script);
      assert.equal(stdout, 'out\nWARNING: warn\nVERBOSE: verb\nhost\n');
      assert.match(stderr, /Write-Error: .*err\n$/s);
    });

    it('carry no escape sequences and no progress when they are redirected', async () => {
      const { stdout, stderr } = await run(
        'Write-Progress -Activity busy; Write-Warning w; "a$([char]27)[31mb"; throw "bad"',
      );
      assert.equal(stdout, 'WARNING: w\nab\n');
      assert.match(stderr, /bad/);
      assert.doesNotMatch(stderr, /\u001b/);
    });

    it("pass a native program's output and errors through", async () => {
      const { stdout, stderr } = await run('node -e "console.log(1); console.error(2)"');
      assert.deepEqual([stdout.trim(), stderr.trim()], ['1', '2']);
    });
  });

  describe('prompts', () => {
    it('are an error with -NonInteractive', async () => {
      const result = await run("Read-Host 'Name'; 'after'", { input: 'answer\n' });
      assert.match(result.stderr, /NonInteractive/);
      assert.match(result.stdout, /after/);
    });

    it('name the mandatory parameters that are missing with -NonInteractive', async () => {
      const { code, stderr } = await run('function f { param([Parameter(Mandatory)]$Site) } f');
      assert.equal(code, 1);
      assert.match(stderr, /missing mandatory parameters: Site/);
    });

    it('take the answer to a confirmation from standard input', async () => {
      const script =
        'function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = "High")] param()\n' +
        'if ($PSCmdlet.ShouldProcess("site1.com", "Switch")) { "yes" } else { "no" } } f';
      const answers = await Promise.all(
        ['y\n', 'n\n'].map((input) => runPwshWith(['-NoProfile', '-Command', script], { engine, input })),
      );
      assert.match(answers[0]!.stdout, /"Switch" on target "site1\.com"[^]*yes\n$/);
      assert.match(answers[1]!.stdout, /no\n$/);
    });
  });

  describe('Ctrl+C', function () {
    before(function () {
      if (process.platform === 'win32') this.skip(); // a console event there, which Node cannot send
    });

    it('stops the pipeline, runs its finally blocks and exits with 1', async () => {
      const script =
        '"started"; try { Start-Sleep -Seconds 30 } finally { [Console]::Out.WriteLine("cleaned up") }; "not reached"';
      const session = startPwsh([...quiet, '-Command', script], { engine });
      await session.waitFor(/started/);
      session.kill('SIGINT');
      const { code, stdout } = await session.result;
      assert.deepEqual([code, stdout], [1, 'started\ncleaned up\n']);
    });

    it('stops one command of standard input, and the next one runs', async () => {
      const session = startPwsh(undefined, { engine });
      session.write('"started"; Start-Sleep -Seconds 30; "not reached"\n');
      await session.waitFor(/started/);
      session.kill('SIGINT');
      session.write('"next"\n');
      session.end();
      assert.equal((await session.result).stdout, 'started\nnext\n');
    });
  });
});
