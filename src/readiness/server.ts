import { statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname } from 'node:path';
import { reason } from '../edge/files.ts';
import { type FailoverError } from '../model/failover-error.ts';
import { jobs, type ScheduledTask } from '../tasks/index.ts';
import { type CheckResult, type ReadinessLimits, result } from './result.ts';

/** Free space of the volumes that hold these folders; one result for each volume. */
export async function checkDiskSpace(
  folders: readonly string[],
  limits: ReadinessLimits,
): Promise<CheckResult[]> {
  const seen = new Set<string>();
  const results: CheckResult[] = [];
  for (const folder of folders) {
    const space = await spaceOf(folder);
    if (space === undefined) continue;
    const key = `${space.total} ${space.free}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const percent = Math.floor((space.free / space.total) * 100);
    const words = `${percent} % of the volume of ${folder} are free (${(space.free / 2 ** 30).toFixed(1)} GB)`;
    const enough = percent >= limits.freePercent;
    results.push(
      enough
        ? result('DiskSpace', undefined, 'Passed', words)
        : result(
            'DiskSpace',
            undefined,
            'Warning',
            words,
            'Free space, or move the folder to another volume.',
          ),
    );
  }
  return results;
}

/** Of the folder, or of the nearest one above it that is there. */
async function spaceOf(folder: string): Promise<{ free: number; total: number } | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, blocks, bsize } = await statfs(path);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch {
      if (dirname(path) === path) return undefined;
    }
  }
}

/** How the last runs of the scheduled tasks of this server ended. */
export function checkTasks(tasks: readonly ScheduledTask[] | FailoverError): CheckResult[] {
  if ('id' in tasks) return [result('Task', undefined, 'Skipped', tasks.message, tasks.remedy)];
  if (tasks.length === 0)
    return [
      result(
        'Task',
        undefined,
        'Warning',
        'No task of this server is scheduled',
        'Register them with Register-FailoverTask -Role, unless you run the cmdlets from a scheduler of your own.',
      ),
    ];
  return tasks.map(({ job, enabled, lastRun, lastResult }) => {
    const of = `The task ${job} (${jobs[job].command})`;
    if (!enabled) return result('Task', undefined, 'Failed', `${of} is disabled`, 'Enable it.');
    if (lastRun === undefined)
      return result('Task', undefined, 'Warning', `${of} has not run yet`, 'Start it once.');
    if (lastResult === 0) return result('Task', undefined, 'Passed', `${of} ended well`);
    const remedy = 'See Get-FailoverEvent, and run the cmdlet by hand.';
    return result('Task', undefined, 'Failed', `${of} ended with ${lastResult}`, remedy);
  });
}

/** How far this clock is from that of a web server: signatures of updates and all ages go by it. */
export async function checkClock(
  server: string,
  address: string,
  port: number,
  limits: ReadinessLimits,
  now: () => Date,
): Promise<CheckResult> {
  try {
    const there = await dateOf(address, port);
    // The header has whole seconds.
    const skew = Math.max(0, Math.abs(there.getTime() - now().getTime()) - 1000);
    const words = `The clocks of this server and of ${server} differ by ${Math.round(skew / 1000)} s`;
    if (skew <= limits.clockSkewMs) return result('Clock', undefined, 'Passed', words);
    return result(
      'Clock',
      undefined,
      'Failed',
      words,
      'Let both take their time from the same source (w32tm /resync).',
    );
  } catch (error) {
    return result('Clock', undefined, 'Skipped', `The clock of ${server} cannot be read: ${reason(error)}`);
  }
}

/** The Date header of whatever the server answers. */
function dateOf(address: string, port: number): Promise<Date> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port, method: 'HEAD', path: '/', timeout: 5000 }, (response) => {
      response.resume();
      const { date } = response.headers;
      if (date === undefined) reject(new Error('it sends no Date'));
      else resolve(new Date(date));
    });
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.on('error', reject);
    asked.end();
  });
}
