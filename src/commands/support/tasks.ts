import { failure } from '../../model/failover-error.ts';
import { type JobName, jobNames, jobs, type Schedule, type ScheduledTask } from '../../tasks/index.ts';
import type { CommandContext, ParameterDefinition } from '../definition.ts';
import { output } from '../output.ts';
import { hasWildcard, wildcardPattern } from './wildcard.ts';

/** -Task as every command for scheduled tasks has it. */
export function taskParameter(help: string, defaultText?: string) {
  return {
    type: 'string[]',
    position: 0,
    pipeline: 'both',
    wildcards: true,
    help,
    ...(defaultText === undefined ? {} : { defaultText }),
  } as const satisfies ParameterDefinition;
}

/** The jobs that the patterns name, in the order of a day; an unknown name is reported. */
export function chosenJobs(patterns: readonly string[], context: CommandContext): JobName[] {
  const chosen = new Set<JobName>();
  for (const pattern of patterns) {
    const found = jobNames.filter((name) => wildcardPattern(pattern).test(name));
    for (const name of found) chosen.add(name);
    if (found.length === 0 && !hasWildcard(pattern))
      context.error(
        failure('TaskUnknown', { task: pattern, tasks: jobNames.join(', ') }, { target: pattern }),
      );
  }
  return jobNames.filter((name) => chosen.has(name));
}

export const taskOutput = output(
  'IisFailover.Task',
  {
    Task: { type: 'string', help: 'Backup, Restore, Copy or Monitor.' },
    Command: { type: 'string', help: 'The cmdlet that it runs.' },
    UserName: { type: 'string', help: 'The account that it runs as.' },
    Enabled: { type: 'bool', help: 'False where it was disabled.' },
    LastRun: { type: 'datetime', help: 'When it ran last; empty where it did not yet.' },
    LastResult: { type: 'long', help: 'What it ended with: 0 where all went well.' },
    NextRun: { type: 'datetime', help: 'When it runs next.' },
    Scheduler: { type: 'string', help: 'Where it is kept.' },
  },
  [
    { property: 'Task', width: 8 },
    { property: 'Command', width: 24 },
    { property: 'UserName', width: 20 },
    { property: 'Enabled', width: 8 },
    { property: 'LastRun', width: 20 },
    { property: 'LastResult', width: 10, align: 'Right' },
    { property: 'NextRun' },
  ],
);

export function taskObject(task: ScheduledTask, scheduler: string) {
  return {
    Task: task.job,
    Command: jobs[task.job].command,
    UserName: task.userName,
    Enabled: task.enabled,
    LastRun: task.lastRun ?? null,
    LastResult: task.lastResult ?? null,
    NextRun: task.nextRun ?? null,
    Scheduler: scheduler,
  };
}

/** `every 4 hours from 03:00`. */
export function describeSchedule({ at, everyMinutes }: Schedule): string {
  if (everyMinutes === 1440) return `each day at ${at}`;
  const [count, unit] = everyMinutes % 60 === 0 ? [everyMinutes / 60, 'hour'] : [everyMinutes, 'minute'];
  return `every ${count === 1 ? unit : `${count} ${unit}s`} from ${at}`;
}
