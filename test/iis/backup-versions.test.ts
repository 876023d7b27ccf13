import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versionTime } from '../../src/commands/support/read-backups.ts';
import { fileAt, listVersions, readBackup, writeBackups } from '../../src/iis/index.ts';
import { temporaryFolder } from '../support/tree.ts';
import { site1 } from './restoring.ts';
import { failure } from './samples.ts';

describe('dated versions of a backup', () => {
  const folder = temporaryFolder();
  const at = (hour: number): string => `2026-11-24T0${hour}:00:00.500Z`;
  const backUp = (hour: number, keepVersions?: number) =>
    writeBackups(folder.path, [{ ...site1, created: at(hour) }], { keep: () => false, keepVersions });
  const dated = async (): Promise<string[]> =>
    (await readdir(folder.path)).filter((name) => /\dZ\.old$/.test(name)).sort();
  const find = async (time: string): Promise<string> => {
    const versions = (await listVersions(folder.path)).get('site1.com.xml') ?? [];
    return fileAt(folder.path, 'site1.com.xml', new Date(time), versions);
  };

  it('are as many as are to be kept, the newest, and none where nobody asks', async () => {
    await backUp(1);
    assert.deepEqual(await dated(), []);
    for (const hour of [2, 3, 4, 5]) await backUp(hour, 3);
    assert.deepEqual(
      await dated(),
      [3, 4, 5].map((hour) => `site1.com.xml.20261124T0${hour}0000Z.old`),
    );
    assert.equal((await readBackup(join(folder.path, 'site1.com.xml.20261124T030000Z.old'))).created, at(3));
    assert.equal((await readBackup(join(folder.path, 'site1.com.xml.old'))).created, at(4));
    await backUp(6);
    assert.equal((await dated()).length, 3);
  });

  it('are found by time: the newest that was made then or before', async () => {
    for (const hour of [2, 3, 4]) await backUp(hour, 5);
    await backUp(5);
    await backUp(6);
    assert.equal(await find('2026-11-24T09:00:00Z'), 'site1.com.xml');
    assert.equal(await find('2026-11-24T05:59:59Z'), 'site1.com.xml.old');
    assert.equal(await find('2026-11-24T04:30:00Z'), 'site1.com.xml.20261124T040000Z.old');
    assert.equal(await find('2026-11-24T02:00:00Z'), 'site1.com.xml.20261124T020000Z.old');
    await assert.rejects(
      find('2026-11-24T01:00:00Z'),
      failure(
        'BackupVersionMissing',
        'There is no version of site1.com.xml of 2026-11-24T01:00:00.000Z or before; the oldest is of 2026-11-24T02:00:00Z',
      ),
    );
  });

  it('leave files alone that only look like them, and files that are no backups', async () => {
    await writeFile(join(folder.path, 'site1.com.xml.2026.old'), 'mine');
    await writeFile(join(folder.path, 'site1.com.xml.old'), 'no backup');
    for (const hour of [1, 2]) await backUp(hour, 1);
    assert.equal(await readFile(join(folder.path, 'site1.com.xml.2026.old'), 'utf8'), 'mine');
    await writeFile(join(folder.path, 'site1.com.xml'), 'no backup');
    assert.equal(await find('2026-11-24T09:00:00Z'), 'site1.com.xml.20261124T020000Z.old');
  });

  it('are named by a time with an offset, or in local time', () => {
    assert.equal(versionTime('2026-11-24T01:00:00Z')?.toISOString(), '2026-11-24T01:00:00.000Z');
    assert.equal(versionTime('2026-11-24 01:00+02:00')?.toISOString(), '2026-11-23T23:00:00.000Z');
    assert.deepEqual(versionTime('2026-11-24'), new Date(2026, 10, 24));
    for (const text of ['', 'yesterday', '24.11.2026', '2026-13-01', '1'])
      assert.throws(() => versionTime(text), failure('ParameterInvalid', /is not a time such as/), text);
  });
});
