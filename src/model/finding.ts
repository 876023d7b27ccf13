export type Severity = 'error' | 'warning' | 'information';

interface FindingKind {
  readonly severity: Severity;
  /** What the administrator can do about it. */
  readonly remedy: string;
}

/** Everything a plan may have to say about a site. Ids are stable, as error ids are. */
export const findingCatalog = {
  SecretNotCarried: {
    severity: 'warning',
    remedy: 'Set the password on this server, or back up and restore with -Password where it was in clear.',
  },
  SecretNotOpened: {
    severity: 'warning',
    remedy:
      'Run Backup-FailoverSite elevated on the primary itself, or give the value to Restore-FailoverSite -Credential.',
  },
  SecretNotWritable: {
    severity: 'warning',
    remedy:
      'Run Restore-FailoverSite elevated on the failover server, where IIS encrypts the value; no secret is written in ' +
      'clear that is encrypted on the primary.',
  },
  MachineKeyDiffers: {
    severity: 'warning',
    remedy:
      'Give both servers the same machineKey (IIS Manager, Machine Key, or the root web.config of each framework), or ' +
      "set it in the sites' own web.config, which is copied with the content.",
  },
  SecretKept: {
    severity: 'information',
    remedy: 'Nothing: the value that this server already has for it stays in force.',
  },
  SiteIdRemapped: {
    severity: 'information',
    remedy: 'Look for its logs in W3SVC<id> with the id of this server, and use that id in scripts.',
  },
  BindingConflict: {
    severity: 'error',
    remedy:
      'Only one of the two sites could be started. Change a binding, or map the address with -AddressMap.',
  },
  BindingShared: {
    severity: 'warning',
    remedy: 'One of the two sites does not start with IIS. Start only one of them.',
  },
  CertificateNeeded: {
    severity: 'warning',
    remedy:
      'Certificates are not in the file. Import it, and bind it in IIS Manager or with netsh http add sslcert.',
  },
  SectionUndeclared: {
    severity: 'error',
    remedy: 'Install the role service or IIS extension that brings the section on this server.',
  },
  ModuleMissing: {
    severity: 'warning',
    remedy: 'Install the role service or IIS extension that brings the module.',
  },
  HandlerMissing: {
    severity: 'warning',
    remedy: 'Install what brings the handler, or add its mapping to this server in IIS Manager.',
  },
  ProgramNotAllowed: {
    severity: 'warning',
    remedy:
      'Install the program, and allow it in ISAPI and CGI Restrictions or FastCGI Settings of this server.',
  },
  WebFarmMissing: {
    severity: 'warning',
    remedy: 'Create the web farm on this server, with its own servers.',
  },
  DriveMissing: {
    severity: 'warning',
    remedy: 'Map the folder to a drive of this server with -PathMap, or add the drive.',
  },
  VariableUnknown: {
    severity: 'warning',
    remedy: 'Define the variable for the system on this server, or map the path with -PathMap.',
  },
  PoolShared: {
    severity: 'error',
    remedy: 'Give the site a pool of its own on the primary, or make the pools alike by hand.',
  },
  PoolDiffers: {
    severity: 'warning',
    remedy: 'Compare the pool on both servers and make them alike by hand if the site needs it.',
  },
  PoolMissing: {
    severity: 'warning',
    remedy: 'Create the pool on the primary, or correct the application that names it.',
  },
  DefaultsDiffer: {
    severity: 'warning',
    remedy:
      'What a site leaves unset is taken from it. Make the servers alike, or restore with -MaterializeDefaults.',
  },
  DefaultsMaterialized: {
    severity: 'information',
    remedy: 'Nothing: the site says itself what it took from the defaults on the primary.',
  },
  DefaultsNotMaterialized: {
    severity: 'warning',
    remedy: 'Compare the values on both servers, and set them in the site or pool on the primary.',
  },
  PoolMadeExplicit: {
    severity: 'information',
    remedy: 'Nothing: the application runs in the same pool as on the primary.',
  },
  SiteAmbiguous: {
    severity: 'error',
    remedy: 'Change one of the ServerComments on this server, or give one of the sites the id of the backup.',
  },
  SettingNotMigrated: {
    severity: 'warning',
    remedy:
      "If the site needs it, set the like in its web.config or for the server: a restore rewrites the site's locations.",
  },
  ScriptMapNotMigrated: {
    severity: 'warning',
    remedy:
      'Install the program here, allow it in ISAPI and CGI Restrictions, and add a handler mapping for it.',
  },
  FilterNotMigrated: {
    severity: 'warning',
    remedy:
      'Install the filter for IIS 7 or later here, in the bitness of the pool, and add it in ISAPI Filters.',
  },
  AccountReplaced: {
    severity: 'information',
    remedy: 'Give IUSR, or the group IIS_IUSRS, the permission to read the content that the old account had.',
  },
  RuntimesMixed: {
    severity: 'warning',
    remedy: 'Give the applications with the older version a pool of their own.',
  },
  SiteRenamed: {
    severity: 'warning',
    remedy: 'Use that name in the settings and lists of this server, or rename the site on the primary.',
  },
  BackupOfIis7: {
    severity: 'error',
    remedy: 'Restore it into the applicationHost.config of IIS 7 or later, or back the site up from IIS 6.',
  },
  AccountOfPrimary: {
    severity: 'warning',
    remedy: 'Local accounts exist on one server only: create it here, or use one that both servers know.',
  },
  EditWhileRunningOff: {
    severity: 'warning',
    remedy:
      'Stop IISADMIN before the restore and start it afterwards, or set EnableEditWhileRunning to 1 first.',
  },
} as const satisfies Record<string, FindingKind>;

export type FindingId = keyof typeof findingCatalog;

/** One thing an administrator should know about a planned or made change. It never holds a secret value. */
export interface Finding {
  readonly severity: Severity;
  readonly id: FindingId;
  readonly site: string;
  /** Element path, e.g. `site/application[path=/]/virtualDirectory[path=/]/@password`. */
  readonly location: string;
  readonly message: string;
  readonly remedy: string;
}

export function finding(id: FindingId, site: string, location: string, message: string): Finding {
  return {
    severity: findingCatalog[id].severity,
    id,
    site,
    location,
    message,
    remedy: findingCatalog[id].remedy,
  };
}
