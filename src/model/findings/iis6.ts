import type { FindingKind } from './finding-kind.ts';

/** What a plan for IIS 6, or for its sites on IIS 7 and later, may have to say. */
export const iis6Findings = {
  SiteAmbiguous: {
    message: 'This server has {count} sites named {name}, with the ids {ids}',
    severity: 'error',
    remedy: 'Change one of the ServerComments on this server, or give one of the sites the id of the backup.',
  },
  SettingNotMigrated: {
    message: {
      value: 'IIS 7 has no setting like {name}="{value}", or none with that value',
      binding: 'The binding {binding} is not of the form address:port:host',
      noFolder: 'The application {application} has no folder',
      hint: '{hint}',
      property: '{properties} is a property without a like in IIS 7',
      properties: '{properties} are properties without a like in IIS 7',
      passport: 'IIS 7 has no Passport authentication',
      clientCertificates:
        'Mapping of client certificates is set up anew in iisClientCertificateMappingAuthentication',
      customError: 'The custom error {error} has no like in IIS 7',
      expiry: 'The expiry {expires} has no like in IIS 7',
    },
    severity: 'warning',
    remedy:
      "If the site needs it, set the like in its web.config or for the server: a restore rewrites the site's locations.",
  },
  ScriptMapNotMigrated: {
    message: { one: '{extensions} is run by {program}', several: '{extensions} are run by {program}' },
    severity: 'warning',
    remedy:
      'Install the program here, allow it in ISAPI and CGI Restrictions, and add a handler mapping for it.',
  },
  FilterNotMigrated: {
    message: 'The site has the ISAPI filter {file}',
    severity: 'warning',
    remedy:
      'Install the filter for IIS 7 or later here, in the bitness of the pool, and add it in ISAPI Filters.',
  },
  AccountReplaced: {
    message: 'Anonymous visitors are IUSR here, as {account} exists on the primary only',
    severity: 'information',
    remedy: 'Give IUSR, or the group IIS_IUSRS, the permission to read the content that the old account had.',
  },
  RuntimesMixed: {
    message:
      'Applications in the pool {pool} use ASP.NET {other} and {version}, and a pool of IIS 7 runs one version',
    severity: 'warning',
    remedy: 'Give the applications with the older version a pool of their own.',
  },
  SiteRenamed: {
    message: 'Names of IIS 7 have no \\ / ? ; : @ & = + $ , | " < >: the site is {name} here',
    severity: 'warning',
    remedy: 'Use that name in the settings and lists of this server, or rename the site on the primary.',
  },
  BackupOfIis7: {
    message: 'The backup is of IIS 7 or later, whose settings IIS 6 has no place for',
    severity: 'error',
    remedy: 'Restore it into the applicationHost.config of IIS 7 or later, or back the site up from IIS 6.',
  },
  AccountOfPrimary: {
    message: 'The account {account} is one of the primary itself',
    severity: 'warning',
    remedy: 'Local accounts exist on one server only: create it here, or use one that both servers know.',
  },
  EditWhileRunningOff: {
    message: '{path} may not be edited while IISADMIN runs: EnableEditWhileRunning is not 1',
    severity: 'warning',
    remedy:
      'Stop IISADMIN before the restore and start it afterwards, or set EnableEditWhileRunning to 1 first.',
  },
} as const satisfies Record<string, FindingKind>;
