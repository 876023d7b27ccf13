import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sameDacl } from '../../src/setup/access.ts';
import { EventSourceStore, ShareStore } from '../../src/setup/windows-stores.ts';
import { PowerShellSession } from '../../src/windows/powershell-session.ts';
import { eachEngine } from '../support/engines.ts';
import { temporaryFolder } from '../support/tree.ts';

// Functions that keep shares and sources as the cmdlets of Windows do, as far as the stores read them.
const cmdlets = `
$script:shares = @{ 'C$' = [pscustomobject]@{ Name = 'C$'; Path = 'C:\\'; SecurityDescriptor = $null } }
$script:sources = @{}
function Get-SmbShare { $script:shares.Values }
function New-SmbShare {
    param($Name, $Path, $SecurityDescriptor, [ValidateSet('AccessBased')]$FolderEnumerationMode, [ValidateSet('None')]$CachingMode, $Description)
    if ($script:shares.ContainsKey($Name)) { throw 'The name has already been shared.' }
    $script:shares[$Name] = [pscustomobject]@{ Name = $Name; Path = $Path; SecurityDescriptor = $SecurityDescriptor }
}
function Set-SmbShare { param($Name, $SecurityDescriptor, [switch]$Force) $script:shares[$Name].SecurityDescriptor = $SecurityDescriptor }
function Remove-SmbShare { param($Name, [switch]$Force) if (-not $Force) { throw 'It asks' }; $script:shares.Remove($Name) }
function Get-CimInstance {
    param($ClassName)
    [pscustomobject]@{ LogfileName = 'System'; Sources = [string[]]@('Kernel') }
    [pscustomobject]@{ LogfileName = 'Application'; Sources = [string[]]@($script:sources.Keys) }
}
function New-EventLog { param($LogName, $Source) if ($LogName -eq 'Application') { $script:sources[$Source] = 1 } }
function Remove-EventLog { param($Source) $script:sources.Remove($Source) }
`;

eachEngine('shares and event sources of Windows', ({ executable }) => {
  const folder = temporaryFolder();
  const session = new PowerShellSession({ executable });
  const shares = new ShareStore(session);
  const sources = new EventSourceStore(session);
  const sddl = 'O:SYG:SYD:(A;;FA;;;BA)(A;;0x1301bf;;;S-1-5-21-1-2-3-1001)';

  beforeEach(async () => {
    const path = join(folder.path, 'Windows.psm1');
    await writeFile(path, cmdlets);
    await session.invoke('Import-Module', { Name: path, Force: true });
  });
  after(() => session.close());

  it('are none before they were made, whatever else is shared', async () => {
    assert.equal(await shares.read('failover$'), undefined);
    assert.equal(await sources.exists('Application', 'IisFailover'), false);
  });

  it('are there as they were made, and found by any case of the name', async () => {
    await shares.create('failover$', 'D:\\back up', sddl);
    const share = await shares.read('FAILOVER$');
    assert.equal(share?.path, 'D:\\back up');
    assert.equal(sameDacl(share?.sddl ?? '', sddl), true);
    await sources.create('Application', 'IisFailover');
    assert.equal(await sources.exists('Application', 'IisFailover'), true);
  });

  it('are restricted without being made anew', async () => {
    await shares.create('failover$', 'D:\\b', 'D:(A;;FA;;;WD)');
    await shares.restrict('failover$', sddl);
    assert.deepEqual(await shares.read('failover$'), { path: 'D:\\b', sddl });
  });

  it('are gone once they were removed', async () => {
    await shares.create('failover$', 'D:\\b', sddl);
    await shares.remove('failover$');
    assert.equal(await shares.read('failover$'), undefined);
    await sources.create('Application', 'IisFailover');
    await sources.remove('IisFailover');
    assert.equal(await sources.exists('Application', 'IisFailover'), false);
  });

  it('say what Windows refused', async () => {
    await assert.rejects(shares.create('C$', 'C:\\', sddl), {
      id: 'CmdletFailed',
      message: /already been shared/,
    });
  });
});
