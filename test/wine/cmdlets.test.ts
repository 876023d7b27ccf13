import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { commands } from '../../src/commands/index.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { missingForWindows, startWindowsModule, windowsLines, windowsNodes } from '../support/wine.ts';

const common = `$WarningPreference = 'SilentlyContinue'; $ConfirmPreference = 'None'
  $PSDefaultParameterValues['*-Failover*:SettingsPath'] = 'failover.json'
  function Get-ErrorId([scriptblock] $Action) {
    try { & $Action | Out-Null; 'none' } catch { $_.FullyQualifiedErrorId -replace ',.*' }
  }`;
const isIntact = '"$(@((Test-FailoverLog).IsIntact) -notcontains $false)"';

/** Each cmdlet, in the order of an administrator's day, in the folder of the demo's lab; the servers are this machine's. */
describe('the cmdlets on Windows programs', () => {
  let lab: Lab;
  const lines = (script: string): Promise<string[]> =>
    windowsLines(`${common}\n${script}`, { cwd: lab.folder });

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    lab = await startLab();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    await writeFile(join(lab.folder, 'shop.pfx'), '');
    const path = join(lab.folder, 'failover.json');
    const settings = JSON.parse(await readFile(path, 'utf8')) as object;
    const changed = {
      configurationFile: './failover/applicationHost.config',
      monitor: { notify: { webhooks: [{ url: `http://127.0.0.1:${lab.port}/` }] } },
    };
    await writeFile(path, JSON.stringify({ ...settings, ...changed }));
  });

  after(async () => {
    await lab?.stop();
  });

  it('write settings, prepare zones, and make a standby that does not differ', async () => {
    const found = await lines(`
      $servers = @{ PrimaryAddress = '10.1.1.1'; FailoverAddress = '10.1.1.2'; DnsServer = '10.1.1.3' }
      (New-FailoverSetting site1.com -ConfigurationFile .\\applicationHost.config @servers -SettingsPath .\\new.json).Site
      "$((Test-FailoverSetting -SettingsPath .\\new.json).IsValid)"
      (Initialize-FailoverZone -Ttl 60).Action -join ' '
      (Backup-FailoverSite -ConfigurationFile .\\applicationHost.config).Name -join ' '
      "$(Compare-FailoverSite -Quiet)"
      (Compare-FailoverSite).Name -join ' '
      (Restore-FailoverSite).Action -join ' '
      "$(Compare-FailoverSite -Quiet)"
      (Copy-FailoverContent -NoAcl).FilesCopied -join ' '`);
    const both = 'site1.com site2.com';
    assert.deepEqual(found, [
      ...['site1.com', 'True', 'Change Change', both, 'False', both, 'Add Add', 'True', '1 1'],
    ]);
  });

  it('watch, suspend, switch there and back, and remember it in logs that are intact', async () => {
    const found = await lines(`
      (Invoke-FailoverMonitor).Action -join ' '
      (Suspend-FailoverSite site2.com -For 1:00 -Reason updates).Name
      (Get-FailoverSite | ForEach-Object { "$($_.Target) $($_.SuspendedReason)" }) -join '|'
      "$((Resume-FailoverSite site2.com).Suspended)"
      (Switch-FailoverSite site1.com -To Failover).RecordChange[0]
      (Get-FailoverSite site1.com).Target
      "$((Switch-FailoverSite site1.com -To Primary).Confirmed)"
      (Get-FailoverEvent -After ([datetime]::Today) | Where-Object Event -eq 'switch').Name -join ' '
      ${isIntact}`);
    assert.deepEqual(found, [
      ...['None None', 'site2.com', 'Primary |Primary updates', 'False'],
      'site1.com A 127.10.1.1 -> 127.10.1.2',
      ...['Failover', 'True', 'site1.com site1.com', 'True'],
    ]);
  });

  it('drill, check readiness, notify and report', async () => {
    const found = await lines(`
      (Test-FailoverSwitch site1.com | ForEach-Object { "$($_.Step) $($_.Succeeded)" }) -join ' '
      (Test-FailoverReadiness site1.com -Check *Age | ForEach-Object { "$($_.Check) $($_.Outcome)" }) -join ' '
      (Test-FailoverNotification).ErrorId
      "$((Test-FailoverSite site1.com).Healthy)"
      "$((Export-FailoverReport -Path .\\report.html).SiteCount)"`);
    assert.deepEqual(found, [
      'Create True Guard True Switch True Remove True Standby True',
      'BackupAge Passed RestoreAge Passed ContentAge Passed',
      // wine cannot connect for Node's fetch
      ...['NotifyFailed', 'True True', '2'],
    ]);
    assert.match(await readFile(join(lab.folder, 'report.html'), 'utf8'), /site2\.com/);
  });

  for (const node of windowsNodes) {
    it(`serve the live page while the monitor runs through ${node}`, async () => {
      const watching = 'Invoke-FailoverMonitor -Continuous -DashboardAddress 127.0.0.1:0';
      const script = `${common}\n${watching} | ForEach-Object { if ($_.Event -eq 'Dashboard') { $_.Message } }`;
      const session = startWindowsModule(script, { cwd: lab.folder, node });
      try {
        let printed = '';
        session.stdout.on('data', (text: Buffer) => (printed += text.toString()));
        while (!/http:\S+\r?\n/.test(printed))
          await Promise.race([once(session.stdout, 'data'), ended(session)]);
        const address = /http:\S+/.exec(printed)![0];
        const entry = await fetch(address, { redirect: 'manual' });
        const cookie = entry.headers.get('set-cookie') ?? '';
        const page = await fetch(new URL('/', address), { headers: { cookie: cookie.replace(/;.*/, '') } });
        assert.equal(page.status, 200);
        assert.match(await page.text(), /<html/);
      } finally {
        session.kill('SIGKILL');
      }
    });
  }

  it('list restores and undo the last', async () => {
    const found = await lines(`(Get-FailoverRestore).State
      (Undo-FailoverRestore).Site -join ' '
      (Get-FailoverRestore).Action -join ' '`);
    assert.deepEqual(found, ['Current', 'site1.com site2.com', 'Undo Restore']);
  });

  it('say what Windows itself would have to give, where wine has no .NET Framework and no Windows PowerShell', async () => {
    const found = await lines(`
      $password = ConvertTo-SecureString 'correct horse battery staple' -AsPlainText -Force
      $thumbprint = 'A909502DD82AE41433E6F83886B00D4277A32A7B'
      Get-ErrorId { Export-FailoverCertificate $thumbprint -Destination .\\certificates -Password $password }
      Get-ErrorId { Import-FailoverCertificate .\\shop.pfx -Password $password }
      Get-ErrorId { Initialize-FailoverServer Failover -WhatIf }
      Get-ErrorId { Get-FailoverTask }
      Get-ErrorId { Register-FailoverTask Restore }
      Get-ErrorId { Unregister-FailoverTask Restore }`);
    const [dotNet, shell] = ['DotNetUnavailable', 'PowerShellEnded'];
    assert.deepEqual(found, [dotNet, dotNet, dotNet, shell, shell, shell]);
  });

  it('all have help with examples, and complete the names of sites', async () => {
    const found = await lines(`
      $names = (Get-Command -Module IisFailover).Name
      @($names | Where-Object { @((Get-Help $_).examples.example).Count -ge 1 }).Count
      $line = 'Get-FailoverSite -SettingsPath failover.json -Name '
      $completion = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
      ($completion.CompletionMatches | Where-Object ResultType -eq 'ParameterValue').CompletionText -join ' '`);
    assert.deepEqual(found, [String(commands.length), 'site1.com site2.com']);
  });
});

async function ended(session: ReturnType<typeof startWindowsModule>): Promise<never> {
  let stderr = '';
  session.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  await once(session, 'close');
  assert.fail(`the session ended: ${stderr}`);
}
