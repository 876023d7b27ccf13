import type { JobName, TaskDefinition } from './jobs.ts';
import type { Secret } from '../model/secret.ts';

/** A task as the scheduler of this machine knows it. */
export interface ScheduledTask {
  readonly job: JobName;
  readonly enabled: boolean;
  readonly userName: string;
  readonly lastRun: Date | undefined;
  /** 0 where the last run went well; undefined where there was none. */
  readonly lastResult: number | undefined;
  readonly nextRun: Date | undefined;
  /** What it is defined by: the task's XML, or the text of its units. Equal texts are equal tasks. */
  readonly definition: string;
}

/** The scheduler of a machine, as far as tasks of this module go. */
export interface TaskStore {
  /** Where its tasks are, in words. */
  readonly place: string;
  list(): Promise<ScheduledTask[]>;
  /** What `list` would give as the definition of this task. */
  define(task: TaskDefinition): string;
  /** Creates the task or puts it in the place of the one that is there. */
  register(task: TaskDefinition, password: Secret | undefined): Promise<void>;
  unregister(job: JobName): Promise<void>;
  /** Ends what the store started; a later call starts it again. */
  close(): Promise<void>;
}
