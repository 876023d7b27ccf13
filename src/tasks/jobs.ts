import { failure } from '../model/failover-error.ts';

export type JobName = 'Backup' | 'Restore' | 'Copy' | 'Monitor';
export type TaskRole = 'Primary' | 'Failover' | 'Monitor';

/** When a task runs: at this local time each day, and then at this interval until the next day. */
export interface Schedule {
  /** `HH:MM`, 24 hours. */
  readonly at: string;
  /** From 1 to 1440. */
  readonly everyMinutes: number;
}

export interface Job {
  readonly command: string;
  /** The server it runs on. */
  readonly role: TaskRole;
  readonly schedule: Schedule;
  /** A run that takes longer is ended: a hang must not keep all later runs away. */
  readonly limitMinutes: number;
  readonly description: string;
}

/** The tasks and the times of the whitepaper, in the order of a day. */
export const jobs: Readonly<Record<JobName, Job>> = {
  Backup: {
    command: 'Backup-FailoverSite',
    role: 'Primary',
    schedule: { at: '00:30', everyMinutes: 12 * 60 },
    limitMinutes: 60,
    description: 'Backs up the sites of the site list for the failover server.',
  },
  Restore: {
    command: 'Restore-FailoverSite',
    role: 'Failover',
    schedule: { at: '01:00', everyMinutes: 12 * 60 },
    limitMinutes: 60,
    description: 'Restores the backed-up sites on this failover server.',
  },
  Copy: {
    command: 'Copy-FailoverContent',
    role: 'Failover',
    schedule: { at: '03:00', everyMinutes: 4 * 60 },
    limitMinutes: 12 * 60,
    description: 'Copies the content of the sites from the primary.',
  },
  Monitor: {
    command: 'Invoke-FailoverMonitor',
    role: 'Monitor',
    schedule: { at: '00:00', everyMinutes: 10 },
    limitMinutes: 30,
    description: 'Checks the sites, and moves their DNS records where a primary is down or back.',
  },
};

export const jobNames = Object.keys(jobs) as JobName[];

/** Runs as the system where no user is named. A group-managed service account ends with `$`. */
export interface TaskDefinition {
  readonly job: JobName;
  readonly schedule: Schedule;
  /** Full path. */
  readonly settingsPath: string;
  /** Full path of the module's manifest. */
  readonly modulePath: string;
  /** `DOMAIN\user`; undefined for the system. */
  readonly userName: string | undefined;
}

/**
 * The job's own schedule, with what was given in its place.
 * @throws FailoverError ScheduleInvalid
 */
export function scheduleOf(job: JobName, at: string | undefined, everyMs: number | undefined): Schedule {
  const { schedule } = jobs[job];
  const chosen = {
    at: at ?? schedule.at,
    everyMinutes: everyMs === undefined ? schedule.everyMinutes : everyMs / 60_000,
  };
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(chosen.at))
    throw failure('ScheduleInvalid.at', { at: chosen.at }, { target: job });
  if (!Number.isInteger(chosen.everyMinutes) || chosen.everyMinutes < 1 || chosen.everyMinutes > 1440)
    throw failure('ScheduleInvalid.every', {}, { target: job });
  return chosen;
}

/**
 * The PowerShell that a task runs. Errors make it end with 1, so that the task's last result shows them; a secret is
 * never in it, only the path of the settings file.
 */
export function taskScript({ job, modulePath, settingsPath }: TaskDefinition): string {
  const call = `${jobs[job].command} -SettingsPath ${quoted(settingsPath)} -Confirm:$false -ErrorVariable problems`;
  return `Import-Module ${quoted(modulePath)} -ErrorAction Stop; ${call}; exit [int]($problems.Count -gt 0)`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
