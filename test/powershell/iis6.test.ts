import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFailover } from '../../build/lab/whitepaper.ts';
import { parseMetabase } from '../../src/iis6/metabase.ts';
import { blob, metabaseText, node } from '../iis6/samples.ts';
import { moduleErrors, runModule } from '../support/module.ts';

const primary = metabaseText(
  [
    {
      id: 1,
      name: 'site1.com',
      server: { ServerBindings: ':80:site1.com\n\t\t\t:80:www.site1.com' },
      root: { AppPoolId: 'pool1', UNCPassword: blob('nas'), UNCUserName: 'DOM\\nas' },
    },
    { id: 2, name: 'twin' },
    { id: 3, name: 'Twin', server: { ServerBindings: ':83:' } },
  ],
  { pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/pool1', { IdleTimeout: '10' }) },
);
const standby = metabaseText([{ id: 1, name: 'intranet', server: { ServerBindings: ':8080:' } }], {
  editable: false,
});

describe('the cmdlets on IIS 6', function () {
  this.timeout(60_000);
  let folder: string;
  const run = (command: string) => runModule(command, { cwd: folder });
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const restore = 'Restore-FailoverSite site1.com -Source backup -ConfigurationFile';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'iis6-'));
    await makeFailover(folder);
    await writeFile(join(folder, 'MetaBase.xml'), primary);
    await writeFile(join(folder, 'standby.xml'), standby);
    const { stderr, objects } = await run(
      'Backup-FailoverSite site1.com -ConfigurationFile MetaBase.xml -Destination backup -WarningAction SilentlyContinue',
    );
    assert.equal(stderr, '');
    assert.equal(objects[0]?.SecretCount, '1');
    assert.equal(objects[0].ContentRoot, 'C:\\inetpub\\1');
  });
  after(() => rm(folder, { recursive: true }));

  it('back up a site with a password by name or id, and say what stays behind', async () => {
    const { objects, stdout } = await run(
      "'id:3', '1' | Backup-FailoverSite -ConfigurationFile MetaBase.xml -Destination by-id " +
        '-Password (& { $s = [securestring]::new(); foreach ($c in [char[]]"long enough") { $s.AppendChar($c) }; $s })',
    );
    assert.deepEqual(
      objects.map(({ Name, Id, Protected }) => [Name, Id, Protected]),
      [
        ['Twin', '3', 'True'],
        ['site1.com', '1', 'True'],
      ],
    );
    assert.match(stdout, /site1\.com: 1 secret values stay behind, for IIS 6 encrypts them/);
    for (const file of await readdir(join(folder, 'by-id')))
      assert.doesNotMatch(await read(join('by-id', file)), /49634462/);
  });

  it('refuse a name that two sites have, and name their ids', async () => {
    const errors = await moduleErrors(
      'Backup-FailoverSite twin, site1.com -ConfigurationFile MetaBase.xml -Destination other',
      { cwd: folder },
    );
    assert.deepEqual(
      errors.map(({ id, message }) => [id, /with the ids 2, 3/.test(message)]),
      [['SiteAmbiguous', true]],
    );
    assert.match(await read(join('other', 'Sitelist.txt')), /^site1\.com\t1\t/m);
  });

  it('show with -WhatIf what a restore would add, and add exactly that', async () => {
    const shown = await run(`${restore} standby.xml -WhatIf`);
    assert.match(
      shown.stdout,
      /Add application pool pool1, add site site1\.com, add location \/LM\/W3SVC\/2\/Filters/,
    );
    assert.equal(await read('standby.xml'), standby);
    const { objects, stdout } = await run(`${restore} standby.xml`);
    assert.match(stdout, /EnableEditWhileRunning is not 1/);
    assert.deepEqual([objects[0]?.Id, objects[0]?.Action], ['2', 'Add']);
    const text = await read('standby.xml');
    const { sites } = parseMetabase(Buffer.from(text), 'standby.xml');
    assert.deepEqual(
      sites.map(({ id, name }) => [id, name]),
      [
        [1, 'intranet'],
        [2, 'site1.com'],
      ],
    );
    assert.ok(text.includes('ServerBindings=":80:site1.com\r\n\t\t\t:80:www.site1.com"'));
    assert.doesNotMatch(text, /UNCPassword/);
    const again = await run(`${restore} standby.xml`);
    assert.equal(again.objects[0]?.Action, 'None');
    assert.equal(await read('standby.xml'), text);
  });

  it('undo that restore, byte for byte', async () => {
    await run('Undo-FailoverRestore -Confirm:$false');
    assert.equal(await read('standby.xml'), standby);
  });

  it('copy the content of a site of IIS 6', async () => {
    const source = join(folder, 'primary-disk', 'C$', 'inetpub', '1');
    await mkdir(source, { recursive: true });
    await writeFile(join(source, 'default.htm'), 'This is site1');
    const { stderr } = await run(
      `Copy-FailoverContent site1.com -Source backup -PathMap @{ 'C:\\inetpub\\1' = '${join(folder, 'copied')}' } ` +
        `-ContentServer '${join(folder, 'primary-disk')}'`,
    );
    assert.equal(stderr, '');
    assert.equal(await read(join('copied', 'default.htm')), 'This is site1');
  });

  it('translate a site for IIS 7 and later, and report what is left', async () => {
    const before = await read('applicationHost.config');
    const { objects, stdout } = await run(`${restore} applicationHost.config`);
    assert.deepEqual([objects[0]?.Name, objects[0]?.Action], ['site1.com', 'Add']);
    assert.match(stdout, /The value is left out: it is encrypted by IIS 6/);
    const text = await read('applicationHost.config');
    assert.match(text, /<add name="pool1" managedRuntimeVersion="" managedPipelineMode="Classic">/);
    assert.match(text, /bindingInformation="\*:80:www\.site1\.com"/);
    assert.notEqual(text, before);
    const again = await run(`${restore} applicationHost.config`);
    assert.equal(again.objects[0]?.Action, 'None');
  });

  it('refuse to put a site of IIS 7 into a MetaBase.xml', async () => {
    await run('Backup-FailoverSite intranet -ConfigurationFile applicationHost.config -Destination iis7');
    const errors = await moduleErrors('Restore-FailoverSite -Source iis7 -ConfigurationFile MetaBase.xml', {
      cwd: folder,
    });
    assert.equal(errors[0]?.id, 'RestoreRefused');
    assert.match(errors[0].message, /intranet is not restored: The backup is of IIS 7 or later/);
    assert.equal(await read('MetaBase.xml'), primary);
  });
});
