import { type AnyCommand, commandName } from '../../src/commands/definition.ts';

/** about_IisFailover: what Get-Help shows for the module as a whole. */
export function aboutTopic(commands: readonly AnyCommand[]): string {
  const width = Math.max(...commands.map((command) => commandName(command).length)) + 2;
  const list = commands.map((command) => `    ${commandName(command).padEnd(width)}${command.synopsis}`);
  return `TOPIC
    about_IisFailover

SHORT DESCRIPTION
    Keeps a failover IIS server in step with its primary and moves DNS records
    when the primary is down, and back when it returns.

LONG DESCRIPTION
    On the primary, Backup-FailoverSite writes the configuration of each site of
    Sitelist.txt to a share of the failover server. There, Restore-FailoverSite
    puts it into applicationHost.config, and Copy-FailoverContent copies the
    content. On a monitoring server, Invoke-FailoverMonitor probes both servers,
    and changes the DNS records of a site when its primary is down.

    Every cmdlet that changes something has -WhatIf, which shows its plan. All
    read their settings from a JSON file with comments: -SettingsPath, else
    $env:IISFAILOVER_SETTINGS, else IisFailover\\failover.json in ProgramData.

    The work is done by a Node.js process that the first cmdlet of a session
    starts, and that ends with the session or with Remove-Module. Node.js 20 or
    later must be on the PATH, or named by $env:IISFAILOVER_NODE.

CMDLETS
${list.join('\n')}

ERRORS
    Each error has a stable id, which scripts find in FullyQualifiedErrorId, and
    a recommended action in ErrorDetails.RecommendedAction.
`;
}
