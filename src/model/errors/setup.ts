import type { ErrorKind } from './error-kind.ts';

/** Failures of src/setup. */
export const setupErrors = {
  SetupFolderRefused: {
    category: 'InvalidArgument',
    remedy: 'Give a folder of its own, such as C:\\ProgramData\\IisFailover: it is closed to other accounts.',
  },
  SetupAccountUnknown: {
    category: 'ObjectNotFound',
    remedy:
      'Create the account, or write it as this server knows it: DOMAIN\\name, a managed account with its $.',
  },
  ShareTaken: {
    category: 'ResourceExists',
    remedy: 'Give another name with -ShareName, or the folder that is shared with -BackupFolder.',
  },
  SetupRecordUnreadable: {
    category: 'InvalidData',
    remedy:
      'Restore setup.json in the state folder from a backup. Without it, take back by hand what was set up: folders, ' +
      'share, tasks and event source.',
  },
} as const satisfies Record<string, ErrorKind>;
