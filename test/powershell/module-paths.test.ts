import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eachEngine } from '../support/engines.ts';
import { runPwsh } from '../support/pwsh.ts';
import { temporaryFolder } from '../support/tree.ts';
import { sampleSessions } from './sample-session.ts';

eachEngine('Paths', (engine) => {
  const sessions = sampleSessions(engine);

  it("may be on a drive of PowerShell's own", async () => {
    const script = `$drive = [System.Management.Automation.PSDriveInfo]::new(
        'web', (Get-Location).Provider, '${sessions.folder}', '', $null)
      [void] $ExecutionContext.SessionState.Drive.New($drive, 'Global')
      (Get-SampleEcho -Path web:/a/b).Text`;
    const [json = ''] = await sessions.lines(script, { IISFAILOVER_ENGINE_ONLY: undefined });
    assert.deepEqual(JSON.parse(json), { Path: join(sessions.folder, 'a', 'b') });
  });

  it('that are not in the file system are refused', async () => {
    const script = `foreach ($path in 'Env:/PATH', 'nowhere:/x') {
        try { Get-SampleEcho -Path $path } catch { $_.FullyQualifiedErrorId; $_.Exception.Message; $_.TargetObject }
      }`;
    const [id, message, target, ...second] = await sessions.lines(script);
    assert.deepEqual(
      [id, message, target],
      ['ParameterInvalid,Get-SampleEcho', 'Env:/PATH is not in the file system.', 'Env:/PATH'],
    );
    assert.deepEqual([second[0], second[2]], ['ParameterInvalid,Get-SampleEcho', 'nowhere:/x']);
    assert.match(second[1]!, /nowhere/);
  });
});

eachEngine('$env:IISFAILOVER_SETTINGS', (engine) => {
  const folder = temporaryFolder();
  const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

  it("starts at PowerShell's current location, and counts as it is at the time of the call", async () => {
    const script = `Import-Module '${manifest}'
      foreach ($name in 'one.json', 'two.json') {
        $env:IISFAILOVER_SETTINGS = $name
        try { Get-FailoverSite } catch { $_.FullyQualifiedErrorId + ' ' + $_.TargetObject }
      }`;
    const { stdout } = await runPwsh(script, { engine, cwd: folder.path });
    const error = (name: string) => `SettingsNotFound,Get-FailoverSite ${join(folder.path, name)}`;
    assert.deepEqual(stdout.trim().split('\n'), [error('one.json'), error('two.json')]);
  });
});
