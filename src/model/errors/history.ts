import type { ErrorKind } from './error-kind.ts';

/** Failures of src/history and of what is undone and pruned with it. */
export const historyErrors = {
  HistoryDamaged: {
    category: 'InvalidData',
    remedy: 'The restore cannot be undone. Delete its folder under restores in the state folder.',
  },
  OwnershipUnreadable: {
    category: 'InvalidData',
    remedy: 'Restore owned.json from a backup, or delete it: then no site counts as created by the module.',
  },
  RestoreNotFound: {
    category: 'ObjectNotFound',
    remedy: 'Get-FailoverRestore lists the restores that can be undone.',
  },
  UndoConflict: {
    category: 'InvalidOperation',
    remedy: 'Nothing was changed. Undo the later change first, or edit the named element by hand.',
  },
  BackupVersionMissing: {
    category: 'ObjectNotFound',
    remedy: 'Name a later time. Backup-FailoverSite -KeepVersion says how many dated versions are kept.',
  },
  PruneImplausible: {
    category: 'InvalidOperation',
    remedy: 'Nothing was changed. Check the site list; -Force prunes all the same.',
  },
} as const satisfies Record<string, ErrorKind>;
