import assert from 'node:assert/strict';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverText, siteXml } from '../iis/samples.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('restores are listed, undone and pruned', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const own = siteXml('own.com', 7, { binding: '10.1.1.9:80:own.com' });
  const before = serverText({ sites: own });
  const standby = (): Promise<string> => readFile(join(folder.path, 'standby.config'), 'utf8');

  const run = async (command: string): Promise<Record<string, string>[]> => {
    const { objects, stderr } = await runModule(command, { cwd: folder.path });
    assert.equal(stderr, '', command);
    return objects;
  };
  const errors = (command: string) => moduleErrors(command, { cwd: folder.path });

  const restore = 'Restore-FailoverSite -SettingsPath failover.json -Confirm:$false';
  const get = 'Get-FailoverRestore -SettingsPath failover.json';
  const undo = 'Undo-FailoverRestore -SettingsPath failover.json -Confirm:$false';

  /** What the primary has is backed up anew. */
  async function backUp(sites: string): Promise<void> {
    await writeFile(join(folder.path, 'primary.config'), serverText({ sites }));
    await run('Backup-FailoverSite * -SettingsPath failover.json -ConfigurationFile primary.config');
  }

  async function leaveList(name: string): Promise<void> {
    const path = join(folder.path, 'backup', 'Sitelist.txt');
    const lines = (await readFile(path, 'utf8')).split('\r\n');
    await writeFile(path, lines.filter((line) => !line.startsWith(`${name}\t`)).join('\r\n'));
  }

  beforeEach(async () => {
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
        { name: 'STANDBY', role: 'failover', addresses: ['10.1.1.2'] },
      ],
      sites: [],
      configurationFile: 'standby.config',
      backup: { folder: 'backup' },
    };
    await writeFile(join(folder.path, 'failover.json'), JSON.stringify(settings));
    await writeFile(join(folder.path, 'standby.config'), before);
    await backUp(siteXml('site1.com', 1) + siteXml('site2.com', 2));
  });

  it('an undo goes back restore by restore, and an undo by its number brings one again', async () => {
    await run(`${restore} site1.com`);
    const first = await standby();
    await run(`${restore} site2.com`);
    const second = await standby();
    const list = await run(get);
    assert.deepEqual(
      list.map(({ Id, Action, State, Site, Change }) => [Id, Action, State, Site, Change]),
      [
        ['2', 'Restore', 'Current', 'site2.com', 'add site site2.com'],
        ['1', 'Restore', 'Superseded', 'site1.com', 'add site site1.com'],
      ],
    );
    assert.equal(await readFile(list[0]!.PreviousFile!, 'utf8'), first);

    await run(`${undo} -WhatIf`);
    assert.equal(await standby(), second);
    const [undone] = await run(undo);
    assert.deepEqual(
      [undone?.Action, undone?.Undoes, undone?.Change],
      ['Undo', '2', 'remove site site2.com'],
    );
    assert.equal(await standby(), first);
    await run(undo);
    assert.equal(await standby(), before);
    assert.deepEqual(
      (await errors(undo)).map(({ id }) => id),
      ['RestoreNotFound'],
    );
    await run(`${undo} 4`);
    assert.equal(await standby(), first);
    const states = (await run(get)).map(({ Id, State }) => `${Id} ${State}`);
    assert.deepEqual(states, ['5 Current', '4 Undone', '3 Current', '2 Undone', '1 Current']);
  });

  it('an undo of an earlier restore keeps what came later, and names a conflict', async () => {
    await run(`${restore} site1.com`);
    await run(`${restore} site2.com`);
    await run(`${get} -Name site1* | ${undo}`);
    assert.match(await standby(), /name="site2.com"/);
    assert.doesNotMatch(await standby(), /name="site1.com"/);
    const changed = (await standby()).replace('10.1.1.1:80:site2.com', '10.1.1.1:81:site2.com');
    await writeFile(join(folder.path, 'standby.config'), changed);
    const [conflict] = await errors(`${undo} 2`);
    assert.equal(conflict?.id, 'UndoConflict');
    assert.match(conflict.message, /the site site2.com was changed since/);
    assert.equal(await standby(), changed);
    assert.deepEqual(
      (await errors(`${undo} 1, 9, x`)).map(({ id, message }) => [id, message.split('.')[0]]),
      [
        ['RestoreNotFound', 'There is no restore 9'],
        ['RestoreNotFound', 'There is no restore x'],
        ['UndoConflict', 'Restore 1 was undone already'],
      ],
    );
  });

  it('an older version of a backup is restored by its time', async () => {
    await run(
      'Backup-FailoverSite * -SettingsPath failover.json -ConfigurationFile primary.config -KeepVersion 2',
    );
    const backup = join(folder.path, 'backup');
    const versions = (await readdir(backup)).filter((name) => /\.xml\.\d{8}T\d{6}Z\.old$/.test(name));
    assert.equal(versions.length, 2);
    for (const name of versions)
      await rename(join(backup, name), join(backup, name.replace(/\d{8}T\d{6}Z/, '20200101T000000Z')));
    await backUp(siteXml('site1.com', 1, { binding: '10.1.1.1:8080:site1.com' }) + siteXml('site2.com', 2));
    await run(`${restore} site1.com`);
    assert.match(await standby(), /10\.1\.1\.1:8080:site1\.com/);
    await run(`${restore} site1.com -Version 2020-06-01`);
    assert.match(await standby(), /10\.1\.1\.1:80:site1\.com/);
    const missing = await errors(`${restore} site1.com -Version 2019-06-01T00:00:00Z`);
    assert.deepEqual(
      missing.map(({ id }) => id),
      ['BackupVersionMissing'],
    );
  });

  it('a prune removes a site that left the list, and an undo brings it back', async () => {
    await run(restore);
    const both = await standby();
    await leaveList('site2.com');
    assert.deepEqual(
      (await errors(`${restore} -Prune`)).map(({ id }) => id),
      ['PruneImplausible'],
    );
    assert.deepEqual(
      (await errors(`${restore} site1.com -Prune`)).map(({ id }) => id),
      ['ParameterInvalid'],
    );
    const { stdout } = await runModule(`${restore} -Prune -Force -WhatIf`, { cwd: folder.path });
    assert.match(stdout, /"Remove site site2.com in .*standby.config" on target "site2.com"/);
    assert.equal(await standby(), both);
    const objects = await run(`${restore} -Prune -Force`);
    assert.deepEqual(
      objects.map(({ Name, Action }) => [Name, Action]),
      [
        ['site1.com', 'None'],
        ['site2.com', 'Remove'],
      ],
    );
    assert.equal(await standby(), serverText({ sites: own + siteXml('site1.com', 1) }));
    await run(undo);
    assert.equal(await standby(), both);
    assert.deepEqual((await run(`${restore} -Prune -Force -WhatIf`)).length, 0);
    await run(`${restore} -Prune -Force`);
    await leaveList('site1.com');
    await run(`${restore} -Prune -Force`);
    assert.equal(await standby(), before);
  });
});
