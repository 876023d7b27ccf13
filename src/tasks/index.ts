/** Scheduled runs of the cmdlets: the jobs, and the schedulers that keep them. */
export {
  type JobName,
  jobNames,
  jobs,
  type Schedule,
  scheduleOf,
  type TaskDefinition,
  type TaskRole,
} from './jobs.ts';
export { openTaskStore } from './open-store.ts';
export type { ScheduledTask, TaskStore } from './store.ts';
