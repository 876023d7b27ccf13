import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';

const script = fileURLToPath(new URL('copy-once.ts', import.meta.url));
const node = [process.execPath, '--import', 'tsx', script] as const;

interface Outcome {
  readonly id?: string;
  readonly message?: string;
  readonly filesCopied?: number;
  readonly errors: readonly string[];
}

/** The last line that copy-once.ts printed. */
async function outcomeOf(command: string, args: readonly string[]): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Outcome;
}

describe('content copy to and from places that fail (needs root)', () => {
  const folder = temporaryFolder();
  before(function () {
    try {
      execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
  });

  /** Copies from one folder to another with `setUp` done in a mount namespace of its own; then runs `after`. */
  function copyIn(setUp: string, source: string, destination: string, after = ''): Promise<Outcome> {
    const shell = `${setUp}\nshift 1\nout=$("$@")\n${after}\necho "$out"`;
    return outcomeOf('unshare', ['-m', 'sh', '-ec', shell, 'sh', destination, ...node, source, destination]);
  }

  it('names a full disk, keeps what was there and what was finished, and leaves nothing unfinished', async () => {
    const source = join(folder.path, 'from');
    const destination = join(folder.path, 'to');
    const saved = join(folder.path, 'saved');
    await mkdir(destination);
    await mkdir(saved);
    const tree: Record<string, string> = { 'index.htm': 'x'.repeat(400_000) };
    for (let index = 0; index < 20; index++) tree[`${index}.bin`] = `${index % 10}`.repeat(100_000);
    await writeTree(source, tree);
    const outcome = await copyIn(
      'mount -t tmpfs -o size=1m tmpfs "$1"; head -c 500000 /dev/zero > "$1/index.htm"',
      source,
      destination,
      `cp -a ${destination}/. ${saved}`,
    );
    assert.equal(outcome.id, 'DiskFull');
    assert.match(outcome.message ?? '', /^Cannot copy .*: the disk is full$/);
    const left = await readTree(saved);
    assert.ok(Object.keys(left).length > 1, 'files that fitted are there');
    for (const [path, content] of Object.entries(left))
      assert.ok(content === tree[path] || path === 'index.htm', `${path} is whole`);
    assert.ok([400_000, 500_000].includes(left['index.htm']?.length ?? 0));
  });

  it('names a read-only destination', async () => {
    const source = join(folder.path, 'from');
    const destination = join(folder.path, 'to');
    await writeTree(source, { a: 'a' });
    await writeTree(destination, { a: 'old' });
    const outcome = await copyIn(
      'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"',
      source,
      destination,
    );
    assert.deepEqual([outcome.id, outcome.errors], ['FileNotWritable', []]);
    assert.match(outcome.message ?? '', /the volume is read-only$/);
    assert.deepEqual(await readTree(destination), { a: 'old' });
  });

  it('reports files and folders it may not read, and copies the rest', async () => {
    const source = join(folder.path, 'from');
    const destination = join(folder.path, 'to');
    await writeTree(source, { a: 'a', secret: 's', 'closed/b': 'b', 'open/c': 'c' });
    await writeTree(destination, { secret: 'an older copy' });
    await chmod(join(source, 'secret'), 0o000);
    await chmod(join(source, 'closed'), 0o000);
    await chmod(folder.path, 0o777);
    await chown(destination, 65534, 65534);
    const outcome = await outcomeOf(node[0], [...node.slice(1), source, destination, '65534']);
    assert.deepEqual([...outcome.errors].sort(), ['FileUnreadable', 'FileUnreadable']);
    assert.equal(outcome.filesCopied, 2);
    assert.deepEqual(await readTree(destination), {
      a: 'a',
      secret: 'an older copy',
      open: '/',
      'open/c': 'c',
    });
  });
});
