import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runModule } from '../support/module.ts';
import { temporaryFolder } from '../support/tree.ts';

const settings = `{
  // "sites": [{ "name": "commented.com" }]
  "servers": [{ "name": "PRIMARY", "role": "primary", "addresses": ["10.1.1.1"] }],
  "sites": [
    { "name": "site1.com", "hostNames": ["www.site1.com"], "healthCheck": { "headers": { "name": "no" } } },
    /* two */ { "hostNames": ["x"], "name": "Site of Bob's" },
    { "name": "shop", "hostNames": ["shop.com"] },
  ],
  "dns": { "servers": [{ "address": "10.1.1.3" }], "key": { "name": "failover" } },
}`;

describe('Tab after -Name', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const complete = async (...lines: string[]): Promise<string[][]> => {
    const { objects, stderr } = await runModule(
      `foreach ($line in ${lines.map((line) => `'${line.replaceAll("'", "''")}'`).join(', ')}) { ` +
        '$found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null); ' +
        '[pscustomobject] @{ ' +
        "Words = @(foreach ($m in $found.CompletionMatches) { if ($m.ResultType -eq 'ParameterValue') { $m.CompletionText } }) -join '|' } }",
      { cwd: folder.path },
    );
    assert.equal(stderr, '');
    return objects.map(({ Words }) => (Words === '' ? [] : Words!.split('|')));
  };

  it('offers the sites of the settings, quoted where that is needed', async () => {
    await writeFile(join(folder.path, 'failover.json'), settings);
    const [all, some, quoted] = await complete(
      'Get-FailoverSite -SettingsPath failover.json -Name ',
      'Switch-FailoverSite -SettingsPath failover.json SH',
      "Suspend-FailoverSite -SettingsPath failover.json 'site o",
    );
    assert.deepEqual(all, ['site1.com', "'Site of Bob''s'", 'shop']);
    assert.deepEqual([some, quoted], [['shop'], ["'Site of Bob''s'"]]);
  });

  it('offers the servers of the settings after -Server', async () => {
    await writeFile(join(folder.path, 'failover.json'), settings);
    const found = await complete(
      'Switch-FailoverSite shop -To Failover -SettingsPath failover.json -Server ',
      'Test-FailoverSite -SettingsPath failover.json -Server x',
    );
    assert.deepEqual(found, [['PRIMARY'], []]);
  });

  it('offers no site, and says nothing, where the settings are missing or broken', async () => {
    await writeFile(join(folder.path, 'failover.json'), '{ "sites": [ { "name": ');
    const found = await complete(
      'Get-FailoverSite -SettingsPath failover.json -Name ',
      'Get-FailoverSite -SettingsPath missing.json -Name ',
    );
    assert.deepEqual(found, [[], []]);
  });
});
