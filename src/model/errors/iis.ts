import type { ErrorKind } from './error-kind.ts';

/** Failures of src/iis. */
export const iisErrors = {
  ConfigurationMalformed: {
    message: {
      tooDeep: '{path} is not usable: its elements nest {depth} deep',
      notUsable: '{path} is not usable at line {line}, column {column}: {why}',
    },
    category: 'InvalidData',
    remedy: 'IIS cannot read such a file either. Correct it at the named place.',
  },
  ConfigurationEncoding: {
    message: {
      utf16: '{path} is in UTF-16; only UTF-8 is read',
      notUtf8: '{path} is not in UTF-8 at line {line}; only UTF-8 is read',
      declared: '{path} declares the encoding {encoding}; only UTF-8 is read',
    },
    category: 'InvalidData',
    remedy: 'Save the file as UTF-8, with or without byte order mark, as IIS does.',
  },
  ConfigurationIncomplete: {
    message: {
      root: '{path} is not a configuration of IIS: its root element is <{root}>',
      applicationHost: '{path} has no <system.applicationHost> element',
      twice: '{path} has a second <{name}> element at line {line}',
      elsewhere: '{path} keeps its <{name}> in another file (configSource)',
    },
    category: 'InvalidData',
    remedy: 'Name the applicationHost.config that is in force, with its system.applicationHost sections.',
  },
  ConfigurationRedirected: {
    message: 'IIS does not read {configurationFile}: {path} is in force and names {folder}\\{name}',
    category: 'InvalidOperation',
    remedy: 'Name the live file with -ConfigurationFile or the setting configurationFile.',
  },
  MetabaseInvalid: {
    message: {
      noSites: '{path} has no node /LM/W3SVC',
      root: '{path} has no <MBProperty> element',
      location: '{path} has a <{element}> without a Location at line {line}',
      stranger: '{path} has {stranger} within a <{element}> at line {line}',
      twice: '{path} has two elements with the Location {location}, at {lines}',
    },
    category: 'InvalidData',
    remedy: 'Name the MetaBase.xml that IIS 6 itself wrote, and correct it at the named place.',
  },
  SiteAmbiguous: {
    message: '{path} has {count} sites named {name}, with the ids {ids}',
    category: 'InvalidArgument',
    remedy: 'Give the id of the site, as in id:1, or change one of the ServerComments.',
  },
  SiteInvalid: {
    message: {
      noName: '{path} has a site without a name or a valid id at line {line}',
      noComment: 'The site {id} of {path} has no ServerComment at line {line}',
    },
    category: 'InvalidData',
    remedy: 'Correct the site element at the named line.',
  },
  SiteDuplicate: {
    message: '{path} has two sites {shared}, at {lines}',
    category: 'InvalidData',
    remedy: 'Names and ids of sites are unique in IIS. Rename or remove one of the two.',
  },
  SiteNotFound: {
    message: {
      inFile: '{path} has no site named {name}',
      pattern: 'There is no site {pattern} in {where}',
    },
    category: 'ObjectNotFound',
    remedy: 'Check the spelling against the sites of the configuration file or the backup folder.',
  },
  SiteNameInvalid: {
    message: {
      inList: '{why} ({path}, line {line})',
      empty: 'The site name {name} is empty',
      separator: 'The site name {name} has a path separator',
      control: 'The site name {name} has a control character',
    },
    category: 'InvalidArgument',
    remedy: 'Write the name as IIS Manager shows it.',
  },
  SiteListUnreadable: {
    message: 'Cannot open {list} ({path}): {why}',
    category: 'OpenError',
    remedy: 'Create Sitelist.txt with one site name per line, or name the file with -SiteListPath.',
  },
  SiteListInvalid: {
    message: {
      noBackup: '{path} names a site but no backup of it at line {line}',
      line: '{path} is not a line of a site list at line {line}',
    },
    category: 'InvalidData',
    remedy: 'Correct the named line, or run Backup-FailoverSite to write the list anew.',
  },
  RestoreRefused: {
    message: '{site} is not restored: {why}',
    category: 'InvalidOperation',
    remedy: 'Do what the message says, then restore the site again. The other sites were restored.',
  },
  BackupFolderOfOther: {
    message: 'The backups in {folder} are of the server {owner}, not of {server}',
    category: 'ResourceExists',
    remedy:
      'Give each primary a folder of its own, by -Destination or backup.folder. Where this server has taken the place ' +
      "of that one, delete the folder's Sitelist.txt first: the backup writes it anew.",
  },
  BackupInvalid: {
    message: {
      twice: 'There are two backups of the site {name}',
      secretMissing: 'The backup of {name} lacks its secret {number}',
      derivation: '{path} asks for an unusual key derivation',
      siteMissing: 'The backup of {name} does not hold the site {id}',
      notBackup: '{path} is not a backup of a site',
      format: '{path} has format {format}, which this version does not know',
      attribute: '{path} has a <{element}> without {name}',
      sites: '{path} does not hold exactly one <{element}>',
      kind: '{path} is of the kind {kind}, which this version does not know',
      tooDeep: '{path} is not usable: its elements nest {depth} deep',
      notUsable: '{path} is not usable at line {line}, column {column}: {why}',
    },
    category: 'InvalidData',
    remedy: 'Name a file that Backup-FailoverSite wrote.',
  },
  BackupTruncated: {
    message: '{path} is not complete: its end is missing',
    category: 'InvalidData',
    remedy: 'The file was not copied whole. Back up again; the .xml.old file beside it is the one before.',
  },
  BackupTampered: {
    message: {
      otherSite: '{path} is a backup of {name}, but {list} names it for {listed}',
      secrets: '{path} has secrets that its password does not open',
      changed: '{path} was changed after it was written',
    },
    category: 'SecurityError',
    remedy: 'The file was changed after it was written. Back up again; the .xml.old file is the one before.',
  },
  BackupPasswordWrong: {
    message: 'The password does not open {path}',
    category: 'AuthenticationError',
    remedy: 'Give the password that the backup was made with.',
  },
  BackupPasswordMissing: {
    message: '{path} is protected by a password',
    category: 'AuthenticationError',
    remedy: 'The backup was made with a password: give it with -Password.',
  },
  BackupUnprotected: {
    message: '{path} is not protected by a password, but one was given',
    category: 'SecurityError',
    remedy:
      'The backup was made without a password, so nothing proves where it comes from. ' +
      'Back up again with -Password, or restore without it.',
  },
} as const satisfies Record<string, ErrorKind>;
