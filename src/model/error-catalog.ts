/** PowerShell's System.Management.Automation.ErrorCategory, as far as this module uses it. */
export type ErrorCategory =
  | 'AuthenticationError'
  | 'CloseError'
  | 'ConnectionError'
  | 'InvalidArgument'
  | 'InvalidData'
  | 'InvalidOperation'
  | 'LimitsExceeded'
  | 'NotInstalled'
  | 'NotSpecified'
  | 'ObjectNotFound'
  | 'OpenError'
  | 'OperationStopped'
  | 'OperationTimeout'
  | 'PermissionDenied'
  | 'ProtocolError'
  | 'ReadError'
  | 'ResourceBusy'
  | 'ResourceExists'
  | 'ResourceUnavailable'
  | 'SecurityError'
  | 'WriteError';

export interface ErrorKind {
  readonly category: ErrorCategory;
  /** What the administrator should do; shown as RecommendedAction and in docs/errors.md. */
  readonly remedy: string;
}

/**
 * Every failure the module reports. The key is the stable error id that scripts test
 * (`$_.FullyQualifiedErrorId`): never rename one, add a new one. Sections follow the source folders.
 */
export const errorCatalog = {
  // protocol
  CommandUnknown: {
    category: 'ObjectNotFound',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  Internal: {
    category: 'NotSpecified',
    remedy: 'This is a defect. Report it with the message and the log file.',
  },
  Cancelled: { category: 'OperationStopped', remedy: 'The command was stopped. Run it again to finish.' },
  ProtocolViolation: {
    category: 'ProtocolError',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  ParameterInvalid: {
    category: 'InvalidArgument',
    remedy: 'Correct the parameter; Get-Help shows its form.',
  },

  // edge
  FileNotFound: { category: 'ObjectNotFound', remedy: 'Check the path, and that this account may read it.' },
  FileUnreadable: { category: 'ReadError', remedy: 'Check that this account may read the file.' },
  FileNotWritable: {
    category: 'WriteError',
    remedy: 'Check permissions, the read-only attribute and free space of the destination.',
  },
  DiskFull: {
    category: 'WriteError',
    remedy: 'Free space on the volume and run the command again; nothing was changed.',
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
} as const satisfies Record<string, ErrorKind>;

export type ErrorId = keyof typeof errorCatalog;
