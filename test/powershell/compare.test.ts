import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFailover, makePrimary } from '../../build/lab/whitepaper.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { runPwsh } from '../support/pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));
const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: ['site1.com', 'site2.com'].map((name) => ({ name, hostNames: [name] })),
  configurationFile: 'standby/applicationHost.config',
  backup: { folder: 'backup' },
  addressMap: { '10.1.1.1': '10.1.1.2' },
};

describe('Compare-FailoverSite', function () {
  this.timeout(60_000);
  let folder: string;
  let inStep: string;
  const standby = (): string => join(folder, 'standby', 'applicationHost.config');
  const compare = 'Compare-FailoverSite -SettingsPath failover.json';
  const reference = `${compare} -ReferenceFile primary/applicationHost.config`;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compare-'));
    for (const name of ['primary', 'standby']) await mkdir(join(folder, name));
    await makePrimary(join(folder, 'primary'), '10.1.1.1');
    await makeFailover(join(folder, 'standby'));
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
    for (const command of [
      'Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile primary/applicationHost.config',
      'Restore-FailoverSite -SettingsPath failover.json',
    ]) {
      const { stderr } = await runModule(command, { cwd: folder });
      assert.equal(stderr, '');
    }
    inStep = await readFile(standby(), 'utf8');
  });
  beforeEach(() => writeFile(standby(), inStep));
  after(() => rm(folder, { recursive: true }));

  /** What `-Quiet` answers, with the type of the answer. */
  async function quiet(command: string): Promise<string[]> {
    const script = `Import-Module '${manifest}'; ${command} -Quiet -ErrorAction SilentlyContinue | ForEach-Object { $_.GetType().Name + ' ' + $_ }`;
    const { stdout } = await runPwsh(script, { cwd: folder });
    return stdout.trim().split(/\r?\n/);
  }

  it('writes nothing where the server is in step, with backups and with the primary itself', async () => {
    for (const command of [compare, reference]) {
      const { objects, stderr } = await runModule(command, { cwd: folder });
      assert.deepEqual([objects, stderr], [[], '']);
    }
    assert.deepEqual(await quiet(compare), ['Boolean True']);
  });

  it('writes one object for each difference, of the sites that are named', async () => {
    await writeFile(
      standby(),
      inStep.replace('hostedsites\\site1', 'other').replace('10.1.1.2:80:site2.com', '*:80:site2.com'),
    );
    const { objects } = await runModule(`${reference} SITE[12].com`, { cwd: folder });
    assert.deepEqual(
      objects.map(({ Name, Difference, Severity, Path }) => `${Name} ${Difference} ${Severity} ${Path}`),
      [
        'site1.com Changed error site/application[path=/]/virtualDirectory[path=/]/@physicalPath',
        'site2.com Removed error site/bindings/binding[http 10.1.1.2:80:site2.com]',
        'site2.com Added error site/bindings/binding[http *:80:site2.com]',
      ],
    );
    assert.deepEqual(
      [objects[0]?.PrimaryValue, objects[0]?.FailoverValue],
      ['C:\\inetpub\\hostedsites\\site1', 'C:\\inetpub\\other'],
    );
    const one = await runModule(`'site1.com' | ${compare}`, { cwd: folder });
    assert.equal(one.objects.length, 1);
    assert.deepEqual(await quiet(compare), ['Boolean False']);
    assert.deepEqual(await quiet(`${compare} site3*`), ['Boolean True']);
  });

  it('compares a site of the primary that was never restored: it is missing', async () => {
    const { objects } = await runModule(`${reference} site3.com`, { cwd: folder });
    assert.deepEqual(
      objects.map(({ Path, Difference, FailoverValue }) => [Path, Difference, FailoverValue]),
      [['site', 'Removed', '']],
    );
  });

  it('is not in step where a site could not be compared', async () => {
    const errors = await moduleErrors(`${compare} nosite.com, site1.com`, { cwd: folder });
    assert.deepEqual(
      errors.map(({ id }) => id),
      ['SiteNotFound'],
    );
    assert.deepEqual(await quiet(`${compare} nosite.com, site1.com`), ['Boolean False']);
  });

  it('takes backups or a file, not both', async () => {
    const errors = await moduleErrors(`${reference} -Source backup`, { cwd: folder });
    assert.deepEqual(
      errors.map(({ id, message }) => `${id}: ${message}`),
      ['ParameterInvalid: Give -Source or -ReferenceFile, not both'],
    );
  });

  it('counts a default that the standby lacks, until a restore writes it into the site', async () => {
    await writeFile(
      join(folder, 'defaults.config'),
      (await readFile(join(folder, 'primary', 'applicationHost.config'), 'utf8')).replace(
        '<siteDefaults>',
        '<siteDefaults serverAutoStart="false">',
      ),
    );
    const own = settings.backup;
    const changed = { ...settings, backup: { ...own, folder: 'other' }, materializeDefaults: true };
    await writeFile(join(folder, 'materialize.json'), JSON.stringify(changed));
    const options = '-SettingsPath materialize.json';
    await runModule(`Backup-FailoverSite ${options} -ConfigurationFile defaults.config`, { cwd: folder });
    const { objects } = await runModule(`Compare-FailoverSite ${options} site1.com`, { cwd: folder });
    assert.deepEqual(
      objects.map(({ Path, PrimaryValue, FailoverValue }) => [Path, PrimaryValue, FailoverValue]),
      [['site/@serverAutoStart', 'false', 'true']],
    );
    const restore = await runModule(`Restore-FailoverSite ${options}`, { cwd: folder });
    assert.equal(restore.stderr, '');
    assert.deepEqual(await quiet(`Compare-FailoverSite ${options}`), ['Boolean True']);
    assert.match(await readFile(standby(), 'utf8'), /<site name="site1.com" [^>]*serverAutoStart="false"/);
  });
});
