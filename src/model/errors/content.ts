import type { ErrorKind } from './error-kind.ts';

/** Failures of src/content. */
export const contentErrors = {
  PathVariableUnknown: {
    message: 'The path {path} has a variable {variable} without a value',
    category: 'InvalidData',
    remedy: 'Only variables of the system are known. Write the path in full in the configuration of IIS.',
  },
  ContentRootInvalid: {
    message: '{root} is not a full path without . and ..',
    category: 'InvalidData',
    remedy: 'Write the path in full in the configuration of IIS.',
  },
  ContentSourceMissing: {
    message: {
      because: 'The content of {site} cannot be read from {source}: {problem}',
      unread: 'The content of {site} cannot be read from {source}',
      notFolder: 'The content of {site} cannot be read from {source}: it is not a folder',
    },
    category: 'ObjectNotFound',
    remedy:
      'Check that the primary is reachable, and -ContentServer; nothing was changed at the destination.',
  },
  ContentServerInvalid: {
    message: {
      noShare: '{path} is in no administrative share of {server}: give the folder where it is mounted',
      unreadable: 'Cannot read {folder}: {why}',
      windowsPath: '{path} is not a full Windows path',
      fullPath: '{path} is not a full path on this system',
    },
    category: 'InvalidArgument',
    remedy:
      "Give -ContentServer: a host name (on Windows), or the folder that holds the primary's drives as C$, D$.",
  },
  ContentDestinationInvalid: {
    message: {
      itself: 'The content of {root} would be copied from {source} into itself ({destination})',
      inside: '{destination} is inside {source}, and the content would be copied into itself',
      windowsPath: '{path} is not a full Windows path',
      fullPath: '{path} is not a full path on this system',
    },
    category: 'InvalidArgument',
    remedy:
      'Give -DestinationDrive (a drive or a folder) or -PathMap, so that the content goes to a place of its own.',
  },
  ContentDestinationConflict: {
    message: '{source} and {other} would be mixed in {destination}',
    category: 'InvalidArgument',
    remedy: 'Give one of the folders another place with -PathMap.',
  },
  ContentKindConflict: {
    message: {
      destination: '{destination} is in the way: it is not a folder as on the primary',
      sides: '{path} is a file on one side and a folder on the other',
    },
    category: 'ResourceExists',
    remedy: 'Look at both places and rename or remove the one at the destination.',
  },
  ContentDeleteRefused: {
    message: {
      empty:
        'The content of {site} is not copied: {source} is empty: {deleted} of the {files} files in {destination} would be deleted',
      tooMany:
        'The content of {site} is not copied: {deleted} of the {files} files in {destination} would be deleted ({share} %, more than {limit} %)',
    },
    category: 'LimitsExceeded',
    remedy:
      'Check that the source is what it should be. If the content was really deleted, use -Force; what is deleted ' +
      'goes to the quarantine.',
  },
  ContentSourceVanished: {
    message: {
      reading: 'The content of {site} vanished from {source} while it was read',
      deleting: 'The content of {site} vanished from {source}: nothing more is deleted',
    },
    category: 'ObjectNotFound',
    remedy: 'Check that the primary is reachable. Nothing was deleted; the next run goes on.',
  },
  ContentVerifyFailed: {
    message: 'The copy of {path} differs from it',
    category: 'ReadError',
    remedy:
      'The file was read back after it was written and was not the same: check the disks and the network. The copy ' +
      'that was there before is untouched.',
  },
  QuarantineUnavailable: {
    message: '{path} cannot be moved to {folder}: {why}',
    category: 'WriteError',
    remedy:
      'Set content.quarantineFolder to a folder on the volume of the destination and outside of every site.',
  },
  SyncIndexUnreadable: {
    message: 'Cannot read {path}: {why}',
    category: 'InvalidData',
    remedy:
      'Move the file away: the next copy makes a new one. Until then it is not known what changed on which side.',
  },
  SyncIndexMissing: {
    message: 'It is not known what the last copy of {site} left in {destination}: nothing is brought back',
    category: 'ObjectNotFound',
    remedy:
      'Run Copy-FailoverContent from the primary to the standby once before a failover. With -Force what is only on ' +
      'the standby is taken for new, and what differs for changed on both sides.',
  },
  ContentConflict: {
    message: '{site}: {path} was changed both in {source} and in {destination} since the last copy',
    category: 'ResourceExists',
    remedy:
      'Look at both files, or choose with -ConflictPolicy: Newest, Standby, Primary or KeepBoth. What loses goes to ' +
      'the quarantine of its side.',
  },
  StandbyAuthoritative: {
    message:
      "{site} is failed over: what visitors write on the standby would be overwritten by the primary's content",
    category: 'InvalidOperation',
    remedy:
      'Bring back what visitors wrote with Copy-FailoverContent -Reverse, fail back, and copy then. With -Force the ' +
      "primary's content is copied over it all the same; what is overwritten goes to the quarantine.",
  },
  ContentCopyFailed: {
    message: 'Cannot copy {from} to {to}: {why}',
    category: 'WriteError',
    remedy:
      'Check permissions on both sides. The copy that was there before is untouched; the next run tries again.',
  },
} as const satisfies Record<string, ErrorKind>;
