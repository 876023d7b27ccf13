import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FailoverError, failure } from '../model/failover-error.ts';
import type { Clock } from './clock.ts';
import { readIfPresent, replaceFile, writeError } from './files.ts';
import { acquireLock } from './lock.ts';

/** The sign of life of a monitor: monitor.json in the state folder. Times are ISO 8601, UTC. */
export interface Heartbeat {
  readonly format: 1;
  readonly mode: 'round' | 'continuous';
  readonly host: string;
  readonly processId: number;
  readonly started: string;
  /** The last sign of life. */
  readonly time: string;
  readonly sites: number;
}

/** The continuous monitor gives a sign of life this often. */
export const heartbeatMs = 5000;

/** The right to watch and to switch, of one monitor in a state folder at a time. */
export interface MonitorLease {
  /** Gives a sign of life. */
  beat(sites: number): Promise<void>;
  /** True once another process may have taken the lock, as after a sleep of the machine. */
  isLost(): boolean;
  /** Takes a lost lock again. @throws FailoverError MonitorRunning where another monitor has it */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock `monitor.lock` of a state folder.
 * @throws FailoverError MonitorRunning naming process and host, FileNotWritable
 */
export async function leaseMonitor(
  folder: string,
  mode: Heartbeat['mode'],
  clock: Clock,
  signal: AbortSignal,
): Promise<MonitorLease> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw writeError(error, folder);
  });
  const started = clock.now().toISOString();
  const target = join(folder, 'monitor');
  let lost = false;
  const take = (): Promise<() => Promise<void>> =>
    acquireLock(target, 0, signal, () => (lost = true)).catch(async (error: unknown) => {
      if (!(error instanceof FailoverError) || error.id !== 'LockHeld') throw error;
      throw runningError(folder, await readHeartbeat(folder).catch(() => undefined), error);
    });
  let release = await take();
  return {
    beat: async (sites) => {
      const beat: Heartbeat = {
        format: 1,
        mode,
        host: hostname(),
        processId: process.pid,
        started,
        time: clock.now().toISOString(),
        sites,
      };
      await replaceFile(join(folder, 'monitor.json'), `${JSON.stringify(beat, undefined, 2)}\n`);
    },
    isLost: () => lost,
    renew: async () => {
      await release().catch(() => undefined); // it is not ours any more
      lost = false;
      release = await take();
    },
    release: () => release().catch(() => undefined),
  };
}

/** The last sign of life of a monitor, or undefined where none ever ran. */
export async function readHeartbeat(folder: string): Promise<Heartbeat | undefined> {
  const path = join(folder, 'monitor.json');
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as Heartbeat;
  } catch (error) {
    throw failure('StateUnreadable.notJson', { path }, { target: path, cause: error });
  }
}

function runningError(folder: string, owner: Heartbeat | undefined, cause: unknown): FailoverError {
  const options = { target: folder, cause };
  if (owner === undefined) return failure('MonitorRunning.unknown', { folder }, options);
  const { mode, processId, host, time } = owner;
  return failure('MonitorRunning.known', { folder, mode, processId, host, time }, options);
}
