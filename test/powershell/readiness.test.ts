import assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { runPwsh } from '../support/pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

describe('Test-FailoverReadiness', function () {
  this.timeout(60_000);
  let lab: Lab;
  const lines = async (script: string): Promise<string[]> => {
    const { stdout, stderr } = await runPwsh(`Import-Module '${manifest}'; ${script}`, { cwd: lab.folder });
    assert.equal(stderr, '');
    return stdout.split(/\r?\n/).filter((line) => line !== '');
  };
  const check = (rest: string): Promise<string[]> =>
    lines(
      `Test-FailoverReadiness -SettingsPath failover.json ${rest} | ForEach-Object { "$($_.Check) $($_.Name) $($_.Outcome)" }`,
    );

  before(async () => {
    lab = await startLab();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    await lines(
      `[void](Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile applicationHost.config)
       [void](Restore-FailoverSite -SettingsPath failover.json -Confirm:$false)
       [void](Copy-FailoverContent -SettingsPath failover.json)
       [void](Invoke-FailoverMonitor -SettingsPath failover.json)`,
    );
  });
  after(() => lab?.stop());

  it('passes all of a site that would fail over', async () => {
    const found = await check('site1.com');
    const ofSite = found.filter((line) => line.includes('site1.com'));
    assert.deepEqual(ofSite, [
      'BackupAge site1.com Passed',
      'RestoreAge site1.com Passed',
      'ContentAge site1.com Passed',
      'Configuration site1.com Passed',
      'Standby site1.com Passed',
      'DnsRecord site1.com Passed',
      'DnsPermission site1.com Passed',
    ]);
    assert.ok(found.includes('Heartbeat  Passed'));
    assert.deepEqual(await lines('Test-FailoverReadiness site1.com -SettingsPath failover.json -Quiet'), [
      'True',
    ]);
  });

  it('fails what stands in the way, with a remedy, and -Quiet says False', async () => {
    const { configurationFile } = lab.failover;
    const text = await readFile(configurationFile, 'utf8');
    await writeFile(configurationFile, text.replace(/<site name="site1\.com"[\s\S]*?<\/site>/, ''));
    await rm(join(lab.folder, 'backup', 'site2.com.xml'));
    assert.deepEqual(await check('-Check *Age'), [
      'BackupAge site1.com Passed',
      'RestoreAge site1.com Passed',
      'ContentAge site1.com Passed',
      'BackupAge site2.com Failed',
      'RestoreAge site2.com Passed',
      'ContentAge site2.com Passed',
    ]);
    const failed = await lines(
      `Test-FailoverReadiness -SettingsPath failover.json | Where-Object Outcome -eq 'Failed' |
       ForEach-Object { "$($_.Check) $($_.Name) $([bool]$_.Remedy)" }`,
    );
    assert.deepEqual(failed.sort(), [
      'BackupAge site2.com True',
      'Configuration  True', // the missing backup file
      'Configuration site1.com True',
      'Standby site1.com True',
    ]);
    assert.deepEqual(await lines('Test-FailoverReadiness -SettingsPath failover.json -Quiet'), ['False']);
  });
});
