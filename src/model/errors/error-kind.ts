import type { Message } from '../message.ts';

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
  /**
   * What is shown, with `{name}` where failure() puts a value in; several forms by name where one id reports
   * more than one thing.
   */
  readonly message: Message;
  readonly category: ErrorCategory;
  /** What the administrator should do; shown as RecommendedAction and in docs/errors.md. */
  readonly remedy: string;
}
