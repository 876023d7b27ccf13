import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { SyncIndexWriter } from '../../src/content/sync-index-writer.ts';
import { SyncIndex, syncIndexLine, syncIndexPath } from '../../src/content/sync-index.ts';
import { temporaryFolder } from '../support/tree.ts';

const header = { site: 's', source: '/a', destination: '/b', time: '2026-01-01T00:00:00.000Z' };

describe('index of the last sync', () => {
  const folder = temporaryFolder();
  const place = (): string => syncIndexPath(folder.path, { destination: '/b' });

  async function write(...lines: readonly (readonly [string, number])[]): Promise<void> {
    const writer = await SyncIndexWriter.create(place(), header);
    for (const [line, files] of lines) await writer.add(line, files);
    await writer.commit();
  }

  it('is one JSON line for each folder between a head and an end', async () => {
    await write([syncIndexLine('', 1.5, ['a', 3, 1700000000000.125]), 1], [syncIndexLine('b', 2, []), 0]);
    assert.equal(
      await readFile(place(), 'utf8'),
      '{"format":1,"site":"s","source":"/a","destination":"/b","time":"2026-01-01T00:00:00.000Z"}\n' +
        '{"d":"","t":1.5,"f":["a",3,1700000000000.125]}\n{"d":"b","t":2,"f":[]}\n{"files":1,"digest":"7d32968ad7344ef7"}\n',
    );
  });

  it('is not there before the first sync', async () => {
    assert.equal(await SyncIndex.open(place()), undefined);
  });

  it('gives back folders of any names, also those that took several lines', async () => {
    const name = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('\u2028', '\r', '"\\', '\udc80', '漢'),
    );
    const file = fc.tuple(name, fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }));
    const files = fc.uniqueArray(file, { selector: ([key]) => key, maxLength: 8 });
    const folders = fc.uniqueArray(fc.tuple(name, files), { selector: ([key]) => key, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(folders, async (tree) => {
        await write(
          ...tree.flatMap(([path, entries]) => [
            [syncIndexLine(path, 7, entries.slice(0, 3).flat()), Math.min(3, entries.length)] as const,
            [syncIndexLine(path, 7, entries.slice(3).flat()), Math.max(0, entries.length - 3)] as const,
          ]),
        );
        const index = await SyncIndex.open(place());
        assert.ok(index);
        assert.deepEqual(index.header.destination, '/b');
        assert.deepEqual(
          [...index.folders()],
          tree.map(([path]) => path),
        );
        assert.equal(index.files, tree.flatMap(([, entries]) => entries).length);
        for (const [path, entries] of tree) {
          const expected = entries.map(([key, size, mtimeMs]) => [key, { size, mtimeMs }] as const);
          assert.deepEqual(await index.folder(path), { path, mtimeMs: 7, files: new Map(expected) });
        }
        assert.equal(await index.folder('none of these'), undefined);
      }),
      { numRuns: 50 },
    );
  });

  it('reads lines longer than its buffer', async () => {
    const files = Array.from({ length: 60_000 }, (_, index) => [`file number ${index}.htm`, index, index]);
    await write(
      [syncIndexLine('big', 1, files.flat()), files.length],
      [syncIndexLine('z', 1, ['a', 1, 1]), 1],
    );
    const index = await SyncIndex.open(place());
    assert.equal((await index?.folder('big'))?.files.size, 60_000);
    assert.deepEqual((await index?.folder('z'))?.files.get('a'), { size: 1, mtimeMs: 1 });
  });

  it('keeps the old one when the new one is abandoned or its run was killed, and cleans up after that', async () => {
    await write([syncIndexLine('old', 1, []), 0]);
    await (await SyncIndexWriter.create(place(), header)).abandon();
    const killed = await SyncIndexWriter.create(place(), header);
    await killed.add(syncIndexLine('new', 1, []), 0);
    assert.deepEqual([...(await SyncIndex.open(place()))!.folders()], ['old']);
    await write([syncIndexLine('newer', 1, []), 0]);
    assert.equal((await readdir(join(folder.path, 'sync'))).length, 1);
    await killed.abandon();
  });

  it('is never taken for an empty one when it is damaged', async () => {
    await write([syncIndexLine('a', 1, ['x', 1, 1]), 1]);
    const whole = await readFile(place());
    await truncate(place(), whole.length - 40);
    await assert.rejects(SyncIndex.open(place()), {
      id: 'SyncIndexUnreadable',
      message: /its end is missing$/,
    });
    await writeFile(place(), '');
    await assert.rejects(SyncIndex.open(place()), { id: 'SyncIndexUnreadable' });
    await writeFile(place(), '{"format":2}\n{"files":0}\n');
    await assert.rejects(SyncIndex.open(place()), { message: /not a sync index of format 1/ });
    await writeFile(place(), whole.toString().replace('"f":', '"g":').replace('{"d"', '{"d'));
    await assert.rejects(SyncIndex.open(place()), { id: 'SyncIndexUnreadable' });
  });
});
