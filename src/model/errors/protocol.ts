import type { ErrorKind } from './error-kind.ts';

/** Failures of src/protocol. */
export const protocolErrors = {
  CommandUnknown: {
    category: 'ObjectNotFound',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  Internal: {
    category: 'NotSpecified',
    remedy: 'This is a defect. Report it with the message and the log file.',
  },
  Cancelled: { category: 'OperationStopped', remedy: 'The command was stopped. Run it again to finish.' },
  NodeNotFound: {
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeTooOld: {
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeExited: {
    category: 'ResourceUnavailable',
    remedy: 'Run the command again: a new process is started. What it had finished is done.',
  },
  ProtocolViolation: {
    category: 'ProtocolError',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  ParameterInvalid: {
    category: 'InvalidArgument',
    remedy: 'Correct the parameter; Get-Help shows its form.',
  },
} as const satisfies Record<string, ErrorKind>;
