import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSiteList } from '../../src/iis/site-list.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { readTree, writeTree } from '../support/tree.ts';
import { connect, makeFolderOnC, missingForWindows, windowsLines } from '../support/wine.ts';

const share = '\\\\PRIMARY\\C$';
const drive = 'D:';
const root = 'C:\\web\\site1';

/** Content from the administrative share of a primary (its files are this machine's) to a second drive. */
describe('content on Windows programs', () => {
  let folder: string;
  let primary: string;
  let standby: string;
  const undo: (() => Promise<void>)[] = [];

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    await mkdir(join(folder, 'backup'));
    const entry = { name: 'site1', id: 1, file: 'site1.xml', sha256: '0'.repeat(64), contentRoots: [root] };
    await writeFile(join(folder, 'backup', 'Sitelist.txt'), formatSiteList([entry]));
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: ['127.0.0.1'] },
        { name: 'FAILOVER', role: 'failover', addresses: ['127.0.0.2'] },
      ],
      sites: [{ name: 'site1', hostNames: ['site1.com'] }],
      backup: { folder: '.\\backup' },
      stateFolder: '.\\state',
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
  });

  beforeEach(async () => {
    for (const name of ['primary', 'standby']) await mkdir(join(folder, name));
    undo.push(await connect(share, join(folder, 'primary')), await connect(drive, join(folder, 'standby')));
    primary = join(folder, 'primary', 'web', 'site1');
    standby = join(folder, 'standby', 'web', 'site1');
    await writeTree(primary, { 'index.htm': 'first' });
  });

  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    for (const name of ['primary', 'standby', 'state'])
      await rm(join(folder, name), { recursive: true, force: true });
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('goes from an administrative share to another drive, byte by byte', async () => {
    const files = {
      'crlf.htm': 'a\r\nb\r\n',
      'lf.htm': 'a\nb',
      'bom.config': '\uFEFF<configuration />\r\n',
      'utf16.txt': '\uFFFEa\0\u001A\0',
      'ä €😀.htm': '\u001A\0',
      'empty.htm': '',
      'bin/deep/app.dll': 'MZ\0\0',
    };
    await writeTree(primary, files);
    assert.deepEqual(await copy(), ['copied 8']);
    for (const [name, text] of Object.entries(files))
      assert.deepEqual(await readFile(join(standby, name)), Buffer.from(text), name);
    assert.deepEqual(await copy(), ['copied 0']);
  });

  it('keeps names that Windows reserves, and those that end in a dot or a space', async () => {
    const names = ['aux.txt', 'CON', 'NUL', 'com1.htm', 'dot.', 'space ', ' first'];
    for (const name of names) await writeFile(join(primary, name), `content of ${name}`);
    assert.deepEqual(await copy(), ['copied 8']);
    for (const name of names)
      assert.equal(await readFile(join(standby, name), 'utf8'), `content of ${name}`, name);
    assert.deepEqual(await copy(), ['copied 0']);
  });

  it('does not take a name whose case alone was changed for another file or folder', async () => {
    await writeTree(primary, { 'Page.htm': 'page', 'Images/Logo.png': 'logo' });
    assert.deepEqual(await copy(), ['copied 3']);
    await rename(join(primary, 'Page.htm'), join(primary, 'page.htm'));
    await rename(join(primary, 'Images'), join(primary, 'images'));
    assert.deepEqual(await copy(), ['copied 0']);
    await writeFile(join(primary, 'page.htm'), 'another page');
    assert.deepEqual(await copy(), ['copied 1']);
    // Wine does not change the case of a name that is there.
    const copies = Object.entries(await readTree(standby)).map(([name, text]) => [name.toLowerCase(), text]);
    const expected = {
      'index.htm': 'first',
      'page.htm': 'another page',
      images: '/',
      'images/logo.png': 'logo',
    };
    assert.deepEqual(Object.fromEntries(copies), expected);
  });

  it('leaves a file of the standby that a program holds open, reports it, and copies the rest', async () => {
    await writeTree(primary, { 'held.htm': 'old' });
    await copy();
    await writeTree(primary, { 'held.htm': 'changed', 'other.htm': 'other' });
    assert.deepEqual(await copy(hold('D:\\web\\site1\\held.htm')), [
      'copied 1',
      'ContentCopyFailed held.htm',
    ]);
    assert.deepEqual(await readTree(standby), {
      'index.htm': 'first',
      'held.htm': 'old',
      'other.htm': 'other',
    });
    assert.deepEqual(await copy(), ['copied 1']);
    assert.equal(await readFile(join(standby, 'held.htm'), 'utf8'), 'changed');
  });

  it('leaves the copy of a file that a program of the primary holds open, reports it, and copies the rest', async () => {
    await writeTree(primary, { 'held.htm': 'old' });
    await copy();
    await writeTree(primary, { 'held.htm': 'changed', 'other.htm': 'other' });
    const [copied, error] = await copy(hold(`${share}\\web\\site1\\held.htm`));
    assert.equal(copied, 'copied 1');
    assert.match(error!, /^(FileUnreadable|ContentCopyFailed) held\.htm$/);
    assert.equal(await readFile(join(standby, 'held.htm'), 'utf8'), 'old');
    assert.deepEqual(await copy(), ['copied 1']);
    assert.equal(await readFile(join(standby, 'held.htm'), 'utf8'), 'changed');
  });

  it('refuses a content server that is no host and no folder, before anything is made', async () => {
    assert.deepEqual(await copy('', '\\\\?\\C:\\primary'), ['ContentServerInvalid primary']);
    assert.deepEqual(await readdir(join(folder, 'standby')), []);
  });

  /** What a program does that lets no other read or replace the file. */
  function hold(path: string): string {
    return `$held = [System.IO.File]::Open('${path}', 'Open', 'Read', 'None')`;
  }

  /** Copies, with these commands before it: a line for the site, and one for each error with the name of its file. */
  async function copy(before = '', server = 'PRIMARY'): Promise<string[]> {
    const command = `${before}
      $call = @{ SettingsPath = 'failover.json'; ContentServer = '${server}'; DestinationDrive = '${drive}' }
      $faults = @()
      try {
        Copy-FailoverContent @call -NoAcl -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable faults |
          ForEach-Object { "copied $($_.FilesCopied)" }
      } catch { $faults = @($_) }
      foreach ($fault in $faults) { $fault.FullyQualifiedErrorId.Split(',')[0] + ' ' + $fault.TargetObject }`;
    const lines = await windowsLines(command, { cwd: folder });
    return lines.map((line) => line.replace(/ \S*\\/, ' ').trim());
  }
});
