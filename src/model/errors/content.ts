import type { ErrorKind } from './error-kind.ts';

/** Failures of src/content. */
export const contentErrors = {
  PathVariableUnknown: {
    category: 'InvalidData',
    remedy: 'Only variables of the system are known. Write the path in full in the configuration of IIS.',
  },
  ContentRootInvalid: {
    category: 'InvalidData',
    remedy: 'Write the path in full in the configuration of IIS.',
  },
  ContentSourceMissing: {
    category: 'ObjectNotFound',
    remedy:
      'Check that the primary is reachable, and -ContentServer; nothing was changed at the destination.',
  },
  ContentServerInvalid: {
    category: 'InvalidArgument',
    remedy:
      "Give -ContentServer: a host name (on Windows), or the folder that holds the primary's drives as C$, D$.",
  },
  ContentDestinationInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give -DestinationDrive (a drive or a folder) or -PathMap, so that the content goes to a place of its own.',
  },
  ContentDestinationConflict: {
    category: 'InvalidArgument',
    remedy: 'Give one of the folders another place with -PathMap.',
  },
  ContentKindConflict: {
    category: 'ResourceExists',
    remedy:
      'Look at both places and rename or remove the one at the destination; it is never replaced by itself.',
  },
  SyncIndexUnreadable: {
    category: 'InvalidData',
    remedy:
      'Move the file away: the next copy makes a new one. Until then it is not known what changed on which side.',
  },
  ContentCopyFailed: {
    category: 'WriteError',
    remedy:
      'Check permissions on both sides. The copy that was there before is untouched; the next run tries again.',
  },
} as const satisfies Record<string, ErrorKind>;
