import type { Plan, Step } from '../model/plan.ts';
import { openTaskStore, type ScheduledTask, type TaskStore } from '../tasks/index.ts';
import { change } from './definition.ts';
import { chosenJobs, taskObject, taskOutput, taskParameter } from './support/tasks.ts';

interface RemovalStep extends Step {
  readonly task: ScheduledTask;
}

interface RemovalPlan extends Plan<RemovalStep> {
  readonly store: TaskStore;
}

export const unregisterFailoverTask = change({
  kind: 'change',
  verb: 'Unregister',
  noun: 'FailoverTask',
  synopsis: 'Removes scheduled tasks of this server.',
  description: [
    'Removes only tasks that Register-FailoverTask made. A run that is under way goes on to its end.',
  ],
  parameters: {
    Task: { ...taskParameter('Backup, Restore, Copy and Monitor; * for all.'), mandatory: true },
  },
  output: taskOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'Stop the scheduled restores',
      code: 'Unregister-FailoverTask Restore -WhatIf',
      explanation: 'Without -WhatIf it removes the task; Register-FailoverTask makes it again.',
    },
  ],
  related: ['Register-FailoverTask', 'Get-FailoverTask'],

  async plan(parameters, context): Promise<RemovalPlan> {
    const jobs = chosenJobs(parameters.Task, context);
    const store = await openTaskStore();
    try {
      const found = (await store.list()).filter((task) => jobs.includes(task.job));
      return {
        steps: found.map((task) => ({
          id: task.job,
          target: task.job,
          action: `Remove the task from ${store.place}`,
          task,
        })),
        store,
      };
    } finally {
      await store.close();
    }
  },

  async *apply(approved, { store }) {
    try {
      for (const { task } of approved) {
        await store.unregister(task.job);
        yield taskObject(task, store.place);
      }
    } finally {
      await store.close();
    }
  },
});
