import assert from 'node:assert/strict';
import { join } from 'node:path';
import { eachEngine } from '../support/engines.ts';
import { runPwsh, type PwshResult } from '../support/pwsh.ts';
import { temporaryFolder, writeTree } from '../support/tree.ts';

const manifest = `@{
  RootModule = 'Sample.psm1'; ModuleVersion = '1.2.3'; GUID = '6fd0f8a2-5a39-4a2f-93ac-2b6a7d4a1e51'
  Author = 'test'; Description = 'test'; FormatsToProcess = 'Sample.format.ps1xml'
  FunctionsToExport = 'Get-Sample'; CmdletsToExport = @(); AliasesToExport = @(); VariablesToExport = @()
}`;

const script = `Set-StrictMode -Version Latest
# .EXTERNALHELP Sample-help.xml
function Get-Sample {
  [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Name)
  $PSCmdlet.WriteObject([pscustomobject]@{ PSTypeName = 'Sample'; Name = $Name; Hidden = 1 })
}`;

const format = `<Configuration><ViewDefinitions><View><Name>Sample</Name>
<ViewSelectedBy><TypeName>Sample</TypeName></ViewSelectedBy>
<TableControl><TableHeaders><TableColumnHeader><Label>The Name</Label></TableColumnHeader></TableHeaders>
<TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Name</PropertyName>
</TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries></TableControl>
</View></ViewDefinitions></Configuration>`;

const help = `<?xml version="1.0" encoding="utf-8"?>
<helpItems schema="maml" xmlns="http://msh">
<command:command xmlns:maml="http://schemas.microsoft.com/maml/2004/10"
  xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10">
<command:details><command:name>Get-Sample</command:name>
<maml:description><maml:para>Gets a sample.</maml:para></maml:description></command:details>
</command:command></helpItems>`;

eachEngine('A script module', (engine) => {
  const folder = temporaryFolder();
  beforeEach(() =>
    writeTree(join(folder.path, 'Sample'), {
      'Sample.psd1': manifest,
      'Sample.psm1': script,
      'Sample.format.ps1xml': format,
      'en-US/Sample-help.xml': help,
    }),
  );

  const withModule = (command: string, env: Record<string, string> = {}): Promise<PwshResult> =>
    runPwsh(`Import-Module ./Sample/Sample.psd1; ${command}`, { engine, cwd: folder.path, env });

  for (const bare of ['', '1']) {
    it(`loads and shows its objects with its own view${bare ? ', without stand-ins too' : ''}`, async () => {
      const { code, stdout, stderr } = await withModule('Get-Sample site1.com', {
        IISFAILOVER_ENGINE_ONLY: bare,
      });
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(stdout.trim(), 'The Name\n--------\nsite1.com');
    });
  }

  it('shows its help', async () => {
    const { stdout } = await withModule('(Get-Help Get-Sample).Synopsis');
    assert.equal(stdout.trim(), 'Gets a sample.');
  });

  it('has a manifest that Test-ModuleManifest accepts', async () => {
    const { code, stdout } = await withModule(
      '(Test-ModuleManifest ./Sample/Sample.psd1).Version.ToString()',
    );
    assert.deepEqual([code, stdout.trim()], [0, '1.2.3']);
  });

  it('is listed by Get-Module and found by name in PSModulePath', async () => {
    const list = '(Get-Module Sample).Name; (Get-Command -Module Sample).Name';
    assert.equal((await withModule(list)).stdout, 'Sample\nGet-Sample\n');
    const script = '(Get-Sample x).Name; (Get-Module Sample).Version.ToString()';
    const result = await runPwsh(script, { engine, env: { PSModulePath: folder.path } });
    assert.equal(result.stdout, 'x\n1.2.3\n');
  });
});

eachEngine('The session', (engine) => {
  it('knows its version, edition and home', async () => {
    const script =
      '$PSVersionTable.PSVersion.Major; $PSVersionTable.PSEdition; [IO.Directory]::Exists($PSHOME)';
    const { stdout } = await runPwsh(script, { engine });
    assert.match(stdout, /^(7\nCore|5\nDesktop)\nTrue\n$/);
  });
});
