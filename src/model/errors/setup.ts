import type { ErrorKind } from './error-kind.ts';

/** Failures of src/setup. */
export const setupErrors = {
  SetupFolderRefused: {
    message: '{path} is not a folder of its own, and is not closed to others',
    category: 'InvalidArgument',
    remedy: 'Give a folder of its own, such as C:\\ProgramData\\IisFailover: it is closed to other accounts.',
  },
  SetupAccountUnknown: {
    message: 'There is no account {name} on this server',
    category: 'ObjectNotFound',
    remedy:
      'Create the account, or write it as this server knows it: DOMAIN\\name, a managed account with its $.',
  },
  ShareTaken: {
    message: 'The share {name} is there already, and shares {shared} instead of {folder}',
    category: 'ResourceExists',
    remedy: 'Give another name with -ShareName, or the folder that is shared with -BackupFolder.',
  },
  SetupRecordUnreadable: {
    message: 'Cannot read {path}: {why}',
    category: 'InvalidData',
    remedy:
      'Restore setup.json in the state folder from a backup. Without it, take back by hand what was set up: folders, ' +
      'share, tasks and event source.',
  },
} as const satisfies Record<string, ErrorKind>;
