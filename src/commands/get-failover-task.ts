import { openTaskStore } from '../tasks/index.ts';
import { query } from './definition.ts';
import { chosenJobs, taskObject, taskOutput, taskParameter } from './support/tasks.ts';

export const getFailoverTask = query({
  kind: 'query',
  verb: 'Get',
  noun: 'FailoverTask',
  synopsis: 'Shows the scheduled tasks of this server, and how their last runs ended.',
  description: [
    'Reads the tasks that Register-FailoverTask made from the Task Scheduler, on Linux from systemd.',
  ],
  parameters: { Task: taskParameter('Backup, Restore, Copy and Monitor.', 'All tasks that are there.') },
  output: taskOutput,
  examples: [
    {
      title: 'Find runs that failed',
      code: 'Get-FailoverTask | Where-Object LastResult -ne 0',
      explanation: 'LastResult is 0 where a run ended without errors, and empty where there was no run yet.',
    },
  ],
  related: ['Register-FailoverTask', 'Unregister-FailoverTask'],

  async *run(parameters, context) {
    const store = await openTaskStore();
    try {
      const jobs = chosenJobs(parameters.Task ?? ['*'], context);
      for (const task of await store.list()) if (jobs.includes(task.job)) yield taskObject(task, store.place);
    } finally {
      await store.close();
    }
  },
});
