import type { Block } from './blocks.ts';

/** A block that is run otherwise than the rest, found by its document and how it begins. */
interface Special {
  readonly document: string;
  readonly begins: string;
}

/**
 * Blocks that nothing but a real Windows, or another machine, can run. They still have to be PowerShell, with cmdlets and
 * parameters of the module that exist. Every other block runs in the lab.
 */
export const notRun: readonly (Special & { readonly because: string })[] = [
  {
    document: 'README.md',
    begins: 'Register-FailoverTask -Role Primary',
    because: 'it would register tasks on this machine, which its own tests do in folders of theirs',
  },
  {
    document: 'docs/operations.md',
    begins: '# On the primary, the failover server and the monitor',
    because: 'the Task Scheduler and SMB shares of Windows',
  },
  { document: 'docs/operations.md', begins: 'Get-FailoverTask', because: "a domain's service account" },
  {
    document: 'docs/operations.md',
    begins: 'Register-FailoverTask -Role Failover',
    because: 'a service account',
  },
  { document: 'docs/recipes.md', begins: '$servers =', because: 'PowerShell remoting to other machines' },
  { document: 'docs/recipes.md', begins: '$action = New-ScheduledTaskAction', because: 'the Task Scheduler' },
  {
    document: 'docs/recipes.md',
    begins: '$job = Start-Job',
    because: 'a PowerShell that is installed: jobs start one',
  },
  { document: 'docs/recipes.md', begins: '$module =', because: 'session configurations of WinRM' },
  { document: 'docs/recipes.md', begins: 'Invoke-Command -ComputerName MONITOR', because: 'a JEA endpoint' },
  { document: 'docs/install.md', begins: 'Register-PSRepository', because: 'PowerShellGet and a file share' },
  {
    document: 'docs/install.md',
    begins: '(Get-FileHash',
    because: "modules that come with Windows; the packages' test unpacks them in another way",
  },
  {
    document: 'docs/dns.md',
    begins: "$zone = 'DC=example.com",
    because: 'dsacls, on a domain controller of Windows',
  },
  { document: 'docs/install.md', begins: 'Uninstall-Module', because: 'PowerShellGet' },
];

/** Blocks that go on until Ctrl+C: they are stopped once their output matches. */
export const endless: readonly (Special & { readonly until: RegExp })[] = [
  {
    document: 'README.md',
    begins: 'Invoke-FailoverMonitor -WhatIf -Verbose',
    until: /in shadow mode[\s\S]*The primary server is up/,
  },
  { document: 'docs/report.md', begins: 'Invoke-FailoverMonitor -Continuous', until: /The dashboard is at/ },
  {
    document: 'docs/monitoring.md',
    begins: 'Invoke-FailoverMonitor -Continuous',
    until: /The primary server is up/,
  },
];

/** Blocks that write a settings file: it must not be there yet. */
export const newSettings: readonly Special[] = [
  { document: 'README.md', begins: 'Import-Module IisFailover\n\nNew-FailoverSetting' },
];

/** Blocks that run on the primary, with its settings. */
export const onPrimary: readonly Special[] = [
  { document: 'README.md', begins: 'Backup-FailoverSite -Password' },
  { document: 'docs/undo.md', begins: 'Backup-FailoverSite -KeepVersion' },
];

/** What a reader has of his own, and what the lab has in its place. */
export const replacements: readonly (readonly [text: string, inTheLab: string])[] = [
  [
    '\\\\PRIMARY\\C$\\Windows\\System32\\inetsrv\\config\\applicationHost.config',
    '.\\applicationHost.config',
  ],
  ['\\\\PRIMARY\\C$\\WINDOWS\\system32\\inetsrv\\MetaBase.xml', '.\\MetaBase.xml'],
  ['-ContentServer PRIMARY', '-ContentServer "$PWD/primary/disk"'],
  ['Undo-FailoverRestore 7 ', 'Undo-FailoverRestore 2 '],
  ["'2026-11-24T01:00:00Z'", "'2100-01-01T00:00:00Z'"],
];

export function find<T extends Special>(table: readonly T[], block: Block): T | undefined {
  return table.find(
    ({ document, begins }) => document === block.document && block.code.trimStart().startsWith(begins),
  );
}
