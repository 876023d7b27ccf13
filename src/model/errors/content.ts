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
    remedy: 'Look at both places and rename or remove the one at the destination.',
  },
  ContentDeleteRefused: {
    category: 'LimitsExceeded',
    remedy:
      'Check that the source is what it should be. If the content was really deleted, use -Force; what is deleted ' +
      'goes to the quarantine.',
  },
  ContentSourceVanished: {
    category: 'ObjectNotFound',
    remedy: 'Check that the primary is reachable. Nothing was deleted; the next run goes on.',
  },
  ContentVerifyFailed: {
    category: 'ReadError',
    remedy:
      'The file was read back after it was written and was not the same: check the disks and the network. The copy ' +
      'that was there before is untouched.',
  },
  QuarantineUnavailable: {
    category: 'WriteError',
    remedy:
      'Set content.quarantineFolder to a folder on the volume of the destination and outside of every site.',
  },
  SyncIndexUnreadable: {
    category: 'InvalidData',
    remedy:
      'Move the file away: the next copy makes a new one. Until then it is not known what changed on which side.',
  },
  SyncIndexMissing: {
    category: 'ObjectNotFound',
    remedy:
      'Run Copy-FailoverContent from the primary to the standby once before a failover. With -Force what is only on ' +
      'the standby is taken for new, and what differs for changed on both sides.',
  },
  ContentConflict: {
    category: 'ResourceExists',
    remedy:
      'Look at both files, or choose with -ConflictPolicy: Newest, Standby, Primary or KeepBoth. What loses goes to ' +
      'the quarantine of its side.',
  },
  StandbyAuthoritative: {
    category: 'InvalidOperation',
    remedy:
      'Bring back what visitors wrote with Copy-FailoverContent -Reverse, fail back, and copy then. With -Force the ' +
      "primary's content is copied over it all the same; what is overwritten goes to the quarantine.",
  },
  ContentCopyFailed: {
    category: 'WriteError',
    remedy:
      'Check permissions on both sides. The copy that was there before is untouched; the next run tries again.',
  },
} as const satisfies Record<string, ErrorKind>;
