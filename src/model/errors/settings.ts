import type { ErrorKind } from './error-kind.ts';

/** Failures of src/settings. */
export const settingsErrors = {
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
} as const satisfies Record<string, ErrorKind>;
