import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PasswordBox, PasswordBoxes } from '../../src/edge/secret-box.ts';
import {
  type BackupResult,
  readBackup,
  readListedBackup,
  readSiteList,
  readSiteNames,
  type SiteBackup,
  writeBackups,
} from '../../src/iis/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { temporaryFolder } from '../support/tree.ts';
import { backups } from './restoring.ts';
import { failure } from './samples.ts';

const later = (backup: SiteBackup, created: string): SiteBackup => ({ ...backup, created });
const none = { keep: () => false };

describe('backup folder', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder.path, 'failover', name);
  const write = (of: Iterable<SiteBackup>, options: Partial<Parameters<typeof writeBackups>[2]> = {}) =>
    writeBackups(path(''), of, { ...none, ...options });
  const created = async (name: string): Promise<string> => (await readBackup(path(name))).created;
  const [site1, site2] = backups as [SiteBackup, SiteBackup];

  it('has a file for each site and a list, nothing else', async () => {
    const results = await write(backups);
    assert.deepEqual((await readdir(path(''))).sort(), ['Sitelist.txt', 'site1.com.xml', 'site2.com.xml']);
    const list = await readSiteList(path('Sitelist.txt'));
    assert.deepEqual(
      results.map((result) => 'entry' in result && [result.entry, result.replaced]),
      list.map((entry) => [entry, false]),
    );
    assert.deepEqual(
      list.map(({ name, id, file, contentRoots }) => [name, id, file, contentRoots]),
      [
        ['site1.com', 1, 'site1.com.xml', ['C:\\web\\site1.com']],
        ['site2.com', 2, 'site2.com.xml', ['C:\\web\\site2.com']],
      ],
    );
    for (const entry of list) {
      const { backup, asListed } = await readListedBackup(path(''), entry);
      assert.deepEqual([backup.name, asListed], [entry.name, true]);
    }
  });

  it('keeps the file before as .old, and only that one', async () => {
    for (const time of ['1', '2', '3']) await write([later(site1, time)]);
    assert.deepEqual((await readdir(path(''))).sort(), [
      'Sitelist.txt',
      'site1.com.xml',
      'site1.com.xml.old',
    ]);
    assert.deepEqual([await created('site1.com.xml'), await created('site1.com.xml.old')], ['3', '2']);
  });

  it('lists the sites of this run, and of the others those to keep', async () => {
    const listed = async () => (await readSiteNames(path('Sitelist.txt'))).map(({ name }) => name);
    await write(backups);
    await write([later(site1, '2')], { keep: () => true });
    assert.deepEqual(await listed(), ['site1.com', 'site2.com']);
    await write([later(site1, '3')]);
    assert.deepEqual(await listed(), ['site1.com']);
  });

  it('is that of one server: another one overwrites and unlists nothing', async () => {
    await write(backups);
    await write(backups, { server: 'WEB01' }); // a list of an older version says no server
    const before = await readFile(path('Sitelist.txt'), 'utf8');
    assert.match(before, /^# Server: WEB01\r$/m);
    await assert.rejects(
      write([later(site1, '2')], { server: 'WEB02' }),
      failure('BackupFolderOfOther', /failover.* are of the server WEB01, not of WEB02/),
    );
    assert.equal(await readFile(path('Sitelist.txt'), 'utf8'), before);
    assert.notEqual(await created('site1.com.xml'), '2');
    await write([later(site1, '3')], { server: 'web01', keep: () => true });
    assert.equal((await readSiteList(path('Sitelist.txt'))).length, 2);
    await rm(path('Sitelist.txt'));
    await write([later(site1, '4')], { server: 'WEB02' });
    assert.equal(await created('site1.com.xml'), '4');
  });

  it('goes on with the other sites where one cannot be written, and keeps that one listed', async () => {
    await write(backups);
    const before = await readSiteList(path('Sitelist.txt'));
    await rm(path('site1.com.xml'));
    await mkdir(path('site1.com.xml'));
    const seen: BackupResult[] = [];
    const results = await write(backups, { onResult: (result) => seen.push(result) });
    assert.deepEqual(seen, results);
    assert.deepEqual(
      results.map((result) => ('error' in result ? result.error.id : result.name)),
      ['FileNotWritable', 'site2.com'],
    );
    const list = await readSiteList(path('Sitelist.txt'));
    assert.deepEqual([list.length, list[0]], [2, before[0]]);
  });

  it('lists all that is there where the run is stopped', async () => {
    await write(backups);
    const stop = new AbortController();
    const many = function* (): Generator<SiteBackup> {
      yield later(site1, '2');
      for (let n = 1; n < 500; n++) yield { ...site1, name: `site${n}.example` };
      stop.abort(); // the first 500 are written together
      yield later(site2, '2');
    };
    const run = write(many(), { signal: stop.signal });
    await assert.rejects(run, { name: 'AbortError' });
    assert.deepEqual([await created('site1.com.xml'), await created('site2.com.xml')], ['2', site2.created]);
    for (const entry of await readSiteList(path('Sitelist.txt')))
      assert.equal((await readListedBackup(path(''), entry)).asListed, true);
  });

  it('is cleaned of what a killed run left, and made good', async () => {
    await write(backups);
    await writeFile(path('.site1.com.xml.0123456789ab.tmp'), 'half');
    await writeFile(path('.Sitelist.txt.0123456789ab.tmp'), 'half');
    await writeFile(path('Sitelist.txt'), 'damaged\tline');
    await writeFile(path('notes.tmp'), 'ours');
    await write(backups);
    assert.deepEqual((await readdir(path(''))).sort(), [
      'Sitelist.txt',
      'notes.tmp',
      'site1.com.xml',
      'site1.com.xml.old',
      'site2.com.xml',
      'site2.com.xml.old',
    ]);
    assert.equal((await readSiteList(path('Sitelist.txt'))).length, 2);
  });

  it('gives a file that is newer than its list, and says so', async () => {
    await write(backups);
    const [entry] = await readSiteList(path('Sitelist.txt'));
    assert.ok(entry);
    const list = await readFile(path('Sitelist.txt'));
    await write([later(site1, '2')]);
    await writeFile(path('Sitelist.txt'), list);
    const { backup, asListed } = await readListedBackup(path(''), entry);
    assert.deepEqual([backup.created, asListed], ['2', false]);
  });

  it('does not give the file of another site, a changed one, or none', async () => {
    await write(backups);
    const [entry] = await readSiteList(path('Sitelist.txt'));
    assert.ok(entry);
    const swapped = { ...entry, file: 'site2.com.xml' };
    await assert.rejects(
      readListedBackup(path(''), swapped),
      failure('BackupTampered', /is a backup of site2\.com, but/),
    );
    await writeFile(
      path(entry.file),
      (await readFile(path(entry.file), 'utf8')).replace('C:\\web', 'C:\\evil'),
    );
    await assert.rejects(readListedBackup(path(''), entry), failure('BackupTampered', /was changed/));
    await rm(path(entry.file));
    await assert.rejects(readListedBackup(path(''), entry), failure('FileNotFound', /site1\.com\.xml$/));
  });

  it('of one password needs one key for all its files', async () => {
    const box: PasswordBox = await new PasswordBoxes(new Secret('x')).fresh();
    await write(backups, { box });
    const reader = new PasswordBoxes(new Secret('x'));
    for (const entry of await readSiteList(path('Sitelist.txt')))
      assert.equal((await readListedBackup(path(''), entry, reader)).asListed, true);
    assert.equal((await reader.for(box.derivation)).check, box.check);
  });
});
