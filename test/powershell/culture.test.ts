import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { runPwsh } from '../support/pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

describe('what commands write', function () {
  this.timeout(120_000);
  let lab: Lab;

  before(async () => (lab = await startLab()));
  after(() => lab?.stop());

  /** A round of the monitor without its times and latencies, and an error, in a session of this culture. */
  async function wordsIn(culture: string): Promise<string> {
    const script = [
      `[cultureinfo]::CurrentCulture = [cultureinfo]::new('${culture}')`,
      `[cultureinfo]::CurrentUICulture = [cultureinfo]::new('${culture}')`,
      `Import-Module '${manifest}'`,
      'foreach ($o in @(Invoke-FailoverMonitor -SettingsPath failover.json -WhatIf; Test-FailoverSite -SettingsPath failover.json)) {',
      "  foreach ($p in 'Name', 'Action', 'Target', 'Primary', 'Failover', 'Reason', 'Message', 'Healthy', 'Url') {",
      '    [Console]::Out.WriteLine($p + "=" + $o.$p)',
      '  }',
      '}',
      'try { Get-FailoverSite -SettingsPath missing.json -ErrorAction Stop } catch { [Console]::Out.WriteLine($_.Exception.Message) }',
    ].join('\n');
    const { stdout, code } = await runPwsh(script, { cwd: lab.folder, env: { NO_COLOR: '1' } });
    assert.equal(code, 0, stdout);
    return stdout;
  }

  it('is the same in German and in Turkish, whose I is another letter, as in English', async () => {
    const english = await wordsIn('en-US');
    assert.match(english, /Name=site1\.com/);
    assert.match(english, /missing\.json/);
    for (const culture of ['de-DE', 'tr-TR']) assert.equal(await wordsIn(culture), english, culture);
  });
});
