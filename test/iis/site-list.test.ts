import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSiteList, readSiteNames, type SiteListEntry } from '../../src/iis/index.ts';
import { formatSiteList } from '../../src/iis/site-list.ts';
import { temporaryFolder } from '../support/tree.ts';
import { failure } from './samples.ts';

const hash = 'ab'.repeat(32);
const entries: SiteListEntry[] = [
  {
    name: 'Site1.com',
    id: 1,
    file: 'Site1.com.xml',
    sha256: hash,
    contentRoots: ['C:\\web\\site1', '\\\\nas\\x y'],
  },
  { name: '#1 site', id: 4294967295, file: '#1 site.xml', sha256: hash, contentRoots: [] },
];

describe('site list', () => {
  const folder = temporaryFolder();
  const write = async (content: string | Buffer): Promise<string> => {
    const path = join(folder.path, 'Sitelist.txt');
    await writeFile(path, content);
    return path;
  };
  const names = async (content: string | Buffer): Promise<string[]> =>
    (await readSiteNames(await write(content))).map(({ name }) => name);

  it('has one site name a line; comments, blank lines, spaces and repetitions do not count', async () => {
    const text =
      '\uFEFF# the sites\r\nSite1.com\r\n\r\n  Site2.com \t\n   # not Site3.com\nSITE1.COM\nDefault Web Site';
    assert.deepEqual(await names(text), ['Site1.com', 'Site2.com', 'Default Web Site']);
    assert.deepEqual(await names(''), []);
    assert.deepEqual(await readSiteNames(await write('# a\nSite1.com\n')), [{ name: 'Site1.com', line: 2 }]);
  });

  it('may be in UTF-16, as Windows PowerShell writes it', async () => {
    assert.deepEqual(await names(Buffer.from('\uFEFFSite1.com\r\ncaf\u00e9\r\n', 'utf16le')), [
      'Site1.com',
      'caf\u00e9',
    ]);
  });

  it('that is not there is named as the paper does', async () => {
    const path = join(folder.path, 'Sitelist.txt');
    await assert.rejects(
      readSiteNames(path),
      failure('SiteListUnreadable', `Cannot open Sitelist.txt (${path}): the file does not exist`),
    );
    await mkdir(path);
    await assert.rejects(
      readSiteNames(path),
      failure('SiteListUnreadable', `Cannot open Sitelist.txt (${path}): it is a folder`),
    );
  });

  it('in another encoding is refused', async () => {
    const path = await write(Buffer.from('caf\u00e9', 'latin1'));
    await assert.rejects(
      readSiteNames(path),
      failure('SiteListUnreadable', /neither UTF-8 nor UTF-16 text$/),
    );
  });

  it('with a path separator in a name is refused, by its line', async () => {
    for (const name of ['..\\Site1.com', 'c:/site', '/etc/passwd']) {
      const path = await write(`Site1.com\n${name}\n`);
      await assert.rejects(
        readSiteNames(path),
        failure('SiteNameInvalid', /has a path separator \(.*Sitelist\.txt, line 2\)$/),
      );
    }
  });

  it('of a backup folder gives back what was written', async () => {
    assert.deepEqual(await readSiteList(await write(formatSiteList(entries))), entries);
    assert.deepEqual(await readSiteList(await write(formatSiteList([]))), []);
  });

  it('of a backup folder serves as a list of names too', async () => {
    assert.deepEqual(await names(formatSiteList(entries)), ['Site1.com', '#1 site']);
  });

  it('of a backup folder can be read by a person', () => {
    assert.deepEqual(formatSiteList(entries).split('\r\n'), [
      '# IisFailover site list, format 1: name, id, file, SHA-256, content roots; separated by tabs',
      `Site1.com\t1\tSite1.com.xml\t${hash}\t["C:\\\\web\\\\site1","\\\\\\\\nas\\\\x y"]`,
      `\\#1 site\t4294967295\t#1 site.xml\t${hash}\t[]`,
      '',
    ]);
  });

  it('of names alone names no backups', async () => {
    const path = await write('Site1.com\n');
    await assert.rejects(
      readSiteList(path),
      failure('SiteListInvalid', `${path} names a site but no backup of it at line 1`),
    );
  });

  it('with a damaged line is refused, by its number', async () => {
    const good = formatSiteList(entries);
    for (const [from, to] of [
      [hash, 'short'],
      ['\t1\t', '\tone\t'],
      ['Site1.com.xml', '..\\Site1.com.xml'],
      ['Site1.com.xml', '../Site1.com.xml'],
      ['Site1.com.xml', 'C:Site1.com.xml'],
      ['Site1.com.xml', 'Site1.com.txt'],
      ['["C:', '"C:'],
      ['["C:\\\\web\\\\site1",', '[1,'],
    ] as const) {
      const path = await write(good.replace(from, to));
      await assert.rejects(
        readSiteList(path),
        failure('SiteListInvalid', `${path} is not a line of a site list at line 2`),
        to,
      );
    }
  });
});
