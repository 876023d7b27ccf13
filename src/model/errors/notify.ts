import type { ErrorKind } from './error-kind.ts';

/** Failures of src/notify. */
export const notifyErrors = {
  NotifyFailed: {
    category: 'ConnectionError',
    remedy: 'Correct monitor.notify in the settings, and try it with Test-FailoverNotification.',
  },
  NotifyTemplateInvalid: { category: 'InvalidArgument', remedy: 'Correct the template in monitor.notify.' },
  NotifyNotConfigured: {
    category: 'InvalidArgument',
    remedy: 'Add a webhook, a mail, a script or eventLog to monitor.notify in the settings.',
  },
} as const satisfies Record<string, ErrorKind>;
