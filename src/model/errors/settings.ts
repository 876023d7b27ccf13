import type { ErrorKind } from './error-kind.ts';

/** Failures of src/settings. */
export const settingsErrors = {
  SettingsNotFound: {
    message: 'There is no settings file {path}',
    category: 'ObjectNotFound',
    remedy: 'Write one with New-FailoverSetting, or name it with -SettingsPath or $env:IISFAILOVER_SETTINGS.',
  },
  SettingsInvalid: {
    message: {
      sites: 'The sites cannot be put into one settings file as they are: {problem}',
      problems: '{problems}',
    },
    category: 'InvalidData',
    remedy: 'Correct the named lines; Test-FailoverSetting checks the file.',
  },
  SettingsIncomplete: {
    message: {
      noServer: '{settings} names no {role} server',
      noFile:
        'There is no settings file {path}: copy it from a server that is set up, or give -PrimaryAddress, -FailoverAddress and -DnsServer for a first one',
      configuration:
        'It is not known where applicationHost.config is: give -ConfigurationFile or the setting configurationFile',
      backupFolder: 'It is not known where the backups are: give -{parameter} or the setting backup.folder',
    },
    category: 'InvalidArgument',
    remedy: 'Add the setting, or give the parameter.',
  },
  SettingsExist: {
    message: 'There is a settings file {path} already',
    category: 'ResourceExists',
    remedy: 'Name another file with -Path, or use -Force to replace it.',
  },
  SecretEmpty: {
    message: 'The secret file {path} is empty',
    category: 'InvalidData',
    remedy: 'Put the secret into the file.',
  },
} as const satisfies Record<string, ErrorKind>;
