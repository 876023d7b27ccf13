import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder, writeTree } from '../support/tree.ts';

const script = fileURLToPath(new URL('copy-once.ts', import.meta.url));

describe('content copy to a volume that ignores case (needs root and lowntfs-3g)', () => {
  const folder = temporaryFolder();
  before(function () {
    if (!existsSync('/usr/bin/lowntfs-3g') || !existsSync('/dev/fuse')) this.skip();
    try {
      execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
  });

  it('finds a file under its other name, deletes nothing, and overwrites what differs', async () => {
    await writeTree(folder.path, { 'from/Index.htm': 'new', 'from/Sub/b': 'b', 'volume/': '' });
    const image = join(folder.path, 'image');
    execFileSync('truncate', ['-s', '8M', image]);
    execFileSync('/usr/sbin/mkntfs', ['-F', '-q', '-Q', image], { stdio: 'ignore' });
    const shell = `
      lowntfs-3g -o ignore_case "$1" "$2" && trap 'umount "$2"' EXIT
      mkdir -p "$2/to/sub" && printf old > "$2/to/index.htm" && printf b > "$2/to/sub/b"
      ${process.execPath} --import tsx ${script} ${join(folder.path, 'from')} "$2/to" '' "$2/index.jsonl"
      echo "$(cat "$2/to/Index.htm") $(cat "$2/to/Sub/b") $(ls "$2/to" | wc -l)"`;
    const args = ['-m', 'sh', '-ec', shell, 'sh', image, join(folder.path, 'volume')];
    const { stdout } = await promisify(execFile)('unshare', args);
    const [outcome = '', found] = stdout.trimEnd().split('\n');
    const { filesDeleted, failed, filesKept } = JSON.parse(outcome) as Record<string, number>;
    assert.deepEqual([filesDeleted, failed, filesKept], [0, 0, 2]);
    assert.equal(found, 'new b 2');
  });
});
