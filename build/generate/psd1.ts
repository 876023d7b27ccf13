import { type AnyCommand, commandName } from '../../src/commands/definition.ts';
import { powershellString } from './quote.ts';

/** Identifies the module for ever. */
const guid = 'b6f0d1c4-6a0e-4b7e-9a55-3f1f6a1d2c90';

export const moduleDescription =
  'Keeps a failover IIS server in step with its primary and moves DNS records when the primary is down, and back.';
/** What the PowerShell Gallery finds it by. */
export const moduleTags = [
  'IIS',
  'Failover',
  'DNS',
  'Backup',
  'Monitoring',
  'Windows',
  'PSEdition_Desktop',
  'PSEdition_Core',
];

export function psd1(commands: readonly AnyCommand[], version: string, files: readonly string[]): string {
  const list = (values: readonly string[]): string =>
    `@(\n${values.map((value) => `        ${powershellString(value)}`).join('\n')}\n    )`;
  return `# Generated from src/commands and package.json by npm run build.
@{
    RootModule = 'IisFailover.psm1'
    ModuleVersion = ${powershellString(version)}
    GUID = '${guid}'
    Author = 'The IisFailover authors'
    CompanyName = 'IisFailover'
    Copyright = '(c) The IisFailover authors. MIT licence.'
    Description = ${powershellString(moduleDescription)}
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess = @('IisFailover.format.ps1xml')
    FunctionsToExport = ${list(commands.map(commandName))}
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    FileList = ${list(files)}
    PrivateData = @{
        PSData = @{
            Tags = @(${moduleTags.map(powershellString).join(', ')})
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
`;
}
