import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  applyContentPlan,
  type CompareOptions,
  type ContentRoot,
  type CopyContext,
  type CopySummary,
  isEmptyPlan,
  planContentCopy,
  purgeQuarantine,
  SyncIndex,
} from '../../src/content/index.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { readTree, temporaryFolder, type Tree, writeTree } from '../support/tree.ts';

const mtime = new Date('2024-01-01T00:00:00Z');
const files = (from: number, to: number): Tree =>
  Object.fromEntries(
    Array.from({ length: to - from }, (_, index) => [
      `${from + index}.htm`,
      { content: `${from + index}`, mtime },
    ]),
  );

describe('content mirror', () => {
  const folder = temporaryFolder();
  let root: ContentRoot;
  let indexPath: string;
  beforeEach(() => {
    const source = join(folder.path, 'primary', 'site1');
    root = { site: 'site1.com', path: source, source, destination: join(folder.path, 'standby', 'site1') };
    indexPath = join(folder.path, 'state', 'index.jsonl');
  });

  async function mirror(options: CompareOptions = {}, context: CopyContext = {}): Promise<CopySummary> {
    return applyContentPlan(await planContentCopy(root, options), { indexPath, ...context });
  }

  it('moves what the primary deleted to a dated quarantine beside the content', async () => {
    await writeTree(root.source, { ...files(0, 10), 'old/a': 'a', 'old/b/c': 'c' });
    await mirror();
    await rm(join(root.source, 'old'), { recursive: true });
    await rm(join(root.source, '0.htm'));
    const summary = await mirror();
    assert.deepEqual([summary.filesDeleted, summary.filesCopied], [3, 0]);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
    assert.match(
      summary.quarantine ?? '',
      /[\\/]standby[\\/]\.failover-quarantine[\\/]\d{4}-\d\d-\d\dT\d{9}Z[\\/]site1-[0-9a-f]{8}$/,
    );
    assert.deepEqual(await readTree(summary.quarantine ?? ''), {
      '0.htm': '0',
      old: '/',
      'old/a': 'a',
      'old/b': '/',
      'old/b/c': 'c',
    });
    assert.equal((await mirror()).filesDeleted, 0);
  });

  it('gives folders the times they have on the primary, whatever was done in them', async () => {
    await writeTree(root.source, { ...files(0, 5), 'a/b/c': 'c', 'a/gone': '' });
    const times = [root.source, join(root.source, 'a'), join(root.source, 'a', 'b')];
    for (const path of times) await utimes(path, mtime, mtime);
    await mirror();
    const seconds = (path: string): Promise<number> => stat(path).then((found) => found.mtimeMs);
    const theirs = times.map((path) => path.replace(root.source, root.destination));
    assert.deepEqual(await Promise.all(theirs.map(seconds)), [
      mtime.getTime(),
      mtime.getTime(),
      mtime.getTime(),
    ]);
    await rm(join(root.source, 'a', 'gone'));
    await utimes(join(root.source, 'a'), mtime, mtime);
    await mirror();
    assert.deepEqual(await Promise.all(theirs.map(seconds)), [
      mtime.getTime(),
      mtime.getTime(),
      mtime.getTime(),
    ]);
  });

  it('refuses to delete more than 30 % with the numbers, and does it when forced', async () => {
    await writeTree(root.source, files(0, 10));
    await mirror();
    for (let index = 0; index < 4; index++) await rm(join(root.source, `${index}.htm`));
    await writeTree(root.source, { 'new.htm': 'new' });
    await assert.rejects(mirror(), {
      id: 'ContentDeleteRefused',
      target: 'site1.com',
      message: `The content of site1.com is not copied: 4 of the 10 files in ${root.destination} would be deleted (40 %, more than 30 %)`,
    });
    assert.equal(Object.keys(await readTree(root.destination)).length, 10);
    await writeTree(root.source, { '0.htm': { content: '0', mtime } });
    assert.equal((await mirror()).filesDeleted, 3);
    await rm(join(root.source, '5.htm'));
    await rm(join(root.source, '6.htm'));
    await rm(join(root.source, '7.htm'));
    assert.equal((await mirror({ force: true })).filesDeleted, 3);
  });

  it('refuses an empty source', async () => {
    await writeTree(root.source, files(0, 2));
    await mirror();
    await rm(root.source, { recursive: true });
    await mkdir(root.source);
    await assert.rejects(mirror(), {
      id: 'ContentDeleteRefused',
      message: /primary.site1 is empty: 2 of the 2 files in .* would be deleted$/,
    });
    assert.equal((await mirror({ force: true })).filesDeleted, 2);
  });

  it('moves away what is in the way of another kind, and writes through no link', async () => {
    await writeTree(root.source, {
      ...files(0, 20),
      'file/now/a': 'a',
      folder: 'now a file',
      'linked/a': 'a',
    });
    await writeTree(root.destination, { ...files(0, 20), file: 'was a file', 'folder/x': 'x' });
    await writeTree(folder.path, { 'elsewhere/': '' });
    await symlink(join(folder.path, 'elsewhere'), join(root.destination, 'linked'));
    const summary = await mirror();
    assert.deepEqual([summary.filesDeleted, summary.filesCopied, summary.failed], [3, 3, 0]);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
    assert.deepEqual(await readTree(join(folder.path, 'elsewhere')), {});
    const { folder: moved, file, linked } = await readTree(summary.quarantine ?? '');
    assert.deepEqual([moved, file, linked], ['/', 'was a file', '?']);
  });

  it('keeps what was written on the standby when it is overwritten, and only that', async () => {
    await writeTree(root.source, { a: '1', b: '1' });
    await mirror();
    await writeTree(root.destination, { a: 'by a visitor' });
    await writeTree(root.source, { a: 'new', b: 'new' });
    const summary = await mirror();
    assert.deepEqual([summary.filesCopied, summary.filesKept], [2, 1]);
    assert.deepEqual(await readTree(summary.quarantine ?? ''), { a: 'by a visitor' });
    assert.deepEqual(await readTree(root.destination), { a: 'new', b: 'new' });
  });

  it('brings back what was changed or deleted behind its back on the standby', async () => {
    await writeTree(root.source, files(0, 10));
    await mirror();
    await writeFile(join(root.destination, '0.htm'), 'X');
    await rm(join(root.destination, '1.htm'));
    const { mtimeMs } = await stat(join(root.destination, '2.htm'));
    await writeFile(join(root.destination, '2.htm'), 'Y');
    await utimes(join(root.destination, '2.htm'), mtimeMs / 1000, mtimeMs / 1000);
    assert.equal((await mirror()).filesCopied, 2);
    assert.equal((await mirror({ verify: true })).filesCopied, 1, 'same size and time: only -Verify sees it');
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
  });

  it('neither copies nor deletes what is excluded', async () => {
    await writeTree(root.source, {
      ...files(0, 5),
      'a.log': 'p',
      'cache/x': 'p',
      'sub/b.LOG': 'p',
      'keep.log': 'p',
    });
    await writeTree(root.destination, {
      'own.log': 's',
      'gone/own.log': 's',
      'gone/other': 's',
      'cache/y': 's',
    });
    const summary = await mirror({ exclude: ['*.log', '!keep.log', '/cache/'], force: true });
    assert.equal(summary.filesDeleted, 1);
    const after = await readTree(root.destination);
    assert.deepEqual(
      Object.keys(after)
        .filter((name) => !name.endsWith('.htm'))
        .sort(),
      ['cache', 'cache/y', 'gone', 'gone/own.log', 'keep.log', 'own.log', 'sub'],
    );
    await assert.rejects(mirror({ exclude: ['logs\\*.log'] }), {
      id: 'ParameterInvalid',
      message: /\/ separates/,
    });
  });

  it('leaves content roots inside of a root to their own copy', async () => {
    await writeTree(root.source, { ...files(0, 5), 'app/a': 'p' });
    await writeTree(root.destination, { ...files(0, 5), 'app/b': 's', 'other/app/c': 's' });
    await mirror({ otherRoots: ['app', 'other/app'], force: true });
    const { 'app/b': inApp, 'other/app/c': inOther, 'app/a': copied } = await readTree(root.destination);
    assert.deepEqual([inApp, inOther, copied], ['s', 's', undefined]);
  });

  it('carries renames, also of folders, and modes that alone were changed', async () => {
    await writeTree(root.source, { ...files(0, 9), 'a/x': 'x' });
    await mirror();
    await rename(join(root.source, 'a'), join(root.source, 'b'));
    await chmod(join(root.source, '0.htm'), 0o600);
    const summary = await mirror();
    assert.deepEqual([summary.filesCopied, summary.filesDeleted], [1, 1]);
    assert.deepEqual(await readTree(root.destination), await readTree(root.source));
    assert.equal((await stat(join(root.destination, '0.htm'))).mode & 0o777, 0o600);
  });

  it('copies files whose times are ahead of this clock, and finds them the same', async () => {
    await writeTree(root.source, { a: { content: 'a', mtime: new Date('2037-01-01T00:00:00.123Z') } });
    await mirror();
    assert.equal(isEmptyPlan(await planContentCopy(root)), true);
  });

  it('carries names that are not valid Unicode byte for byte', async function () {
    if (process.platform !== 'linux') this.skip();
    const bytes = Buffer.concat([
      Buffer.from(`${root.source}/b`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('ä'),
    ]);
    await writeTree(root.source, files(0, 3));
    await mkdir(bytes);
    await writeFile(Buffer.concat([bytes, Buffer.from('/x'), Buffer.from([0xc3])]), 'odd');
    await mirror();
    const names = execFileSync('find', ['.', '-printf', '%P\\0'], { cwd: root.destination });
    const expected = execFileSync('find', ['.', '-printf', '%P\\0'], { cwd: root.source });
    const sorted = (list: Buffer): string[] => list.toString('latin1').split('\0').sort();
    assert.deepEqual(sorted(names), sorted(expected));
    assert.equal(isEmptyPlan(await planContentCopy(root)), true);
    await rm(bytes, { recursive: true });
    assert.equal((await mirror()).filesDeleted, 1);
    assert.equal((await readdir(root.destination)).length, 3);
  });

  it('deletes nothing when the source vanishes before the deletions', async () => {
    await writeTree(root.source, files(0, 10));
    await mirror();
    await rm(join(root.source, '0.htm'));
    const plan = await planContentCopy(root);
    await rename(root.source, `${root.source}-unmounted`);
    await assert.rejects(applyContentPlan(plan), { id: 'ContentSourceVanished', target: 'site1.com' });
    assert.equal((await readdir(root.destination)).length, 10);
  });

  it('does not delete what came back to the primary since the plan was made', async () => {
    await writeTree(root.source, files(0, 10));
    await mirror();
    await rm(join(root.source, '0.htm'));
    const plan = await planContentCopy(root);
    await writeTree(root.source, { '0.htm': 'back' });
    assert.equal((await applyContentPlan(plan)).filesDeleted, 0);
  });

  it('keeps the copy of a file that failed, and what the index says of it', async () => {
    await writeTree(root.source, { a: '1', b: '1' });
    await mirror();
    await writeTree(root.source, { a: 'longer', b: 'longer' });
    const plan = await planContentCopy(root);
    await rm(join(root.source, 'a'));
    const errors: FailoverError[] = [];
    const summary = await applyContentPlan(plan, { indexPath, onError: (error) => errors.push(error) });
    assert.deepEqual([errors.map(({ id }) => id), summary.filesCopied], [['FileUnreadable'], 1]);
    assert.deepEqual(await readTree(root.destination), { a: '1', b: 'longer' });
    const index = await (await SyncIndex.open(indexPath))?.folder('');
    assert.deepEqual([index?.files.get('a')?.size, index?.files.get('b')?.size], [1, 6]);
  });

  it('does only what was agreed to', async () => {
    await writeTree(root.source, files(0, 10));
    await mirror();
    await rm(join(root.source, '0.htm'));
    await writeTree(root.source, { new: 'new' });
    assert.deepEqual(
      (({ filesCopied, filesDeleted }) => [filesCopied, filesDeleted])(
        await mirror({}, { approved: { copy: false, remove: true } }),
      ),
      [0, 1],
    );
    assert.equal((await mirror({}, { approved: { copy: true, remove: false } })).filesCopied, 1);
  });

  it('copies hard links as files of their own', async () => {
    await writeTree(root.source, { a: 'a' });
    await link(join(root.source, 'a'), join(root.source, 'b'));
    await mirror();
    assert.deepEqual(await readTree(root.destination), { a: 'a', b: 'a' });
  });

  it('purges the quarantine by the date in the names, and nothing else', async () => {
    const quarantine = join(folder.path, 'q');
    await writeTree(quarantine, {
      '2026-01-01T000000000Z/s/a': '',
      '2026-01-08T120000000Z/s/b': '',
      'mine/c': '',
    });
    const purged = await purgeQuarantine(quarantine, 7, new Date('2026-01-09T00:00:00Z'));
    assert.deepEqual(
      purged.map((path) => basename(path)),
      ['2026-01-01T000000000Z'],
    );
    assert.deepEqual((await readdir(quarantine)).sort(), ['2026-01-08T120000000Z', 'mine']);
    assert.deepEqual(await purgeQuarantine(join(folder.path, 'none'), 7, new Date()), []);
  });
});
