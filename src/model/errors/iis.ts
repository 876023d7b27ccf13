import type { ErrorKind } from './error-kind.ts';

/** Failures of src/iis. */
export const iisErrors = {
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
  ConfigurationRedirected: {
    category: 'InvalidOperation',
    remedy: 'Name the live file with -ConfigurationFile or the setting configurationFile.',
  },
  MetabaseInvalid: {
    category: 'InvalidData',
    remedy: 'Name the MetaBase.xml that IIS 6 itself wrote, and correct it at the named place.',
  },
  SiteAmbiguous: {
    category: 'InvalidArgument',
    remedy: 'Give the id of the site, as in id:1, or change one of the ServerComments.',
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
} as const satisfies Record<string, ErrorKind>;
