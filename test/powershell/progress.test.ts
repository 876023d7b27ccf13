import assert from 'node:assert/strict';
import { eachEngine } from '../support/engines.ts';
import { sampleSessions } from './sample-session.ts';

eachEngine('Progress of a command', (engine) => {
  const sessions = sampleSessions(engine);

  /** Runs in a runspace that has the module; then the records, one a line: type, percent, activity. */
  const recorded = (run: string): string => `
    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
    [void] $state.ImportPSModule([string[]] '${sessions.module.manifest}')
    $shell = [System.Management.Automation.PowerShell]::Create($state)
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $none = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $none.Complete()
    ${run}
    foreach ($p in $shell.Streams.Progress) {
      if ($p.ActivityId -eq 1) { "$($p.RecordType) $($p.PercentComplete) $($p.Activity)" }
    }
    $shell.Runspace.Dispose()`;
  const invoke = (command: string): Promise<string[]> =>
    sessions.lines(
      recorded(`[void] $shell.AddScript('${command}')
        try { [void] $shell.Invoke() } catch { }`),
    );

  /** Few records, the bar never falling, its last word that it is over. */
  function assertBar(lines: readonly string[]): void {
    const records = lines.map((line) => /^(Processing|Completed) (\d+) Measuring$/.exec(line));
    assert.ok(
      records.every((one) => one !== null),
      lines.join('\n'),
    );
    const percents = records.map((one) => Number(one[2]));
    assert.deepEqual(
      percents,
      percents.toSorted((a, b) => a - b),
    );
    assert.ok(percents.every((percent) => percent >= 0 && percent <= 100));
    assert.deepEqual(
      records.map((one) => one[1]),
      [...Array.from({ length: records.length - 1 }, () => 'Processing'), 'Completed'],
    );
    assert.ok(records.length >= 2);
    assert.ok(records.length < 1000, `${records.length} records`);
  }

  it('never falls, is thinned out, and ends with the command', async () => {
    assertBar(await invoke('Measure-Sample End'));
  });

  it('ends with a command that fails', async () => {
    assertBar(await invoke('Measure-Sample Fail'));
  });

  it('ends with a command whose first error ends it', async () => {
    assertBar(await invoke('Measure-Sample Report -ErrorAction Stop'));
  });

  it('ends with a pipeline that needs no more of it', async () => {
    assertBar(await invoke('foreach ($turn in 1) { Measure-Sample Wait | ForEach-Object { break } }'));
  });

  it('ends with a command that is stopped', async () => {
    const script = recorded(`[void] $shell.AddScript('Measure-Sample Wait')
      $call = $shell.BeginInvoke($none, $output)
      for ($i = 0; $i -lt 3000 -and $output.Count -eq 0; $i++) { [System.Threading.Thread]::Sleep(10) }
      $shell.Stop()`);
    assertBar(await sessions.lines(script));
  });

  it('is not written where the session wants none, however the command ends', async () => {
    const quiet = '$ProgressPreference = [System.Management.Automation.ActionPreference]::SilentlyContinue; ';
    assert.deepEqual(await invoke(`${quiet}Measure-Sample End`), []);
    assert.deepEqual(await invoke(`${quiet}Measure-Sample Fail`), []);
    const script = recorded(`[void] $shell.AddScript('${quiet}Measure-Sample Wait')
      $call = $shell.BeginInvoke($none, $output)
      for ($i = 0; $i -lt 3000 -and $output.Count -eq 0; $i++) { [System.Threading.Thread]::Sleep(10) }
      $shell.Stop()`);
    assert.deepEqual(await sessions.lines(script), []);
  });
});
