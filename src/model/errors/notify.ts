import type { ErrorKind } from './error-kind.ts';

/** Failures of src/notify. */
export const notifyErrors = {
  NotifyFailed: {
    message: {
      script: '{channel} failed: {why}',
      tooLong: '{channel} took longer than {seconds} s',
      stopped: '{channel} was not told: the monitor was stopped first',
      queueFull: '{channel} was not told: {waiting} notifications wait for it already',
      givenUp: '{channel} was not told of {count} notifications: given up after {minutes} minutes',
      webhook: '{channel} was not told: {why}',
      mail: '{channel} did not take the mail: {why}',
    },
    category: 'ConnectionError',
    remedy: 'Correct monitor.notify in the settings, and try it with Test-FailoverNotification.',
  },
  NotifyTemplateInvalid: {
    message: 'The template of {channel} has {placeholder}; there are {known}',
    category: 'InvalidArgument',
    remedy: 'Correct the template in monitor.notify.',
  },
  NotifyNotConfigured: {
    message: '{settings} names no such channel of notifications',
    category: 'InvalidArgument',
    remedy: 'Add a webhook, a mail, a script or eventLog to monitor.notify in the settings.',
  },
} as const satisfies Record<string, ErrorKind>;
