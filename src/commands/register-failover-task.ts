import { failure } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import {
  type JobName,
  jobs,
  openTaskStore,
  scheduleOf,
  type TaskDefinition,
  type TaskStore,
} from '../tasks/index.ts';
import { change } from './definition.ts';
import { moduleManifest } from './support/module-path.ts';
import { chosenJobs, describeSchedule, taskObject, taskOutput, taskParameter } from './support/tasks.ts';

interface TaskStep extends Step {
  readonly task: TaskDefinition;
}

interface TaskPlan extends Plan<TaskStep> {
  readonly store: TaskStore;
  readonly password: Secret | undefined;
  readonly chosen: readonly JobName[];
}

export const registerFailoverTask = change({
  kind: 'change',
  verb: 'Register',
  noun: 'FailoverTask',
  synopsis: 'Schedules the runs of a server: backup, restore, content copy and monitor.',
  description: [
    'Backup runs on the primary every 12 hours from 00:30, Restore and Copy on the failover server every 12 hours from ' +
      '01:00 and every 4 hours from 03:00, Monitor on the monitoring server every 10 minutes. -At and -Every change that.',
    'On Windows they are tasks of the Task Scheduler in the folder IisFailover, on Linux timers of systemd. A run that was ' +
      'missed is made up for; one that is due while another is under way is left out; one that hangs is ended. A task ' +
      'that is there already in the same form is left as it is.',
    'They run as the system, or as -UserName: a group-managed service account (CORP\\failover$) needs no password, another ' +
      'account needs -Credential. The secrets of a run are in the files that the settings name, never in a command line.',
  ],
  parameters: {
    Task: taskParameter('Backup, Restore, Copy and Monitor.', 'The tasks of -Role.'),
    Role: {
      type: 'string',
      choices: ['Primary', 'Failover', 'Monitor'],
      help: 'The server that this is: all tasks of it are registered.',
    },
    At: { type: 'string', help: 'Local time of the first run of a day, HH:MM.', defaultText: 'As above.' },
    Every: { type: 'timespan', help: 'From one minute to one day.', defaultText: 'As above.' },
    UserName: {
      type: 'string',
      help: 'A group-managed service account, on Linux any user.',
      defaultText: 'The system (on Linux root).',
    },
    Credential: { type: 'credential', help: 'An account with its password. Windows only.' },
  },
  output: taskOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'Schedule the tasks of the failover server',
      code: 'Register-FailoverTask -Role Failover -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Without -WhatIf it registers Restore and Copy, which run as the system.',
    },
    {
      title: 'Monitor every five minutes under a managed account',
      code:
        "Register-FailoverTask Monitor -Every '00:05:00' -UserName 'CORP\\failover$' " +
        '-SettingsPath .\\failover.json -WhatIf',
      explanation:
        'The account needs to read the settings file and the key of the DNS server, and to write the state folder.',
    },
  ],
  related: ['Get-FailoverTask', 'Unregister-FailoverTask'],

  async plan(parameters, context): Promise<TaskPlan> {
    const { path } = await context.settings();
    const { Role: role, Task: patterns, Credential: credential } = parameters;
    if (patterns === undefined && role === undefined)
      throw failure('ParameterInvalid.taskOrRole', {}, { target: 'Task' });
    if (credential !== undefined && process.platform !== 'win32')
      throw failure('ParameterInvalid.credentialOnWindows', {}, { target: 'Credential' });
    const chosen = chosenJobs(patterns ?? ['*'], context).filter(
      (job) => role === undefined || jobs[job].role === role,
    );
    const tasks = chosen.map((job): TaskDefinition => ({
      job,
      schedule: scheduleOf(job, parameters.At, parameters.Every),
      settingsPath: path,
      modulePath: moduleManifest(),
      userName: credential?.userName ?? parameters.UserName,
    }));
    const store = await openTaskStore();
    try {
      const there = new Map((await store.list()).map((task) => [task.job, task]));
      const needed = tasks.filter((task) => {
        const found = there.get(task.job);
        // A new password cannot be seen in a task.
        return credential !== undefined || found?.definition !== store.define(task) || !found.enabled;
      });
      return {
        steps: needed.map((task) => ({
          id: task.job,
          target: task.job,
          action: `Run ${jobs[task.job].command} ${describeSchedule(task.schedule)} as ${task.userName ?? 'the system'}`,
          task,
        })),
        store,
        password: credential?.password,
        chosen,
      };
    } finally {
      await store.close();
    }
  },

  async *apply(approved, { store, password, chosen }) {
    try {
      for (const { task } of approved) await store.register(task, password);
      for (const task of await store.list())
        if (chosen.includes(task.job)) yield taskObject(task, store.place);
    } finally {
      await store.close();
    }
  },
});
