import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readIfPresent, reason, replaceFile, writeError } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { type JobName, jobNames, type TaskDefinition } from './jobs.ts';
import type { ScheduledTask, TaskStore } from './store.ts';
import { systemdUnits } from './systemd-units.ts';

const execute = promisify(execFile);

export interface SystemdOptions {
  /** Full path of the PowerShell that runs the tasks. */
  readonly powershell: string;
  /** Default /etc/systemd/system. */
  readonly folder?: string;
  /** Default systemctl on the PATH. */
  readonly systemctl?: string;
}

/** Timers of systemd. */
export class SystemdTaskStore implements TaskStore {
  readonly place: string;
  readonly #options: Required<SystemdOptions>;

  constructor(options: SystemdOptions) {
    this.#options = { folder: '/etc/systemd/system', systemctl: 'systemctl', ...options };
    this.place = `systemd, ${this.#options.folder}`;
  }

  async list(): Promise<ScheduledTask[]> {
    const tasks: ScheduledTask[] = [];
    for (const job of jobNames) {
      const service = await readIfPresent(this.#path(job, 'service'));
      const timer = await readIfPresent(this.#path(job, 'timer'));
      if (service !== undefined && timer !== undefined)
        tasks.push(await this.#read(job, service.toString('utf8'), timer.toString('utf8')));
    }
    return tasks;
  }

  async #read(job: JobName, service: string, timer: string): Promise<ScheduledTask> {
    const of = await this.#properties(unit(job, 'service'), ['ExecMainExitTimestamp', 'ExecMainStatus']);
    const when = await this.#properties(unit(job, 'timer'), ['NextElapseUSecRealtime', 'UnitFileState']);
    const lastRun = date(of.get('ExecMainExitTimestamp'));
    return {
      job,
      enabled: when.get('UnitFileState') === 'enabled',
      userName: /^User=(.+)$/m.exec(service)?.[1] ?? 'root',
      lastRun,
      lastResult: lastRun === undefined ? undefined : Number(of.get('ExecMainStatus')),
      nextRun: date(when.get('NextElapseUSecRealtime')),
      definition: service + timer,
    };
  }

  define(task: TaskDefinition): string {
    const { service, timer } = systemdUnits(task, this.#options.powershell);
    return service + timer;
  }

  async register(task: TaskDefinition): Promise<void> {
    const units = systemdUnits(task, this.#options.powershell);
    for (const kind of ['service', 'timer'] as const)
      await replaceFile(this.#path(task.job, kind), units[kind], { mode: 0o644 });
    await this.#systemctl(['daemon-reload']);
    await this.#systemctl(['enable', '--now', unit(task.job, 'timer')]);
  }

  async unregister(job: JobName): Promise<void> {
    await this.#systemctl(['disable', '--now', unit(job, 'timer')]);
    for (const kind of ['timer', 'service'] as const) {
      const path = this.#path(job, kind);
      await rm(path, { force: true }).catch((error: unknown) => {
        throw writeError(error, path);
      });
    }
    await this.#systemctl(['daemon-reload']);
  }

  async close(): Promise<void> {
    // nothing stays open
  }

  #path(job: JobName, kind: 'service' | 'timer'): string {
    return join(this.#options.folder, unit(job, kind));
  }

  async #properties(name: string, properties: readonly string[]): Promise<Map<string, string>> {
    const { stdout } = await this.#systemctl([
      'show',
      name,
      '--timestamp=unix',
      `--property=${properties.join(',')}`,
    ]);
    return new Map(
      stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  async #systemctl(args: readonly string[]): Promise<{ stdout: string }> {
    const { systemctl } = this.#options;
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    try {
      return await execute(systemctl, args, { env, timeout: 60_000 });
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
      if (said !== '')
        throw failure(
          'SchedulerFailed',
          { arguments: args.join(' '), said },
          { target: systemctl, cause: error },
        );
      throw failure(
        'SchedulerMissing.systemctl',
        { why: reason(error) },
        { target: systemctl, cause: error },
      );
    }
  }
}

function unit(job: JobName, kind: 'service' | 'timer'): string {
  return `iisfailover-${job.toLowerCase()}.${kind}`;
}

/**
 * `@1764000000`, `Tue 2026-11-24 19:00:00 UTC`, or nothing: systemd 252 writes a timer's next run in words, whatever
 * --timestamp says.
 */
function date(text = ''): Date | undefined {
  const seconds = /^@(\d+)/.exec(text)?.[1];
  if (seconds !== undefined) return seconds === '0' ? undefined : new Date(Number(seconds) * 1000);
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text) ?? [];
  return day === undefined ? undefined : new Date(`${day}T${time}Z`);
}
