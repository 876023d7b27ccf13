import type { ErrorKind } from './error-kind.ts';

/** Failures of src/protocol. */
export const protocolErrors = {
  CommandUnknown: {
    message: 'The bundle has no command {name}',
    category: 'ObjectNotFound',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  Internal: {
    message: {
      unexpected: 'Unexpected failure: {message}',
      tooDeep: '{path} is not usable: its elements nest {depth} deep',
      notUsable: '{path} is not usable at line {line}, column {column}: {why}',
    },
    category: 'NotSpecified',
    remedy: 'This is a defect. Report it with the message and the log file.',
  },
  Cancelled: {
    message: 'The command was stopped.',
    category: 'OperationStopped',
    remedy: 'The command was stopped. Run it again to finish.',
  },
  NodeNotFound: {
    message: {
      onPath: 'Node.js was not found on the PATH.',
      notStarted: 'Node.js could not be started ({path}): {why}',
    },
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeTooOld: {
    message: 'Node.js {version} is too old: IisFailover needs version {oldest} or later.',
    category: 'NotInstalled',
    remedy: 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.',
  },
  NodeExited: {
    message: {
      silent: 'The Node.js process ended before the command did (exit code {code}).',
      complained:
        'The Node.js process ended before the command did (exit code {code}). It said: {complaints}',
    },
    category: 'ResourceUnavailable',
    remedy: 'Run the command again: a new process is started. What it had finished is done.',
  },
  ProtocolViolation: {
    message: {
      clixml: "A message's CLIXML {problem}",
      form: 'A message has no known form',
      callRuns: 'Call {id} is still running',
      kind: 'There is no kind of message {kind}',
      noParameters: 'A call has no parameters',
      noTable: 'A message has no table',
      noSteps: 'An apply does not name steps',
      silent: 'Node.js did not answer.',
      reply: 'A reply of Node.js ({kind}) cannot be read.',
      version: 'The bundle speaks another protocol than the module.',
    },
    category: 'ProtocolError',
    remedy: 'The module and its bundle differ in version: remove the module and install it again.',
  },
  ParameterInvalid: {
    message: {
      excludePattern: '-Exclude: a pattern is not valid: {why}',
      dashboardAddress:
        '-DashboardAddress: {address} is not an IP address and a port, such as 127.0.0.1:8787 or [::1]:8787',
      conflictPolicy: '-ConflictPolicy is for -Reverse',
      since: '-Since: {since} is not in the past',
      testAddress: '-Address: {address} is not an IPv4 or IPv6 address',
      taskOrRole: 'Say what to register with -Task or -Role',
      credentialOnWindows: '-Credential is for Windows: give -UserName',
      passwordEmpty: '-Password is empty: a private key is not written without one',
      version: '-Version {version} is not a time such as 2026-11-24T01:00:00Z',
      address: '-{parameter}: {address} is not an IPv4 or IPv6 address',
      notText: '-{parameter}: the value of {key} is not a text',
      bound: '{command}: -{parameter} {why}',
      sourceOrFile: 'Give -Source or -ReferenceFile, not both',
      thumbprint: '-Thumbprint: {thumbprint} is not 40 hexadecimal digits',
      pruneName: '-Prune goes by the whole list and cannot be combined with -Name',
      pruneVersion: '-Prune goes by the list as it is now and cannot be combined with -Version',
      pruneStore: '-Prune needs an applicationHost.config',
      untilOrFor: 'Give the end of the maintenance window: either -Until or -For',
      windowPast: 'The maintenance window would end at {end}, which is not in the future',
      tokenFileAlone: '-DashboardTokenFile needs -DashboardAddress',
      dashboardOnce: '-DashboardAddress needs -Continuous',
      provider: '{path} is not in the file system.',
      path: '{why}',
      notCredential: '-{parameter}: the value of {key} is neither a credential nor a secure string.',
      notSent: "A parameter's value cannot be sent: {why}",
    },
    category: 'InvalidArgument',
    remedy: 'Correct the parameter; Get-Help shows its form.',
  },
} as const satisfies Record<string, ErrorKind>;
