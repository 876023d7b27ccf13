import { sha256 } from '../edge/files.ts';
import type { Secret } from '../model/secret.ts';
import type { PowerShellSession } from '../windows/powershell-session.ts';
import { type JobName, jobNames, type TaskDefinition } from './jobs.ts';
import type { ScheduledTask, TaskStore } from './store.ts';
import { taskPath, taskXml } from './task-xml.ts';

/** What Get-ScheduledTask and Get-ScheduledTaskInfo give, as far as it is read. */
interface TaskObject {
  readonly TaskName: string;
  readonly Source: string | null;
  /** 1 for a disabled task. */
  readonly State: number;
  readonly Principal: { readonly UserId: string | null } | null;
}

interface TaskInfo {
  readonly LastRunTime: Date | null;
  readonly LastTaskResult: number | null;
  readonly NextRunTime: Date | null;
}

/** SCHED_S_TASK_HAS_NOT_RUN. */
const neverRan = 0x41303;

/** The Task Scheduler, through the cmdlets of the module ScheduledTasks (Windows Server 2012 and later). */
export class WindowsTaskStore implements TaskStore {
  readonly place = `Task Scheduler, ${taskPath}`;
  readonly #session: PowerShellSession;

  constructor(session: PowerShellSession) {
    this.#session = session;
  }

  async list(): Promise<ScheduledTask[]> {
    // A pattern, because a folder that is named and not there is an error.
    const found = (await this.#session.invoke('Get-ScheduledTask', {
      TaskPath: `${taskPath.slice(0, -1)}*`,
    })) as TaskObject[];
    const tasks: ScheduledTask[] = [];
    for (const task of found) {
      const job = jobNames.find((name) => name.toLowerCase() === task.TaskName.toLowerCase());
      if (job !== undefined) tasks.push(await this.#read(job, task));
    }
    return tasks;
  }

  async #read(job: JobName, task: TaskObject): Promise<ScheduledTask> {
    const at = { TaskName: job, TaskPath: taskPath };
    const [info] = (await this.#session.invoke('Get-ScheduledTaskInfo', at)) as [TaskInfo?];
    const ran = info !== undefined && info.LastTaskResult !== neverRan;
    return {
      job,
      enabled: task.State !== 1,
      userName: task.Principal?.UserId ?? '',
      lastRun: ran ? (info.LastRunTime ?? undefined) : undefined,
      lastResult: ran ? (info.LastTaskResult ?? undefined) : undefined,
      nextRun: info?.NextRunTime ?? undefined,
      definition: task.Source ?? '',
    };
  }

  /** The scheduler writes the XML anew, so a hash of ours is kept in it. */
  define(task: TaskDefinition): string {
    return `IisFailover ${sha256(taskXml(task, ''))}`;
  }

  async register(task: TaskDefinition, password: Secret | undefined): Promise<void> {
    const parameters = {
      TaskName: task.job,
      TaskPath: taskPath,
      Xml: taskXml(task, this.define(task)),
      Force: true,
      ...(password === undefined ? {} : { User: task.userName }),
    };
    await this.#session.invoke('Register-ScheduledTask', parameters, {
      depth: 1,
      ...(password === undefined ? {} : { secrets: { Password: password } }),
    });
  }

  async unregister(job: JobName): Promise<void> {
    await this.#session.invoke('Unregister-ScheduledTask', {
      TaskName: job,
      TaskPath: taskPath,
      Confirm: false,
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
