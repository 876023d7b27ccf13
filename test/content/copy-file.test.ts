import assert from 'node:assert/strict';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { copyFileAtomically } from '../../src/content/copy-file.ts';
import { newShared, Shared } from '../../src/content/shared.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('copyFileAtomically', () => {
  const folder = temporaryFolder();
  const from = (): string => join(folder.path, 'from');
  const to = (): string => join(folder.path, 'to');

  it('does not take over a file that goes on changing while it is copied', async () => {
    await writeFile(from(), Buffer.alloc(64 * 1024 * 1024));
    await writeFile(to(), 'old');
    const touching = new Worker(
      `const { utimesSync } = require('node:fs');
       const { workerData, parentPort } = require('node:worker_threads');
       parentPort.postMessage('on');
       for (let time = 1; ; time++) utimesSync(workerData, time, time);`,
      { eval: true, workerData: from() },
    );
    await new Promise((resolve) => touching.once('message', resolve));
    assert.throws(() => copyFileAtomically(from(), to()), { id: 'FileChangedMeanwhile', target: from() });
    await touching.terminate();
    assert.deepEqual((await readdir(folder.path)).sort(), ['from', 'to']);
    assert.equal((await stat(to())).size, 3);
  });

  it('reads and hashes the copy again when it is to be verified', async () => {
    await writeFile(from(), 'content'.repeat(200_000));
    copyFileAtomically(from(), to(), { verify: true });
    assert.equal(await readFile(to(), 'utf8'), 'content'.repeat(200_000));
  });

  it('does not follow a link that has taken the place of the file', async () => {
    await writeFile(join(folder.path, 'secret'), 'secret');
    await symlink(join(folder.path, 'secret'), from());
    assert.throws(() => copyFileAtomically(from(), to()), { id: 'FileChangedMeanwhile' });
    assert.deepEqual((await readdir(folder.path)).sort(), ['from', 'secret']);
  });

  it('keeps what it replaces under a second name', async () => {
    await writeFile(from(), 'new');
    await writeFile(to(), 'old');
    const keepAt = join(folder.path, 'kept', 'deep', 'to');
    copyFileAtomically(from(), to(), { keepAt });
    assert.deepEqual([await readFile(to(), 'utf8'), await readFile(keepAt, 'utf8')], ['new', 'old']);
  });

  it('stops within a file, and leaves nothing of it', async () => {
    await writeFile(from(), Buffer.alloc(4 * 1024 * 1024));
    const shared = new Shared(newShared());
    shared.stop();
    assert.throws(() => copyFileAtomically(from(), to(), { shared, verify: true }), { id: 'Cancelled' });
    assert.deepEqual(await readdir(folder.path), ['from']);
  });
});
