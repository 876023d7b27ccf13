import type { ErrorKind } from './error-kind.ts';

/** Failures of src/tasks. */
export const taskErrors = {
  ScheduleInvalid: {
    category: 'InvalidArgument',
    remedy: "Give a time of day such as -At 03:00, and whole minutes such as -Every '04:00:00'.",
  },
  TaskUnknown: {
    category: 'ObjectNotFound',
    remedy:
      'The tasks are Backup (primary), Restore and Copy (failover server) and Monitor (monitoring server).',
  },
  SchedulerMissing: {
    category: 'NotInstalled',
    remedy:
      'Tasks are kept by the Task Scheduler of Windows or by systemd on Linux. Elsewhere, run the cmdlets from a ' +
      'scheduler of your own.',
  },
  SchedulerFailed: {
    category: 'InvalidOperation',
    remedy: 'Act on the message, and run the command as administrator (root).',
  },
} as const satisfies Record<string, ErrorKind>;
