/** PowerShell's System.Management.Automation.ErrorCategory, as far as this module uses it. */
export type ErrorCategory =
  | 'AuthenticationError'
  | 'CloseError'
  | 'ConnectionError'
  | 'InvalidArgument'
  | 'InvalidData'
  | 'InvalidOperation'
  | 'LimitsExceeded'
  | 'NotInstalled'
  | 'NotSpecified'
  | 'ObjectNotFound'
  | 'OpenError'
  | 'OperationStopped'
  | 'OperationTimeout'
  | 'PermissionDenied'
  | 'ProtocolError'
  | 'ReadError'
  | 'ResourceBusy'
  | 'ResourceExists'
  | 'ResourceUnavailable'
  | 'SecurityError'
  | 'WriteError';

export interface ErrorKind {
  readonly category: ErrorCategory;
  /** What the administrator should do; shown as RecommendedAction and in docs/errors.md. */
  readonly remedy: string;
}

/**
 * Every failure the module reports. The key is the stable error id that scripts test
 * (`$_.FullyQualifiedErrorId`): never rename one, add a new one. Sections follow the source folders.
 */
export const errorCatalog = {
  // protocol
  CommandUnknown: {
    category: 'ObjectNotFound',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  Internal: {
    category: 'NotSpecified',
    remedy: 'This is a defect. Report it with the message and the log file.',
  },
  Cancelled: { category: 'OperationStopped', remedy: 'The command was stopped. Run it again to finish.' },
  NodeNotFound: {
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeTooOld: {
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeExited: {
    category: 'ResourceUnavailable',
    remedy: 'Run the command again: a new process is started. What it had finished is done.',
  },
  ProtocolViolation: {
    category: 'ProtocolError',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  ParameterInvalid: {
    category: 'InvalidArgument',
    remedy: 'Correct the parameter; Get-Help shows its form.',
  },

  // edge
  FileNotFound: { category: 'ObjectNotFound', remedy: 'Check the path, and that this account may read it.' },
  FileUnreadable: { category: 'ReadError', remedy: 'Check that this account may read the file.' },
  FileNotWritable: {
    category: 'WriteError',
    remedy: 'Check permissions, the read-only attribute and free space of the destination.',
  },
  DiskFull: {
    category: 'WriteError',
    remedy: 'Free space on the volume and run the command again; the file named was left as it was.',
  },
  FileChangedMeanwhile: {
    category: 'ResourceBusy',
    remedy: 'Another program changed the file after it was read. Run the command again.',
  },
  LockHeld: {
    category: 'ResourceBusy',
    remedy: 'Another run works on the same target. Wait until it ends and run the command again.',
  },
  LogNotWritable: {
    category: 'OpenError',
    remedy: 'Check that this account may write to the state folder, or name another with stateFolder.',
  },

  StateUnreadable: {
    category: 'InvalidData',
    remedy: 'Restore state.json from a backup. Without it, failback computes the records from the settings.',
  },

  // settings
  SettingsNotFound: {
    category: 'ObjectNotFound',
    remedy: 'Write one with New-FailoverSetting, or name it with -SettingsPath or $env:IISFAILOVER_SETTINGS.',
  },
  SettingsInvalid: {
    category: 'InvalidData',
    remedy: 'Correct the named lines; Test-FailoverSetting checks the file.',
  },
  SettingsIncomplete: { category: 'InvalidArgument', remedy: 'Add the setting, or give the parameter.' },
  SettingsExist: {
    category: 'ResourceExists',
    remedy: 'Name another file with -Path, or use -Force to replace it.',
  },
  SecretEmpty: { category: 'InvalidData', remedy: 'Put the secret into the file.' },

  // dns
  DnsNameInvalid: { category: 'InvalidArgument', remedy: 'Correct the name.' },
  DnsRecordInvalid: { category: 'InvalidData', remedy: 'Correct the record data.' },
  DnsKeyInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give the base64 secret or a BIND key file as tsig-keygen writes it, with its name and algorithm.',
  },
  DnsZoneNotFound: {
    category: 'ObjectNotFound',
    remedy: 'Name the zone with dns.zones, or check that the DNS server holds it.',
  },
  DnsPrimaryUnknown: {
    category: 'ObjectNotFound',
    remedy: 'Name the server that takes updates with dns.servers.',
  },
  DnsServerUnreachable: {
    category: 'ConnectionError',
    remedy: 'Check the address and port of the DNS server, that it runs, and that no firewall is between.',
  },
  DnsTimeout: {
    category: 'OperationTimeout',
    remedy: 'Check that the DNS server runs and that UDP and TCP to its port pass; raise dns.timeoutSeconds.',
  },
  DnsRefused: {
    category: 'PermissionDenied',
    remedy:
      'Send updates to the primary server of the zone, and allow the key there (BIND: allow-update or ' +
      'update-policy for exactly these names and types; Windows: dynamic updates of the zone).',
  },
  DnsNotAuthoritative: {
    category: 'ObjectNotFound',
    remedy: 'Name a server that holds the zone with dns.servers, or correct dns.zones.',
  },
  DnsKeyUnknown: {
    category: 'AuthenticationError',
    remedy: 'Key name and algorithm must be the same in the settings and on the DNS server.',
  },
  DnsSignatureWrong: {
    category: 'AuthenticationError',
    remedy: 'The key has another secret on the DNS server: copy the secret again.',
  },
  DnsClockSkew: {
    category: 'AuthenticationError',
    remedy:
      'Set the clocks of this computer and of the DNS server (w32tm /resync, chrony); 5 minutes are allowed.',
  },
  DnsChangedMeanwhile: {
    category: 'ResourceBusy',
    remedy: 'Someone else changed the records after they were read. Run the command again to plan anew.',
  },
  DnsServerFailure: { category: 'ResourceUnavailable', remedy: "Look into the DNS server's log." },
  DnsFormatError: {
    category: 'ProtocolError',
    remedy: 'The DNS server did not understand the message; it may not support dynamic updates or TSIG.',
  },
  DnsNotImplemented: {
    category: 'ProtocolError',
    remedy: 'Name a DNS server that supports dynamic updates (RFC 2136).',
  },
  DnsNotZone: { category: 'InvalidArgument', remedy: 'Correct dns.zones: a name lies outside the zone.' },
  DnsAnswerNotSigned: {
    category: 'SecurityError',
    remedy: 'Check that the server knows the key and that nothing between rewrites DNS messages.',
  },
  DnsAnswerInvalid: {
    category: 'SecurityError',
    remedy:
      'Nothing was believed of this answer. Check what stands between this computer and the DNS server.',
  },
  DnsAnswerMalformed: {
    category: 'ProtocolError',
    remedy: 'Check that a DNS server listens at this address.',
  },
  DnsMessageTooLarge: { category: 'LimitsExceeded', remedy: 'Switch fewer sites at once.' },
  DnsPartial: {
    category: 'ResourceUnavailable',
    remedy: 'Check zone transfers (NOTIFY) to the named servers; the next run looks again.',
  },
  DnsAliasElsewhere: {
    category: 'InvalidOperation',
    remedy: 'Make the alias point to a host name of the site, or take it out of the site.',
  },
  DnsUnexpectedAddress: {
    category: 'InvalidOperation',
    remedy: 'Leave one address a name, that of the primary server, or correct servers in the settings.',
  },
  DnsRecordMissing: {
    category: 'ObjectNotFound',
    remedy: "Add the record, or correct the site's hostNames in the settings.",
  },
  DnsMailAtName: {
    category: 'InvalidOperation',
    remedy: 'If mail may move with the site, set dns.acknowledgeMx to true.',
  },
  DnsNoAddressLeft: {
    category: 'InvalidOperation',
    remedy: "Add an address of this family to the other server's addresses in the settings.",
  },
  DnsChangesConflict: { category: 'InvalidOperation', remedy: 'Switch these sites one after the other.' },

  // failover
  DnsNotConfigured: {
    category: 'InvalidArgument',
    remedy: 'Name the DNS servers in the setting dns.servers, and their TSIG key in dns.key.',
  },
  AddressFamilyMissing: { category: 'InvalidArgument', remedy: 'Correct servers in the settings file.' },
  TargetNotHealthy: {
    category: 'InvalidOperation',
    remedy: 'Repair the server, or switch all the same with -Force.',
  },

  // health
  HealthCheckInvalid: { category: 'InvalidArgument', remedy: 'Correct healthCheck in the settings file.' },
  ProbeAddressInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give an IPv4 or IPv6 address; names are not looked up, so that the probe reaches the server that is meant.',
  },

  // content
  PathVariableUnknown: {
    category: 'InvalidData',
    remedy: 'Only variables of the system are known. Write the path in full in the configuration of IIS.',
  },
  ContentRootInvalid: {
    category: 'InvalidData',
    remedy: 'Write the path in full in the configuration of IIS.',
  },
  ContentSourceMissing: {
    category: 'ObjectNotFound',
    remedy:
      'Check that the primary is reachable, and -ContentServer; nothing was changed at the destination.',
  },
  ContentServerInvalid: {
    category: 'InvalidArgument',
    remedy:
      "Give -ContentServer: a host name (on Windows), or the folder that holds the primary's drives as C$, D$.",
  },
  ContentDestinationInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give -DestinationDrive (a drive or a folder) or -PathMap, so that the content goes to a place of its own.',
  },
  ContentDestinationConflict: {
    category: 'InvalidArgument',
    remedy: 'Give one of the folders another place with -PathMap.',
  },
  ContentKindConflict: {
    category: 'ResourceExists',
    remedy:
      'Look at both places and rename or remove the one at the destination; it is never replaced by itself.',
  },
  ContentCopyFailed: {
    category: 'WriteError',
    remedy:
      'Check permissions on both sides. The copy that was there before is untouched; the next run tries again.',
  },

  // iis
  ConfigurationMalformed: {
    category: 'InvalidData',
    remedy: 'IIS cannot read such a file either. Correct it at the named place.',
  },
  ConfigurationEncoding: {
    category: 'InvalidData',
    remedy: 'Save the file as UTF-8, with or without byte order mark, as IIS does.',
  },
  ConfigurationIncomplete: {
    category: 'InvalidData',
    remedy: 'Name the applicationHost.config that is in force, with its system.applicationHost sections.',
  },
  SiteInvalid: { category: 'InvalidData', remedy: 'Correct the site element at the named line.' },
  SiteDuplicate: {
    category: 'InvalidData',
    remedy: 'Names and ids of sites are unique in IIS. Rename or remove one of the two.',
  },
  SiteNotFound: {
    category: 'ObjectNotFound',
    remedy: 'Check the spelling against the sites of the configuration file or the backup folder.',
  },
  SiteNameInvalid: { category: 'InvalidArgument', remedy: 'Write the name as IIS Manager shows it.' },
  SiteListUnreadable: {
    category: 'OpenError',
    remedy: 'Create Sitelist.txt with one site name per line, or name the file with -SiteListPath.',
  },
  SiteListInvalid: {
    category: 'InvalidData',
    remedy: 'Correct the named line, or run Backup-FailoverSite to write the list anew.',
  },
  RestoreRefused: {
    category: 'InvalidOperation',
    remedy: 'Do what the message says, then restore the site again. The other sites were restored.',
  },
  BackupInvalid: { category: 'InvalidData', remedy: 'Name a file that Backup-FailoverSite wrote.' },
  BackupTruncated: {
    category: 'InvalidData',
    remedy: 'The file was not copied whole. Back up again; the .xml.old file beside it is the one before.',
  },
  BackupTampered: {
    category: 'SecurityError',
    remedy: 'The file was changed after it was written. Back up again; the .xml.old file is the one before.',
  },
  BackupPasswordWrong: {
    category: 'AuthenticationError',
    remedy: 'Give the password that the backup was made with.',
  },
  BackupPasswordMissing: {
    category: 'AuthenticationError',
    remedy: 'The backup was made with a password: give it with -Password.',
  },
  BackupUnprotected: {
    category: 'SecurityError',
    remedy:
      'The backup was made without a password, so nothing proves where it comes from. ' +
      'Back up again with -Password, or restore without it.',
  },

  // windows
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
  DotNetFailed: { category: 'InvalidOperation', remedy: "Act on the exception's message." },
} as const satisfies Record<string, ErrorKind>;

export type ErrorId = keyof typeof errorCatalog;
