import type { ErrorKind } from './error-kind.ts';

/** Failures of src/tasks. */
export const taskErrors = {
  ScheduleInvalid: {
    message: {
      at: '-At {at} is not a time of day such as 03:00',
      every: '-Every is not a number of whole minutes from one minute to one day',
    },
    category: 'InvalidArgument',
    remedy: "Give a time of day such as -At 03:00, and whole minutes such as -Every '04:00:00'.",
  },
  TaskUnknown: {
    message: 'There is no task {task}: it is one of {tasks}',
    category: 'ObjectNotFound',
    remedy:
      'The tasks are Backup (primary), Restore and Copy (failover server) and Monitor (monitoring server).',
  },
  SchedulerMissing: {
    message: {
      systemctl: 'systemctl cannot be run: {why}',
      platform: 'No scheduler is known on {platform}',
    },
    category: 'NotInstalled',
    remedy:
      'Tasks are kept by the Task Scheduler of Windows or by systemd on Linux. Elsewhere, run the cmdlets from a ' +
      'scheduler of your own.',
  },
  SchedulerFailed: {
    message: 'systemctl {arguments} failed: {said}',
    category: 'InvalidOperation',
    remedy: 'Act on the message, and run the command as administrator (root).',
  },
} as const satisfies Record<string, ErrorKind>;
