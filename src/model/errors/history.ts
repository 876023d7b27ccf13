import type { ErrorKind } from './error-kind.ts';

/** Failures of src/history and of what is undone and pruned with it. */
export const historyErrors = {
  HistoryDamaged: {
    message: {
      manifest: 'Cannot read {path}: {why}',
      content: '{previous} or {changed} is not what the run kept',
    },
    category: 'InvalidData',
    remedy: 'The restore cannot be undone. Delete its folder under restores in the state folder.',
  },
  OwnershipUnreadable: {
    message: 'Cannot read {path}: {why}',
    category: 'InvalidData',
    remedy: 'Restore owned.json from a backup, or delete it: then no site counts as created by the module.',
  },
  RestoreNotFound: {
    message: {
      id: 'There is no restore {id}',
      none: 'There is no restore that could be undone',
    },
    category: 'ObjectNotFound',
    remedy: 'Get-FailoverRestore lists the restores that can be undone.',
  },
  UndoConflict: {
    message: {
      changed: '{path} is left as it is: {conflicts}',
      file: '{path} is left as it is: it was changed since',
      undone: 'Restore {id} was undone already',
    },
    category: 'InvalidOperation',
    remedy: 'Nothing was changed. Undo the later change first, or edit the named element by hand.',
  },
  BackupVersionMissing: {
    message: {
      none: 'There is no version of {file} of {at} or before',
      older: 'There is no version of {file} of {at} or before; the oldest is of {oldest}',
    },
    category: 'ObjectNotFound',
    remedy: 'Name a later time. Backup-FailoverSite -KeepVersion says how many dated versions are kept.',
  },
  PruneImplausible: {
    message: {
      emptyList:
        '{count} sites would be removed from {path} ({names}), but the site list is empty: that is more than {percent} %',
      shortList:
        '{count} sites would be removed from {path} ({names}), but the site list has {listed}: that is more than {percent} %',
    },
    category: 'InvalidOperation',
    remedy: 'Nothing was changed. Check the site list; -Force prunes all the same.',
  },
} as const satisfies Record<string, ErrorKind>;
