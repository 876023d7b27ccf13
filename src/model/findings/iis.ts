import type { FindingKind } from './finding-kind.ts';

/** What a plan for IIS 7 and later may have to say. */
export const iisFindings = {
  SecretNotCarried: {
    message: {
      value: 'The value is left out: {why}',
      setting: 'The setting is left out: {why}',
      iis6: 'The value is left out: it is encrypted by IIS 6 of the primary',
    },
    severity: 'warning',
    remedy: 'Set the password on this server, or back up and restore with -Password where it was in clear.',
  },
  SecretNotOpened: {
    message: {
      value: 'The value is encrypted by {provider} and was not opened: {why}.',
      ofAccount: 'The value of {account} is encrypted by {provider} and was not opened: {why}.',
    },
    severity: 'warning',
    remedy:
      'Run Backup-FailoverSite elevated on the primary itself, or give the value to Restore-FailoverSite -Credential.',
  },
  SecretNotWritable: {
    message: {
      value: 'The value is left out: {why}',
      setting: 'The setting is left out: {why}',
      kept: 'The value that this server has for it stays: {why}',
    },
    severity: 'warning',
    remedy:
      'Run Restore-FailoverSite elevated on the failover server, where IIS encrypts the value; no secret is written in ' +
      'clear that is encrypted on the primary.',
  },
  MachineKeyDiffers: {
    message: {
      ofPrimary:
        'The machineKey of {frameworks} is made by the primary for itself (AutoGenerate): visitors are signed out, and pages they have open fail, when a site moves',
      ofStandby:
        'The machineKey of {frameworks} is set on the primary, and this server makes its own: visitors are signed out, and pages they have open fail, when a site moves',
      another:
        'The machineKey of {frameworks} is not that of the primary: visitors are signed out, and pages they have open fail, when a site moves',
    },
    severity: 'warning',
    remedy:
      'Give both servers the same machineKey (IIS Manager, Machine Key, or the root web.config of each framework), or ' +
      "set it in the sites' own web.config, which is copied with the content.",
  },
  SecretKept: {
    message: 'The value that this server has for it stays: that of the primary cannot be used here',
    severity: 'information',
    remedy: 'Nothing: the value that this server already has for it stays in force.',
  },
  SiteIdRemapped: {
    message: 'The id {from} is taken on this server, so the site gets the id {id} and logs to W3SVC{id}',
    severity: 'information',
    remedy: 'Look for its logs in W3SVC<id> with the id of this server, and use that id in scripts.',
  },
  BindingConflict: {
    message: 'The binding {binding} is that of the site {other} as well',
    severity: 'error',
    remedy:
      'Only one of the two sites could be started. Change a binding, or map the address with -AddressMap.',
  },
  BindingShared: {
    message: 'The binding {binding} is that of the site {other} as well',
    severity: 'warning',
    remedy: 'One of the two sites does not start with IIS. Start only one of them.',
  },
  CertificateNeeded: {
    message: {
      central:
        'The binding https {binding} takes the certificate for {hostName} from the central certificate store, which this server must use as well',
      ofHost: 'The binding https {binding} needs a certificate for {hostName} on this server{known}',
      ofAddress:
        'The binding https {binding} needs a certificate on this server; without SNI all sites on {endpoint} share one{known}',
      ftp: 'FTP uses the certificate {thumbprint}, which this server needs as well',
      iis6: 'The site needs the certificate {thumbprint} in the store {store}',
    },
    severity: 'warning',
    remedy:
      'Certificates are not in the file. Import it, and bind it in IIS Manager or with netsh http add sslcert.',
  },
  SectionUndeclared: {
    message: {
      ftp: 'The site has FTP settings, and FTP is not installed on this server',
      section: 'The section {section} is not declared on this server, so IIS would refuse the whole file',
    },
    severity: 'error',
    remedy: 'Install the role service or IIS extension that brings the section on this server.',
  },
  ModuleMissing: {
    message: {
      global: '{source} has modules that this server lacks: {modules}',
      named: 'The module {module} is not installed on this server',
      handler: 'The handler needs the module {module}, which this server lacks',
    },
    severity: 'warning',
    remedy: 'Install the role service or IIS extension that brings the module.',
  },
  HandlerMissing: {
    message: '{source} has handlers that this server lacks: {handlers}',
    severity: 'warning',
    remedy: 'Install what brings the handler, or add its mapping to this server in IIS Manager.',
  },
  ProgramNotAllowed: {
    message: 'This server does not allow the program {program}',
    severity: 'warning',
    remedy:
      'Install the program, and allow it in ISAPI and CGI Restrictions or FastCGI Settings of this server.',
  },
  WebFarmMissing: {
    message: 'The rule sends requests to the web farm {farm}, which this server lacks',
    severity: 'warning',
    remedy: 'Create the web farm on this server, with its own servers.',
  },
  DriveMissing: {
    message: 'This server has no drive {drive} for {path}',
    severity: 'warning',
    remedy: 'Map the folder to a drive of this server with -PathMap, or add the drive.',
  },
  VariableUnknown: {
    message: 'The variable {variable} of {path} has no known value here',
    severity: 'warning',
    remedy: 'Define the variable for the system on this server, or map the path with -PathMap.',
  },
  PoolShared: {
    message:
      'The pool {pool} differs from that of the primary, and {user} runs in it as well, which is not restored',
    severity: 'error',
    remedy: 'Give the site a pool of its own on the primary, or make the pools alike by hand.',
  },
  PoolDiffers: {
    message: 'DefaultAppPool differs from that of the primary and is left as it is',
    severity: 'warning',
    remedy: 'Compare the pool on both servers and make them alike by hand if the site needs it.',
  },
  PoolMissing: {
    message: 'The pool {pool} exists neither on the primary nor here',
    severity: 'warning',
    remedy: 'Create the pool on the primary, or correct the application that names it.',
  },
  DefaultsDiffer: {
    message: '<{name}> differs from that of {source} in {settings}',
    severity: 'warning',
    remedy:
      'What a site leaves unset is taken from it. Make the servers alike, or restore with -MaterializeDefaults.',
  },
  DefaultsMaterialized: {
    message: "Written from the primary's {name}, which differ here: {written}",
    severity: 'information',
    remedy: 'Nothing: the site says itself what it took from the defaults on the primary.',
  },
  DefaultsNotMaterialized: {
    message: "The {name} of this server differ, and the primary's value cannot be written: {unknown}",
    severity: 'warning',
    remedy: 'Compare the values on both servers, and set them in the site or pool on the primary.',
  },
  PoolMadeExplicit: {
    message:
      'The application takes its pool from the defaults, which say {primary} on the primary and {here} here, so it is written into the site',
    severity: 'information',
    remedy: 'Nothing: the application runs in the same pool as on the primary.',
  },
} as const satisfies Record<string, FindingKind>;
