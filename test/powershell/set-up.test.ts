import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleErrors, runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';

const metabase = fileURLToPath(new URL('../fixtures/iis6/modsic.MetaBase.xml', import.meta.url));

describe('Initialize-FailoverServer', function () {
  this.timeout(120_000);
  before(function () {
    skipWhereMissing(this, process.platform === 'linux' ? undefined : 'Linux');
  });
  const folder = temporaryFolder();
  const first =
    'Initialize-FailoverServer Failover -SettingsPath ./f/failover.json -ConfigurationFile ./MetaBase.xml ' +
    '-PrimaryAddress 10.1.1.1 -FailoverAddress 10.1.1.2 -DnsServer 10.1.1.3 -NoTask';
  const run = (command: string) => runModule(command, { cwd: folder.path });
  const actions = ({ objects }: Awaited<ReturnType<typeof run>>) =>
    objects.map(({ Kind, Action, Name = '' }) => `${Action} ${Kind} ${Name.replace(folder.path, '')}`);

  beforeEach(() => copyFile(metabase, join(folder.path, 'MetaBase.xml')));

  it('shows what it would do and leaves no trace with -WhatIf', async () => {
    const { stdout, stderr } = await run(`${first} -WhatIf`);
    assert.match(stderr + stdout, /No share is made here/);
    for (const part of [/f\/state/, /f\/backup/, /Write first settings for \d+ site/])
      assert.match(stdout, part);
    assert.deepEqual(await readdir(folder.path), ['MetaBase.xml']);
  });

  it('sets up, changes nothing the second time, and takes back what it made', async () => {
    assert.deepEqual(actions(await run(first)), [
      'Create Folder /f',
      'Create Folder /f/state',
      'Create Folder /f/backup',
      'Create Settings /f/failover.json',
    ]);
    assert.equal((await stat(join(folder.path, 'f'))).mode & 0o777, 0o700);
    const settings = await readFile(join(folder.path, 'f', 'failover.json'), 'utf8');
    const again = 'Initialize-FailoverServer Failover -SettingsPath ./f/failover.json -NoTask';
    assert.deepEqual(actions(await run(again)), [
      'None Folder /f',
      'None Folder /f/state',
      'None Folder /f/backup',
    ]);
    assert.deepEqual(actions(await run(`${again} -Remove`)), [
      'Remove Folder /f/backup',
      'Remove Folder /f/state',
      'Keep Folder /f',
    ]);
    assert.deepEqual(await readdir(join(folder.path, 'f')), ['failover.json']);
    assert.equal(await readFile(join(folder.path, 'f', 'failover.json'), 'utf8'), settings);
  });

  it('says what it needs where there are no settings yet', async () => {
    const errors = await moduleErrors(
      'Initialize-FailoverServer Monitor -SettingsPath ./f/failover.json -NoTask',
      { cwd: folder.path },
    );
    assert.equal(errors[0]?.id, 'SettingsIncomplete');
    assert.match(errors[0]?.message ?? '', /copy it from a server that is set up, or give -PrimaryAddress/);
  });

  it('refuses to close a folder that others need', async () => {
    await mkdir(join(folder.path, 'f'));
    const errors = await moduleErrors(`${first} -BackupFolder /etc`, { cwd: folder.path });
    assert.deepEqual(
      errors.map(({ id }) => id),
      ['SetupFolderRefused'],
    );
  });
});
