import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFiles } from '../../src/edge/file-batch.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('replaceFiles', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder.path, name);
  const file = (name: string, content: string) => ({
    path: path(name),
    content,
    previous: path(`${name}.old`),
  });
  const text = (name: string): Promise<string> => readFile(path(name), 'utf8');

  it('writes files for administrators and leaves nothing else', async () => {
    const results = await replaceFiles([file('one', '1'), file('two', '2')]);
    assert.deepEqual(results, [{ replaced: false }, { replaced: false }]);
    assert.deepEqual([await text('one'), await text('two')], ['1', '2']);
    assert.equal((await stat(path('one'))).mode & 0o777, 0o600);
    assert.deepEqual((await readdir(folder.path)).sort(), ['one', 'two']);
  });

  it('keeps the old file under its other name, and only the last of them', async () => {
    for (const content of ['1', '2', '3']) await replaceFiles([file('one', content)]);
    assert.deepEqual([await text('one'), await text('one.old')], ['3', '2']);
  });

  it('leaves an old file that was read under its name as it was', async () => {
    await replaceFiles([file('one', 'first')]);
    await replaceFiles([file('one', 'second')]);
    await writeFile(path('one'), 'by another program');
    assert.equal(await text('one.old'), 'first');
  });

  it('reports a file that cannot be replaced, and replaces the others', async () => {
    await mkdir(path('folder'));
    const results = await replaceFiles([file('folder', '1'), file('missing/below', '2'), file('one', '3')]);
    const seen = results.map((result) =>
      'error' in result ? (result.error as { id?: string }).id : 'replaced',
    );
    assert.deepEqual(seen, ['FileNotWritable', 'FileNotWritable', 'replaced']);
    assert.deepEqual((await readdir(folder.path)).sort(), ['folder', 'one']);
  });
});
