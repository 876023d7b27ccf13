import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/tree.ts';

const source = fileURLToPath(new URL('../../build/pwsh', import.meta.url));

describe('build/pwsh', () => {
  const folder = temporaryFolder();
  let launcher: string;
  before(function () {
    if (process.platform === 'win32') this.skip(); // pwsh.cmd there
  });
  beforeEach(async () => {
    launcher = join(folder.path, 'build', 'pwsh');
    await mkdir(join(folder.path, 'build'));
    await copyFile(source, launcher);
  });

  /** A program that tells its name and its arguments, one a line, and exits with 3. */
  async function program(
    name: string,
    body = 'echo "$0"; for a in "$@"; do echo "<$a>"; done; exit 3',
  ): Promise<string> {
    const path = join(folder.path, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  }

  function launch(env: Record<string, string>, args: readonly string[] = []) {
    const { status, stdout, stderr } = spawnSync(launcher, args, {
      encoding: 'utf8',
      // A folder of its own: the machine may have a pwsh. The launcher itself needs no program.
      env: { PATH: join(folder.path, 'bin'), ...env },
    });
    return { status, lines: stdout.split('\n').slice(0, -1), stderr };
  }

  it('runs the program that IISFAILOVER_PWSH names, with its arguments and exit code', async () => {
    const chosen = await program('chosen');
    await program('bin/pwsh');
    const args = ['-Command', 'a "b" $c', ''];
    const result = launch({ IISFAILOVER_PWSH: chosen }, args);
    assert.deepEqual(result, { status: 3, lines: [chosen, '<-Command>', '<a "b" $c>', '<>'], stderr: '' });
  });

  it('refuses an IISFAILOVER_PWSH that cannot be run', () => {
    const { status, stderr } = launch({ IISFAILOVER_PWSH: join(folder.path, 'none') });
    assert.equal(status, 127);
    assert.match(stderr, /IISFAILOVER_PWSH names no program .*none/);
  });

  it('runs the pwsh on the PATH before the engine host', async () => {
    const real = await program('bin/pwsh');
    await program('.build/engine-host/engine-host');
    assert.deepEqual(launch({}).lines, [real]);
  });

  it('runs the engine host where there is no other, even with itself on the PATH', async () => {
    await program('.build/engine-host/engine-host');
    await mkdir(join(folder.path, 'links'));
    await symlink(launcher, join(folder.path, 'links', 'pwsh'));
    for (const first of [join(folder.path, 'build'), join(folder.path, 'links')]) {
      const { status, lines } = launch({ PATH: first });
      assert.deepEqual([status, lines.length], [3, 1]);
      assert.match(lines[0]!, /engine-host$/);
    }
  });

  it('says how to get a PowerShell where there is none', () => {
    const { status, stderr } = launch({});
    assert.equal(status, 127);
    assert.match(stderr, /npm run setup/);
  });

  it('becomes the program, so that a signal reaches it', async () => {
    const chosen = await program('chosen', `trap 'echo stopped; exit 9' INT; echo ready; read -r line`);
    const child = spawn(launcher, { env: { IISFAILOVER_PWSH: chosen } });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') child.kill('SIGINT');
      output += text;
    });
    assert.deepEqual(await once(child, 'close'), [9, null]);
    assert.equal(output, 'ready\nstopped\n');
  });
});
