import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build/bundle.ts';
import { encodeClixml } from '../src/protocol/clixml-encode.ts';

const support = (name: string): string => fileURLToPath(new URL(`support/${name}`, import.meta.url));

describe('The served process', () => {
  let folder: string;
  let child: ChildProcessWithoutNullStreams;
  let closed: Promise<unknown[]>;
  let stdout: string;
  let stderr: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-'));
    await bundle({ entry: support('sample-entry.ts'), outdir: join(folder, 'sample') });
    await bundle({ entry: support('deaf-entry.ts'), outdir: join(folder, 'deaf') });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  afterEach(() => child.kill('SIGKILL'));

  async function start(commands: 'sample' | 'deaf'): Promise<void> {
    stdout = '';
    stderr = '';
    child = spawn(process.execPath, [join(folder, commands, 'start.cjs')]);
    closed = once(child, 'close');
    child.stdin.on('error', () => undefined); // a process that has ended takes no more
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await reply(/^\u001ehello 0 .*\n/);
  }

  /** Resolves once standard output matches; the test's timeout bounds it. */
  async function reply(pattern: RegExp): Promise<void> {
    while (!pattern.test(stdout)) await once(child.stdout, 'data');
  }

  function message(command: string, parameters: Record<string, unknown> = {}, id = 1): string {
    const call = new Map<string, unknown>([
      ['Command', command],
      ['Parameters', new Map(Object.entries(parameters))],
    ]);
    return `\u001einvoke ${id} ${encodeClixml(call)}`;
  }

  const exitCode = async (): Promise<unknown> => (await closed)[0];

  it('takes its first message behind a byte order mark, with the line ends of Windows', async () => {
    await start('sample');
    child.stdin.write(`\ufeff${message('Get-SampleEcho')}\r\n`);
    await reply(/\u001edone 1 \n/);
  });

  it('keeps what a library prints off its replies', async () => {
    await start('sample');
    child.stdin.end(`${message('Write-Sample')}\n`);
    await reply(/\u001edone 1 \n/);
    assert.equal(await exitCode(), 0);
    assert.doesNotMatch(stdout, /stray/);
    for (const line of stdout.split('\n').slice(0, -1)) assert.match(line, /^\u001e[a-z]+ \d+ [ -~]*$/);
    assert.match(stderr, /stray line\nstray text without end/);
  });

  it('stops its calls and ends when its input does', async () => {
    await start('sample');
    const marker = join(folder, 'marker');
    child.stdin.write(`${message('Wait-Sample', { Marker: marker })}\n`);
    await reply(/<S N="Text">1</);
    child.stdin.end();
    assert.equal(await exitCode(), 0);
    assert.equal(await readFile(marker, 'utf8'), 'started\naborted\n');
    assert.match(stdout, /\u001efailed 1 .*<S N="ErrorId">Cancelled</);
  });

  it('ends when its input does, though a call does not stop; half a message is no call', async () => {
    await start('deaf');
    child.stdin.write(`${message('Get-Deaf')}\n`);
    await reply(/\u001eoutput 1 /);
    child.stdin.end(message('Get-Quick', {}, 2));
    assert.equal(await exitCode(), 0);
    assert.doesNotMatch(stdout, /\u001e[a-z]+ 2 |\u001efailed/);
  });

  it('serves other calls while one that was cancelled does not stop', async () => {
    await start('deaf');
    child.stdin.write(`${message('Get-Deaf')}\n`);
    await reply(/\u001eoutput 1 /);
    child.stdin.write(`\u001ecancel 1 \n${message('Get-Quick', {}, 2)}\n`);
    await reply(/\u001edone 2 \n/);
  });

  it('ends when nobody reads its replies any more', async () => {
    await start('sample');
    child.stdin.write(`${message('Wait-Sample', { Marker: join(folder, 'unread') })}\n`);
    await reply(/<S N="Text">1</);
    child.stdout.destroy();
    assert.equal(await exitCode(), 0);
  });

  it('leaves Ctrl+C to PowerShell', async function () {
    if (process.platform === 'win32') this.skip(); // a console event there, which Node cannot send
    await start('sample');
    child.kill('SIGINT');
    child.stdin.write(`${message('Get-SampleEcho')}\n`);
    await reply(/\u001edone 1 \n/);
  });

  it('ends with its own exit code after a defect outside of any call, and says which', async () => {
    await start('sample');
    child.stdin.write(`${message('Test-SampleFault', { Way: 'Crash' })}\n`);
    assert.equal(await exitCode(), 70);
    assert.match(stderr, /a crash\n$/);
  });
});
