import type { ErrorKind } from './error-kind.ts';

/** Failures of src/windows. */
export const windowsErrors = {
  PowerShellNotFound: {
    message: 'Cannot run PowerShell as {executable}: {why}',
    category: 'NotInstalled',
    remedy: 'Check the named path, or install PowerShell: https://aka.ms/powershell.',
  },
  PowerShellEnded: {
    message: 'PowerShell ({executable}) ended during {command}',
    category: 'ResourceUnavailable',
    remedy: 'Run the command again: a new PowerShell is started. What the cmdlet had finished is done.',
  },
  CmdletMissing: {
    message: 'This PowerShell has no {command}: {message}',
    category: 'NotInstalled',
    remedy:
      'Install the PowerShell module that has the cmdlet ' +
      '(for DNS: Install-WindowsFeature RSAT-DNS-Server, for IIS: Install-WindowsFeature Web-Scripting-Tools).',
  },
  CmdletFailed: {
    message: '{command} failed: {message} ({errorId})',
    category: 'InvalidOperation',
    remedy: "Act on the cmdlet's message, and check that this account may run it.",
  },
  DotNetUnavailable: {
    message: 'Cannot use .NET: {missing}',
    category: 'NotInstalled',
    remedy:
      'Install what the message names: edge-js with npm, for Node.js 20, 22, 24 or 26 (it needs .NET Framework 4.7.2 ' +
      'or later); IisFailover.Bridge.dll is built by `npm run setup -- windows-seams`.',
  },
  WebAdministrationMissing: {
    message: {
      platform: 'Microsoft.Web.Administration is a part of Windows',
      file: '{path} does not exist',
    },
    category: 'NotInstalled',
    remedy:
      'Run the command on a server with IIS (Install-WindowsFeature Web-Mgmt-Console), in a 64-bit session; elsewhere ' +
      'the values come from Restore-FailoverSite -Credential.',
  },
  SecretNotSet: {
    message: {
      notEncrypted: 'IIS did not encrypt {section}/@{attribute}',
      undeclared: 'The section of <{element}> is not declared in {path}',
      failed: 'IIS did not encrypt the secrets of the restore: {why}',
    },
    category: 'InvalidOperation',
    remedy:
      'The configuration file is untouched. Run the session elevated, and check that the sections of the site are ' +
      'installed on this server.',
  },
  DotNetFailed: {
    message: ".NET's {method} failed: {why} ({type})",
    category: 'InvalidOperation',
    remedy: "Act on the exception's message.",
  },
} as const satisfies Record<string, ErrorKind>;
