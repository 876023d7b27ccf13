import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, rm, stat, symlink, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  applyContentPlan,
  type ContentPlan,
  type ContentRoot,
  type CopyContext,
  type CopyProgress,
  type CopySummary,
  isEmptyPlan,
  planContentCopy,
} from '../../src/content/index.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { assertSameTimes, readTimes, readTree, temporaryFolder, writeTree } from '../support/tree.ts';

describe('content copy', () => {
  const folder = temporaryFolder();
  let root: ContentRoot;
  beforeEach(() => {
    const source = join(folder.path, 'primary', 'site1');
    root = {
      site: 'site1.com',
      path: source,
      source,
      destination: join(folder.path, 'standby', 'web', 'site1'),
    };
  });

  async function copy(context: CopyContext = {}): Promise<{ plan: ContentPlan; summary: CopySummary }> {
    const plan = await planContentCopy(root);
    return { plan, summary: await applyContentPlan(plan, context) };
  }

  const counts = ({
    filesCopied,
    foldersCreated,
    unchanged,
    filesDeleted,
    skipped,
    failed,
  }: CopySummary) => ({
    filesCopied,
    foldersCreated,
    unchanged,
    filesDeleted,
    skipped,
    failed,
  });

  it('recreates the folders, empty ones too, and copies files with their times and modes', async () => {
    await writeTree(root.source, {
      'default.htm': { content: 'This is site1', mtime: new Date('2003-05-01T12:00:00.123Z') },
      'old.htm': { content: 'older than Unix', mtime: new Date('1969-07-20T20:17:40.250Z') },
      'empty/': '',
      'a/b/c.txt': 'deep',
      'none.txt': '',
    });
    await chmod(join(root.source, 'default.htm'), 0o640);
    await chmod(join(root.source, 'a'), 0o750);
    const { plan, summary } = await copy();
    assert.equal(plan.bytes, 13 + 15 + 4);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
    assertSameTimes(await readTimes(root.destination), await readTimes(root.source));
    assert.equal((await stat(join(root.destination, 'default.htm'))).mode & 0o777, 0o640);
    assert.equal((await stat(join(root.destination, 'a'))).mode & 0o777, 0o750);
    assert.deepEqual(counts(summary), {
      filesCopied: 4,
      foldersCreated: 4,
      unchanged: 0,
      filesDeleted: 0,
      skipped: 0,
      failed: 0,
    });
    assert.equal(summary.bytes, plan.bytes);
  });

  it('copies nothing the second time', async () => {
    await writeTree(root.source, { 'a.txt': 'a', 'b/c.txt': 'c' });
    await copy();
    const times = await readTimes(root.destination);
    const { plan, summary } = await copy();
    assert.equal(isEmptyPlan(plan), true);
    assert.deepEqual([summary.filesCopied, summary.unchanged], [0, 2]);
    assert.deepEqual(await readTimes(root.destination), times);
  });

  it('changes nothing when only planning', async () => {
    await writeTree(root.source, { 'a.txt': 'a' });
    await planContentCopy(root);
    assert.equal('standby' in (await readTree(folder.path)), false);
  });

  it('copies a file whose size or time differs, and only that', async () => {
    const mtime = new Date('2024-01-01T00:00:00Z');
    await writeTree(root.source, {
      size: { content: 'longer', mtime },
      time: 'new',
      same: { content: 'same', mtime },
    });
    await writeTree(root.destination, {
      size: { content: 'short', mtime },
      time: { content: 'old', mtime },
      same: { content: 'SAME', mtime },
    });
    const { plan } = await copy();
    assert.deepEqual(Array.from(plan.files, ({ path, isNew }) => [path, isNew]).sort(), [
      ['size', false],
      ['time', false],
    ]);
    assert.deepEqual(await readTree(root.destination), { size: 'longer', time: 'new', same: 'SAME' });
  });

  it('tolerates the two seconds of FAT when asked to', async () => {
    await writeTree(root.source, { a: { content: 'a', mtime: new Date('2024-01-01T00:00:01Z') } });
    await writeTree(root.destination, { a: { content: 'a', mtime: new Date('2024-01-01T00:00:02Z') } });
    assert.equal((await planContentCopy(root)).files.length, 1);
    assert.equal((await planContentCopy(root, { timeTolerance: 2000 })).files.length, 0);
  });

  it('neither follows nor copies links, and reports them', async () => {
    await writeTree(folder.path, { 'secret/key': 'secret' });
    await writeTree(root.source, { 'a.txt': 'a' });
    await symlink(join(folder.path, 'secret'), join(root.source, 'out'));
    await symlink(root.source, join(root.source, 'loop'));
    await symlink('a.txt', join(root.source, 'b.txt'));
    const { plan, summary } = await copy();
    assert.deepEqual(plan.skipped.map(({ path, kind }) => [path, kind]).sort(), [
      ['b.txt', 'link'],
      ['loop', 'link'],
      ['out', 'link'],
    ]);
    assert.equal(summary.skipped, 3);
    assert.deepEqual(await readTree(root.destination), { 'a.txt': 'a' });
  });

  it('skips FIFOs and sockets without waiting for them', async () => {
    await writeTree(root.source, { 'a.txt': 'a' });
    execFileSync('mkfifo', [join(root.source, 'fifo')]);
    const server = createServer().listen(join(root.source, 'socket'));
    await once(server, 'listening');
    const { plan } = await copy();
    server.close();
    assert.deepEqual(plan.skipped.map(({ path, kind }) => [path, kind]).sort(), [
      ['fifo', 'special'],
      ['socket', 'special'],
    ]);
    assert.deepEqual(await readTree(root.destination), { 'a.txt': 'a' });
  });

  it('reports a source that is missing or no folder, and leaves the destination as it is', async () => {
    await writeTree(root.destination, { 'a.txt': 'a' });
    await assert.rejects(planContentCopy(root), {
      id: 'ContentSourceMissing',
      target: 'site1.com',
      message: `The content of site1.com cannot be read from ${root.source}: the folder or file does not exist`,
    });
    await writeTree(folder.path, { 'primary/site1': 'a file' });
    await assert.rejects(planContentCopy(root), {
      id: 'ContentSourceMissing',
      message: /it is not a folder$/,
    });
    assert.deepEqual(await readTree(root.destination), { 'a.txt': 'a' });
  });

  it('refuses a destination that is a file, or that a link leads into the source', async () => {
    await writeTree(root.source, { 'a.txt': 'a' });
    await writeTree(folder.path, { 'standby/web/site1': 'a file' });
    await assert.rejects(planContentCopy(root), { id: 'ContentKindConflict' });
    await rm(join(folder.path, 'standby'), { recursive: true });
    await symlink(root.source, join(folder.path, 'standby'));
    await assert.rejects(planContentCopy(root), { id: 'ContentDestinationInvalid', target: 'site1.com' });
  });

  it('reports files that vanish or become a FIFO after the plan was made, and copies the rest', async () => {
    await writeTree(root.source, { gone: '1', fifo: '2', 'a.txt': 'a' });
    await writeTree(root.destination, { gone: 'old' });
    const plan = await planContentCopy(root);
    await unlink(join(root.source, 'gone'));
    await unlink(join(root.source, 'fifo'));
    execFileSync('mkfifo', [join(root.source, 'fifo')]);
    const errors: FailoverError[] = [];
    const summary = await applyContentPlan(plan, { onError: (error) => errors.push(error) });
    assert.deepEqual(errors.map(({ id, target }) => [id, target]).sort(), [
      ['FileChangedMeanwhile', join(root.source, 'fifo')],
      ['FileUnreadable', join(root.source, 'gone')],
    ]);
    assert.deepEqual([summary.failed, summary.filesCopied], [2, 1]);
    assert.deepEqual(await readTree(root.destination), { gone: 'old', 'a.txt': 'a' });
  });

  it('ignores unfinished files in the source and removes those of earlier runs', async () => {
    const unfinished = '.failover-0123456789abcdef.tmp';
    await writeTree(root.source, { 'a/b.txt': 'b', [`a/${unfinished}`]: 'half' });
    await writeTree(root.destination, {
      [unfinished]: 'half',
      [`a/${unfinished}`]: 'half',
      '.failover-mine.tmp': 'x',
    });
    const plan = await planContentCopy(root, { force: true });
    const summary = await applyContentPlan(plan);
    assert.deepEqual([...plan.leftovers].sort(), [unfinished, `a/${unfinished}`]);
    assert.equal(summary.filesDeleted, 1);
    assert.deepEqual(await readTree(root.destination), { a: '/', 'a/b.txt': 'b' });
    assert.deepEqual(Object.values(await readTree(summary.quarantine ?? '')), ['x']);
  });

  it('tells its progress up to the totals', async () => {
    await writeTree(root.source, { a: '12', b: '345' });
    const seen: CopyProgress[] = [];
    await copy({ onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(seen.at(-1), { files: 2, totalFiles: 2, bytes: 5, totalBytes: 5 });
  });

  it('stops when the signal fires, leaves nothing unfinished, and goes on the next time', async () => {
    const names = Array.from({ length: 200 }, (_, index) => [
      `${index % 5}/${index}.txt`,
      `content ${index}`,
    ]);
    await writeTree(root.source, Object.fromEntries(names) as Record<string, string>);
    const controller = new AbortController();
    const context = { signal: controller.signal, onProgress: () => controller.abort() };
    await assert.rejects(copy(context), { name: 'AbortError' });
    const after = Object.keys(await readTree(root.destination)).filter((name) => name.includes('.'));
    assert.ok(after.length < 200 && after.every((name) => /^\d\/\d+\.txt$/.test(name)));
    await assert.rejects(planContentCopy(root, { signal: controller.signal }), { name: 'AbortError' });
    const { summary } = await copy();
    assert.equal(summary.filesCopied, 200 - after.length);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
  });

  it('copies a folder of many files and a deep one', async () => {
    const tree: Record<string, string> = { [`${'d/'.repeat(100)}deep.txt`]: 'deep' };
    for (let index = 0; index < 1000; index++) tree[`many/${index}`] = `${index}`;
    await writeTree(root.source, tree);
    const { summary } = await copy();
    assert.equal(summary.filesCopied, 1001);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
  });

  it('reads a source root that is a link to a folder', async () => {
    await writeTree(folder.path, { 'real/a.txt': 'a' });
    await mkdir(join(folder.path, 'primary'));
    await symlink(join(folder.path, 'real'), root.source);
    await copy();
    assert.deepEqual(await readTree(root.destination), { 'a.txt': 'a' });
  });
});
