import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConfiguration } from '../../src/iis/index.ts';
import { failure, serverText } from './samples.ts';

describe('a configuration that is redirected', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redirection-'));
    await writeFile(join(folder, 'applicationHost.config'), serverText({}));
    await writeFile(join(folder, 'other.config'), serverText({}));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (redirection: string, file = 'applicationHost.config') =>
    writeFile(
      join(folder, 'redirection.config'),
      `<configuration><configSections><section name="configurationRedirection" /></configSections>${redirection}</configuration>`,
    ).then(() => openConfiguration(join(folder, file)));

  it('is refused with the place of the live one, and without the account of the share', async () => {
    const redirection =
      '<configurationRedirection enabled="true" path="\\\\files\\iis\\" userName="u" password="p&quot;w" />';
    const file = join(folder, 'applicationHost.config');
    const beside = join(folder, 'redirection.config');
    await assert.rejects(
      open(redirection),
      failure(
        'ConfigurationRedirected',
        `IIS does not read ${file}: ${beside} is in force and names \\\\files\\iis\\applicationHost.config`,
      ),
    );
    assert.equal((await open(redirection, 'other.config')).sites.size, 0);
  });

  it('is read where redirection is not enabled', async () => {
    for (const redirection of [
      '',
      '<configurationRedirection />',
      '<configurationRedirection enabled="false" path="C:\\x" />',
    ])
      assert.equal((await open(redirection)).sites.size, 0);
  });

  it('is refused where nobody can tell', async () => {
    await assert.rejects(open('<broken>'), failure('ConfigurationMalformed', /redirection\.config/));
  });
});
