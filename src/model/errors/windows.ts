import type { ErrorKind } from './error-kind.ts';

/** Failures of src/windows. */
export const windowsErrors = {
  PowerShellNotFound: {
    category: 'NotInstalled',
    remedy: 'Check the named path, or install PowerShell: https://aka.ms/powershell.',
  },
  PowerShellEnded: {
    category: 'ResourceUnavailable',
    remedy: 'Run the command again: a new PowerShell is started. What the cmdlet had finished is done.',
  },
  CmdletMissing: {
    category: 'NotInstalled',
    remedy:
      'Install the PowerShell module that has the cmdlet ' +
      '(for DNS: Install-WindowsFeature RSAT-DNS-Server, for IIS: Install-WindowsFeature Web-Scripting-Tools).',
  },
  CmdletFailed: {
    category: 'InvalidOperation',
    remedy: "Act on the cmdlet's message, and check that this account may run it.",
  },
  DotNetUnavailable: {
    category: 'NotInstalled',
    remedy:
      'Install what the message names: edge-js with npm, for Node.js 20, 22, 24 or 26 (it needs .NET Framework 4.7.2 ' +
      'or later); IisFailover.Bridge.dll is built by `npm run setup -- windows-seams`.',
  },
  WebAdministrationMissing: {
    category: 'NotInstalled',
    remedy:
      'Run the command on a server with IIS (Install-WindowsFeature Web-Mgmt-Console), in a 64-bit session; elsewhere ' +
      'the values come from Restore-FailoverSite -Credential.',
  },
  SecretNotSet: {
    category: 'InvalidOperation',
    remedy:
      'The configuration file is untouched. Run the session elevated, and check that the sections of the site are ' +
      'installed on this server.',
  },
  DotNetFailed: { category: 'InvalidOperation', remedy: "Act on the exception's message." },
} as const satisfies Record<string, ErrorKind>;
