import assert from 'node:assert/strict';
import { eachEngine } from '../support/engines.ts';
import { sampleSessions } from './sample-session.ts';

eachEngine('Calls of one session', (engine) => {
  const sessions = sampleSessions(engine);
  const lines = (script: string) => sessions.lines(script, { IISFAILOVER_ENGINE_ONLY: undefined });

  const nodeId = '(Wait-Sample -Marker ./marker | Select-Object -First 1).Text';

  it('keep their process where a pipeline stops after an inner call has read the end of the outer one', async () => {
    const script = `$before = ${nodeId}
      Get-SampleNumber 10 | ForEach-Object { Get-SampleEcho -Word $_.Name } | Select-Object -First 1 | ForEach-Object { $_.Text }
      $before -eq ${nodeId}`;
    assert.deepEqual(await lines(script), ['{"Word":"number 1"}', 'True']);
  });

  it('let a break or continue behind the pipe through to the loop around the pipeline, and stop', async () => {
    for (const [word, expected] of [
      ['break', ['1', '2', 'True']],
      ['continue', ['1', '2', '1', '2', 'True']],
    ] as const) {
      const script = `$before = ${nodeId}
        foreach ($round in 1, 2) {
          Get-SampleNumber 300 | ForEach-Object { [string] $_.Number; if ($_.Number -eq 2) { ${word} } }
          'behind the pipeline'
        }
        $before -eq ${nodeId}`;
      assert.deepEqual(await lines(script), expected);
    }
  });

  it('may come from the action of an event while another call waits', async () => {
    const script = `
      $timer = [System.Timers.Timer]::new(30); $timer.AutoReset = $false
      $global:seen = @()
      $action = { $global:seen += (Get-SampleEcho -Word event).Text; [System.IO.File]::WriteAllText('./stop', '') }
      [void] $ExecutionContext.Events.SubscribeEvent($timer, 'Elapsed', 'tick', $null, $action, $true, $false)
      $timer.Start()
      Wait-Sample -Marker ./marker | ForEach-Object { if ($global:seen) { $_ } } | Select-Object -First 1 | ForEach-Object { 'out' }
      $global:seen`;
    assert.deepEqual(await lines(script), ['out', '{"Word":"event"}']);
  });

  it('end their process with their runspace', async () => {
    const script = `
      $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
      $inner = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($state)
      $inner.Open()
      $shell = [System.Management.Automation.PowerShell]::Create(); $shell.Runspace = $inner
      [void] $shell.AddScript('Import-Module "${sessions.module.manifest}"; $null = Get-SampleEcho; & (Get-Module IisFailover) { $script:Bridge.Process }')
      $process = $shell.Invoke()[0]
      $process.HasExited
      $inner.Close()
      $process.WaitForExit(5000)`;
    assert.deepEqual(await lines(script), ['False', 'True']);
  });

  it('are not held up by a process that fills standard error, of which the last lines are kept', async () => {
    const script =
      'try { Test-SampleFault Babble | ForEach-Object { $_.Text } } catch { $_.Exception.Message }';
    const tail = [19996, 19997, 19998, 19999, 20000].map((n) => `line ${n}`).join(' | ');
    assert.deepEqual((await lines(script)).slice(-1), [
      `The Node.js process ended before the command did (exit code 7). It said: ${tail}`,
    ]);
  });
});
