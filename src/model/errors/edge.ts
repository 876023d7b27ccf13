import type { ErrorKind } from './error-kind.ts';

/** Failures of src/edge. */
export const edgeErrors = {
  FileNotFound: { category: 'ObjectNotFound', remedy: 'Check the path, and that this account may read it.' },
  FileUnreadable: { category: 'ReadError', remedy: 'Check that this account may read the file.' },
  FileNotWritable: {
    category: 'WriteError',
    remedy: 'Check permissions, the read-only attribute and free space of the destination.',
  },
  DiskFull: {
    category: 'WriteError',
    remedy: 'Free space on the volume and run the command again; the file named was left as it was.',
  },
  FileChangedMeanwhile: {
    category: 'ResourceBusy',
    remedy: 'Another program changed the file after it was read. Run the command again.',
  },
  LockHeld: {
    category: 'ResourceBusy',
    remedy: 'Another run works on the same target. Wait until it ends and run the command again.',
  },
  LogNotWritable: {
    category: 'OpenError',
    remedy: 'Check that this account may write to the state folder, or name another with stateFolder.',
  },

  StateUnreadable: {
    category: 'InvalidData',
    remedy: 'Restore state.json from a backup. Without it, failback computes the records from the settings.',
  },
} as const satisfies Record<string, ErrorKind>;
