import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../../docs/blocks.ts';
import { GuideLab } from '../../docs/guide-lab.ts';

const capability = join(root, 'docs/jea/FailoverOperator.psrc');

/**
 * A session as the endpoint gives one: no language, and of all commands only those of the role capability are seen. WinRM and
 * the account of the endpoint are not here.
 */
const endpoint = `
  $role = [scriptblock]::Create([System.IO.File]::ReadAllText('${capability}')).Invoke()[0]
  $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
  $state.ImportPSModule([string[]] @($role.ModulesToImport))
  $space = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($state)
  $space.Open()
  $shown = foreach ($one in $role.VisibleFunctions) { $one.Name }
  foreach ($command in @($space.SessionStateProxy.InvokeCommand.GetCommands('*', 'Function,Cmdlet,Filter,Alias', $true))) {
    if ($command.Name -notin $shown) { $command.Visibility = 'Private' }
  }
  $space.SessionStateProxy.Applications.Clear()
  $space.SessionStateProxy.Scripts.Clear()
  $space.SessionStateProxy.LanguageMode = 'NoLanguage'
  function Invoke-Operator {
    param([string] $Name, [hashtable] $Parameters = @{})
    $shell = [powershell]::Create()
    $shell.Runspace = $space
    [void] $shell.AddCommand($Name).AddParameters($Parameters)
    try { $shell.Invoke() } catch { 'refused: ' + $_.Exception.GetBaseException().GetType().Name }
    foreach ($failure in $shell.Streams.Error) { 'failed: ' + $failure }
  }
`;

describe("an operator's endpoint", function () {
  this.timeout(120_000);
  let lab: GuideLab;

  before(async () => (lab = await GuideLab.start()));
  after(() => lab?.stop());

  const lines = async (script: string): Promise<string[]> => {
    const { stdout, stderr } = await lab.run(`${endpoint}\n${script}\n$space.Dispose()`);
    assert.equal(stderr, '');
    return stdout.trim().split(/\r?\n/);
  };

  it('looks at sites, switches one and back, and suspends it', async () => {
    const site =
      "foreach ($one in Invoke-Operator 'Get-FailoverSite' @{ Name = 'site1.com' }) { $one.Target }";
    const to = (server: string): string =>
      `[void] (Invoke-Operator 'Switch-FailoverSite' @{ Name = 'site1.com'; To = '${server}'; Confirm = $false })`;
    const suspend = "(Invoke-Operator 'Suspend-FailoverSite' @{ Name = 'site1.com'; For = '0:30' }).Name";
    const script = [site, to('Failover'), site, to('Primary'), site, suspend].join('\n');
    assert.deepEqual(await lines(script), ['Primary', 'Failover', 'Primary', 'site1.com']);
  });

  it('does nothing else', async () => {
    const others = [
      'Restore-FailoverSite',
      'Copy-FailoverContent',
      'Invoke-FailoverMonitor',
      'Get-Command',
      'whoami',
    ];
    const script = others.map((name) => `Invoke-Operator '${name}'`).join('\n');
    assert.deepEqual(
      await lines(script),
      others.map(() => 'refused: CommandNotFoundException'),
    );
  });
});
