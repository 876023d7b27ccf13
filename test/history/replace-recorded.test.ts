import assert from 'node:assert/strict';
import { chmod, chown, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../src/edge/files.ts';
import {
  applyUndo,
  currentHistory,
  type HistoryEntry,
  planUndo,
  planUndos,
  previousFile,
  readHistory,
  readOwnership,
  type Replacement,
  replaceRecorded,
} from '../../src/history/index.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('replacing a configuration file with a record of it', () => {
  const folder = temporaryFolder();
  const file = (): string => join(folder.path, 'a.config');
  const state = (): string => join(folder.path, 'state');
  const time = new Date('2026-01-02T03:04:05Z');
  const addSite: Replacement['changes'] = [
    { site: 'site1', action: 'add', element: 'site', name: 'site1' },
    { site: 'site1', action: 'update', element: 'applicationPool', name: 'pool1' },
  ];

  async function replace(
    content: string,
    changes: Replacement['changes'] = addSite,
    keep = 20,
  ): Promise<HistoryEntry> {
    const expected = sha256(await readFile(file()));
    return replaceRecorded(
      { stateFolder: state(), keep },
      { path: file(), kind: 'applicationHost', expected, content, time, command: 'restore', changes },
    );
  }

  beforeEach(() => writeFile(file(), 'one two three'));

  it('keeps the old file, and what of it was replaced by what', async () => {
    const entry = await replace('one 2 three');
    assert.equal(await readFile(file(), 'utf8'), 'one 2 three');
    assert.equal(await readFile(previousFile(state(), entry), 'utf8'), 'one two three');
    assert.deepEqual(entry.replaced, { start: 4, end: 7 });
    assert.deepEqual(await readHistory(state()), [entry]);
    assert.deepEqual((await readdir(folder.path)).sort(), ['a.config', 'state']);
  });

  it('numbers the runs, and keeps as many as it is told to of each file', async () => {
    for (const text of ['1', '2', '3', '4']) await replace(text, addSite, 3);
    const ids = (await readHistory(state())).map(({ id }) => id);
    assert.deepEqual(ids, [2, 3, 4]);
    const other = join(folder.path, 'other.config');
    await writeFile(other, 'x');
    await replaceRecorded(
      { stateFolder: state(), keep: 1 },
      {
        path: other,
        kind: 'applicationHost',
        expected: sha256('x'),
        content: 'y',
        time,
        command: 'restore',
        changes: [],
      },
    );
    assert.deepEqual(
      (await readHistory(state())).map(({ id }) => id),
      [2, 3, 4, 5],
    );
  });

  it('lets nobody else read what it keeps, and keeps the mode of the file', async function () {
    if (process.platform === 'win32') this.skip(); // there the folder's ACL does so: protect-folder.ts
    await chmod(file(), 0o664);
    const entry = await replace('new');
    const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;
    assert.equal(await mode(file()), 0o664);
    assert.equal(await mode(join(state(), 'restores')), 0o700);
    assert.equal(await mode(join(state(), 'restores', '1')), 0o700);
    for (const name of await readdir(join(state(), 'restores', '1')))
      assert.equal(await mode(join(state(), 'restores', '1', name)), 0o600, name);
    assert.equal(entry.id, 1);
  });

  it('keeps the owner of the file', async function () {
    skipWhereMissing(this, process.getuid?.() === 0 ? undefined : 'the right to give files away (root)');
    await chown(file(), 1234, 5678);
    await replace('new');
    const { uid, gid } = await stat(file());
    assert.deepEqual([uid, gid], [1234, 5678]);
  });

  it('records who owns what it added; an undo gives it back, and an undo of that takes it again', async () => {
    const history = { stateFolder: state(), keep: 20 };
    const owns = async (): Promise<boolean[]> => {
      const ownership = await readOwnership(state(), file());
      return [ownership.owns('site', 'SITE1'), ownership.owns('applicationPool', 'pool1')];
    };
    const entry = await replace('one 2 three');
    assert.deepEqual(await owns(), [true, false]);
    const undone = await applyUndo(history, await planUndo(state(), entry, await readFile(file()), {}), time);
    assert.equal(await readFile(file(), 'utf8'), 'one two three');
    assert.deepEqual(await owns(), [false, false]);
    await applyUndo(history, await planUndo(state(), undone, await readFile(file()), {}), time);
    assert.equal(await readFile(file(), 'utf8'), 'one 2 three');
    assert.deepEqual(await owns(), [true, false]);
    const { entries, stateOf } = await currentHistory(state());
    assert.deepEqual(entries.map(stateOf), ['Current', 'Undone', 'Current']);
  });

  it('plans undos of several runs on top of each other', async () => {
    const entries = [await replace('one 2 three'), await replace('one 2 3'), await replace('1 2 3')];
    const plans = await planUndos(state(), entries.reverse(), {});
    assert.deepEqual(
      plans.map(({ content }) => content.toString()),
      ['one 2 3', 'one 2 three', 'one two three'],
    );
    for (const plan of plans) await applyUndo({ stateFolder: state(), keep: 20 }, plan, time);
    assert.equal(await readFile(file(), 'utf8'), 'one two three');
  });

  it('refuses an undo of a file of a kind that can only be put back whole, where it was changed since', async () => {
    const entry = await replace('one 2 three');
    await assert.rejects(planUndo(state(), entry, Buffer.from('one 2 3'), {}), {
      id: 'UndoConflict',
      message: `${file()} is left as it is: it was changed since`,
    });
  });

  it('makes no record where the file was changed meanwhile', async () => {
    const expected = sha256('another');
    await assert.rejects(
      replaceRecorded(
        { stateFolder: state(), keep: 20 },
        {
          path: file(),
          kind: 'applicationHost',
          expected,
          content: 'x',
          time,
          command: 'restore',
          changes: [],
        },
      ),
      { id: 'FileChangedMeanwhile', target: file() },
    );
    assert.deepEqual(await readHistory(state()), []);
  });

  it('reports a damaged record, and goes on with the others', async () => {
    await replace('1');
    const second = await replace('2');
    await truncate(join(state(), 'restores', '1', 'manifest.json'), 10);
    const ids: string[] = [];
    const history = await currentHistory(state(), (error) => ids.push(`${error.id} ${error.target}`));
    assert.deepEqual(history.entries, [second]);
    assert.deepEqual(ids, ['HistoryDamaged 1']);
    await writeFile(previousFile(state(), second), 'forged');
    await assert.rejects(planUndo(state(), second, Buffer.from('2'), {}), { id: 'HistoryDamaged' });
  });

  it('does not take a damaged ownership file for an empty one', async () => {
    await replace('1');
    await writeFile(join(state(), 'owned.json'), '{');
    await assert.rejects(replace('2'), { id: 'OwnershipUnreadable' });
    assert.equal(await readFile(file(), 'utf8'), '1');
  });

  describe('after a run that was killed', () => {
    const unsettle = async (): Promise<void> => {
      const path = join(state(), 'restores', '1', 'manifest.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('"settled": true', '"settled": false'));
    };
    const ids = async (): Promise<number[]> => (await readHistory(state())).map(({ id }) => id);

    it('before it replaced the file: the record is not shown, and goes at the next run', async () => {
      await replace('1');
      await unsettle();
      await writeFile(file(), 'one two three');
      assert.deepEqual((await currentHistory(state())).entries, []);
      const next = await replace('2');
      assert.deepEqual(await ids(), [next.id]);
    });

    it('after it replaced the file: the next run settles the record', async () => {
      await replace('1');
      await unsettle();
      assert.equal((await currentHistory(state())).entries.length, 1);
      await replace('2');
      const entries = await readHistory(state());
      assert.deepEqual(
        entries.map(({ id, settled }) => [id, settled]),
        [
          [1, true],
          [2, true],
        ],
      );
    });
  });
});
