import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFailover, makePrimary } from '../../build/lab/whitepaper.ts';
import { runPwsh } from '../support/pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

interface Shown {
  readonly activity: string;
  readonly percent: number;
  readonly completed: boolean;
}

describe('Commands that take long', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'progress-'));
    for (const name of ['primary', 'standby']) await mkdir(join(folder, name));
    const { disk } = await makePrimary(join(folder, 'primary'), '10.1.1.1');
    await makeFailover(join(folder, 'standby'));
    await writeFile(join(disk, 'C', 'inetpub', 'hostedsites', 'site2', 'more.htm'), 'more');
    const settings = {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
        { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
      ],
      sites: ['site1.com', 'site2.com'].map((name) => ({ name, hostNames: [name] })),
      configurationFile: 'standby/applicationHost.config',
      backup: { folder: 'backup' },
      stateFolder: 'state',
      addressMap: { '10.1.1.1': '10.1.1.2' },
    };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
  });
  after(() => rm(folder, { recursive: true }));

  /** The progress records of a command, run in a runspace of its own. */
  async function progress(command: string): Promise<Shown[]> {
    const script = `
      $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
      [void] $state.ImportPSModule([string[]] '${manifest}')
      $shell = [System.Management.Automation.PowerShell]::Create($state)
      [void] $shell.AddScript('$ConfirmPreference = "None"; ' + '${command.replaceAll("'", "''")}')
      [void] $shell.Invoke()
      foreach ($e in $shell.Streams.Error) { [Console]::Error.WriteLine($e.Exception.Message) }
      foreach ($p in $shell.Streams.Progress) {
        if ($p.ActivityId -eq 1) { "$($p.Activity)|$($p.PercentComplete)|$($p.RecordType)" }
      }
      $shell.Runspace.Dispose()`;
    const { stdout, stderr } = await runPwsh(script, { cwd: folder });
    assert.equal(stderr, '');
    const lines = stdout.split(/\r?\n/).filter((line) => line.includes('|'));
    return lines.map((line) => {
      const [activity = '', percent, type] = line.split('|');
      return { activity, percent: Number(percent), completed: type === 'Completed' };
    });
  }

  /** Activities in their order; each bar rises within 0 to 100 and is taken away before the next. */
  function activities(records: readonly Shown[]): string[] {
    const names = [...new Set(records.map(({ activity }) => activity))];
    const sorted = names.flatMap((name) => records.filter(({ activity }) => activity === name));
    assert.deepEqual(records, sorted);
    for (const name of names) {
      const own: readonly Shown[] = records.filter(({ activity }) => activity === name);
      const percents = own.map(({ percent }) => percent);
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
      );
      assert.ok(percents.every((percent) => percent >= 0 && percent <= 100));
      const ends = own.map(({ completed }) => completed);
      assert.deepEqual(ends, [...ends.slice(1).map(() => false), true]);
      assert.ok(own.length > 1);
    }
    return names;
  }

  const all = '-SettingsPath failover.json';
  const primary = '-ConfigurationFile primary/applicationHost.config';

  it('show how far they are, each activity with an end', async () => {
    const seen = async (command: string) => activities(await progress(command));
    assert.deepEqual(await seen(`Backup-FailoverSite ${all} ${primary}`), ['Backing up sites']);
    const copy =
      `Copy-FailoverContent ${all} -ContentServer ${folder}/primary/disk ` +
      `-PathMap @{ 'C:\\inetpub' = '${folder}/copy' }`;
    assert.deepEqual(await seen(copy), ['Comparing content', 'Copying content']);
    assert.deepEqual(await seen(`${copy} -Reverse`), ['Comparing content', 'Bringing content back']);
    assert.deepEqual(await seen(`Restore-FailoverSite ${all}`), ['Reading backups']);
    assert.deepEqual(await seen(`Compare-FailoverSite ${all}`), ['Reading backups', 'Comparing sites']);
    assert.deepEqual(await seen(`Export-FailoverReport report.html ${all}`), ['Checking readiness']);
  });

  it('show nothing where there is one site to do', async () => {
    assert.deepEqual(await progress(`Backup-FailoverSite site1.com ${all} ${primary}`), []);
    assert.deepEqual(await progress(`Compare-FailoverSite site1.com ${all}`), []);
  });
});
