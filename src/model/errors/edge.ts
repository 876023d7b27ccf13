import type { ErrorKind } from './error-kind.ts';

/** Failures of src/edge. */
export const edgeErrors = {
  FileNotFound: {
    message: 'There is no file {path}',
    category: 'ObjectNotFound',
    remedy: 'Check the path, and that this account may read it.',
  },
  FileUnreadable: {
    message: {
      file: 'Cannot read {path}: {why}',
      ofKind: 'Cannot read the {what} {path}: {why}',
    },
    category: 'ReadError',
    remedy: 'Check that this account may read the file.',
  },
  FileNotWritable: {
    message: {
      permissions: 'Cannot protect {path} by its permissions',
      write: 'Cannot write {path}: {why}',
      notFolder: '{path} is there and is not a folder',
      time: 'Cannot set the time of {path}: {why}',
    },
    category: 'WriteError',
    remedy: 'Check permissions, the read-only attribute and free space of the destination.',
  },
  DiskFull: {
    message: {
      write: 'Cannot write {path}: {why}',
      copy: 'Cannot copy {from} to {to}: {why}',
    },
    category: 'WriteError',
    remedy: 'Free space on the volume and run the command again; the file named was left as it was.',
  },
  FileChangedMeanwhile: {
    message: {
      byOther: '{path} was changed by another program',
      copying: '{path} was changed while it was copied',
      bringingBack: '{path} was changed while content was brought back',
    },
    category: 'ResourceBusy',
    remedy: 'Another program changed the file after it was read. Run the command again.',
  },
  LockHeld: {
    message: '{target} is locked by another run',
    category: 'ResourceBusy',
    remedy: 'Another run works on the same target. Wait until it ends and run the command again.',
  },
  LogNotWritable: {
    message: 'Cannot open or create {path}: {why}',
    category: 'OpenError',
    remedy: 'Check that this account may write to the state folder, or name another with stateFolder.',
  },

  StateUnreadable: {
    message: {
      notJson: 'Cannot read {path}: it is not JSON',
      file: 'Cannot read {path}: {why}',
    },
    category: 'InvalidData',
    remedy: 'Restore state.json from a backup. Without it, failback computes the records from the settings.',
  },
} as const satisfies Record<string, ErrorKind>;
