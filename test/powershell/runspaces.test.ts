import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eachEngine } from '../support/engines.ts';
import { sampleSessions } from './sample-session.ts';

/** What Start-Job, Start-ThreadJob and ForEach-Object -Parallel are made of: runspaces in one process. */
eachEngine('The module in background runspaces', (engine) => {
  const sessions = sampleSessions(engine);

  /** Two runspaces that have the module, and what the tests ask of them. Only the engine is used. */
  const twoRunspaces = (): string => `
    function New-Shell {
      $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
      [void] $state.ImportPSModule([string[]] '${sessions.module.manifest}')
      $runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($state)
      $runspace.Open()
      $shell = [System.Management.Automation.PowerShell]::Create()
      $shell.Runspace = $runspace
      $shell
    }
    function Set-Script($Shell, [string] $Script) {
      $Shell.Commands.Clear()
      [void] $Shell.AddScript($Script)
    }
    function Wait-For([scriptblock] $Condition) {
      for ($i = 0; $i -lt 3000 -and -not (& $Condition); $i++) { [System.Threading.Thread]::Sleep(10) }
      if (-not (& $Condition)) { throw "Not within the time: $Condition" }
    }
    function Test-Ended([int] $Id) {
      try { $process = [System.Diagnostics.Process]::GetProcessById($Id) } catch { return $true }
      $process.WaitForExit(20000)
    }
    function Get-NodeId($Output) { [int] $Output[0].Text.Substring(8) }
    $one = New-Shell
    $two = New-Shell
    $outOne = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $outTwo = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $none = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $none.Complete()
    function Start-Shell($Shell, $Output, [string] $Script) {
      Set-Script $Shell $Script
      $Shell.BeginInvoke($none, $Output)
    }
`;
  const marker = (name: string): string => `'${join(sessions.folder, name)}'`;

  it('serves two calls at the same time, each by a Node process of its own', async () => {
    const script = `${twoRunspaces()}
      $waits = Start-Shell $one $outOne "Wait-Sample -Marker ${marker('one')}"
      Wait-For { $outOne.Count -gt 3 }
      $counts = Start-Shell $two $outTwo "Wait-Sample -Marker ${marker('two')}"
      Wait-For { $outTwo.Count -gt 3 }
      $before = $outOne.Count
      Wait-For { $outOne.Count -gt $before }
      (Get-NodeId $outOne) -ne (Get-NodeId $outTwo)
      ($outOne[1].Text, $outOne[2].Text, $outTwo[1].Text, $outTwo[2].Text) -join ','
      $one.Stop(); $two.Stop()
      $one.InvocationStateInfo.State; $two.InvocationStateInfo.State
      $one.Runspace.Dispose(); $two.Runspace.Dispose()
      Test-Ended (Get-NodeId $outOne); Test-Ended (Get-NodeId $outTwo)`;
    assert.deepEqual(await sessions.lines(script), ['True', '1,2,1,2', 'Stopped', 'Stopped', 'True', 'True']);
  });

  it('gives each the whole of its results', async () => {
    const script = `${twoRunspaces()}
      $first = Start-Shell $one $outOne 'Get-SampleNumber 3000'
      $second = Start-Shell $two $outTwo 'Get-SampleNumber 2000'
      $one.EndInvoke($first) > $null; $two.EndInvoke($second) > $null
      foreach ($out in $outOne, $outTwo) {
        $wrong = 0
        for ($i = 0; $i -lt $out.Count; $i++) { if ($out[$i].Number -ne $i + 1) { $wrong++ } }
        "$($out.Count) objects, $wrong out of place"
      }
      $one.HadErrors; $two.HadErrors
      $one.Runspace.Dispose(); $two.Runspace.Dispose()`;
    const results = ['3000 objects, 0 out of place', '2000 objects, 0 out of place', 'False', 'False'];
    assert.deepEqual(await sessions.lines(script), results);
  });

  it('stops one and leaves the other alone, and the stopped runspace can be used again', async () => {
    const script = `${twoRunspaces()}
      $waits = Start-Shell $one $outOne "Wait-Sample -Marker ${marker('one')}"
      $other = Start-Shell $two $outTwo "Wait-Sample -Marker ${marker('two')}"
      Wait-For { $outOne.Count -gt 2 -and $outTwo.Count -gt 2 }
      $one.Stop()
      $before = $outTwo.Count
      Wait-For { $outTwo.Count -gt $before + 2 }
      $two.InvocationStateInfo.State
      Set-Script $one "(Get-SampleEcho -Word again).Text; foreach (\`$turn in 1) {
        Wait-Sample -Marker ${marker('three')} | ForEach-Object { \`$_.Text; break } }"
      $again = $one.Invoke()
      $again[0]
      $again[1] -eq $outOne[0].Text
      $one.Runspace.Dispose()
      Test-Ended (Get-NodeId $outOne)
      $before = $outTwo.Count
      Wait-For { $outTwo.Count -gt $before }
      $two.Stop(); $two.Runspace.Dispose()
      Test-Ended (Get-NodeId $outTwo)`;
    assert.deepEqual(await sessions.lines(script), ['Running', '{"Word":"again"}', 'True', 'True', 'True']);
    assert.equal(await readFile(join(sessions.folder, 'one'), 'utf8'), 'started\naborted\n');
  });

  it('leaves no Node process where a runspace is closed in the middle of a call', async () => {
    const script = `${twoRunspaces()}
      $waits = Start-Shell $one $outOne "Wait-Sample -Marker ${marker('one')}"
      Wait-For { $outOne.Count -gt 2 }
      $one.Runspace.Dispose(); $two.Runspace.Dispose()
      Test-Ended (Get-NodeId $outOne)`;
    assert.deepEqual(await sessions.lines(script), ['True']);
  });
});
