import { writeFileSync } from 'node:fs';
import { FailoverError } from '../../src/model/failover-error.ts';
import { DotNet } from '../../src/windows/dotnet.ts';
import { PowerShellSession } from '../../src/windows/powershell-session.ts';

// Runs as a Windows program. Arguments: the PowerShell, the bridge's assembly, the file for the answers, as JSON.
const [, , executable = '', assembly = '', file = ''] = process.argv;
const session = new PowerShellSession({ executable });
const answers = {
  text: await outcome(session.invoke('Write-Output', { InputObject: 'ä€😀 $(exit 9)\r\n' })),
  typed: await outcome(session.invoke('Write-Output', { InputObject: [1.5, true, null] })),
  nothing: await outcome(session.invoke('Get-Module', { Name: 'None' })),
  missing: await outcome(session.invoke('Get-DnsServerNothing')),
  none: await outcome(new PowerShellSession({ executable: 'C:\\none\\powershell.exe' }).invoke('Get-Date')),
  dotnet: await outcome(DotNet.load(assembly)),
  noBridge: await outcome(DotNet.load('C:\\none\\IisFailover.Bridge.dll')),
};
await session.close();
writeFileSync(file, JSON.stringify(answers));

async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error instanceof FailoverError ? `${error.id}: ${error.message}` : String(error);
  }
}
