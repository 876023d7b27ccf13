import fs from 'node:fs';
import { mkdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { failure } from '../model/failover-error.ts';
import { errorCode, writeError } from './files.ts';

/** Who holds a lock: the content of the file `owner` in its folder. */
interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** A lock that was not refreshed for so long is a dead run's, whoever held it. */
const staleMs = 10_000;
const refreshMs = 5_000;
/** Longer than that: the next run after a kill goes on by itself, also where the killed one had not yet said who it was. */
export const lockWaitMs = 15_000;

/**
 * Runs `work` while holding the lock of `target`: a folder `target.lock` beside it, refreshed while held. The lock of
 * a dead run is taken over: at once where the run was on this machine and its process is gone, else ten seconds after
 * its last refresh.
 * @throws FailoverError LockHeld when another run keeps it for `waitMs`, FileNotWritable where no lock can be made;
 * the reason of the signal when that fires while waiting
 */
export async function withLock<T>(
  target: string,
  work: () => Promise<T>,
  waitMs = lockWaitMs,
  signal?: AbortSignal,
): Promise<T> {
  const release = await acquireLock(target, waitMs, signal);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined); // a lock that was taken over has nothing left to release
  }
}

/**
 * Takes the lock that withLock describes, and answers how to give it back.
 * @param onLost called when another run has taken it over
 */
export async function acquireLock(
  target: string,
  waitMs: number,
  signal?: AbortSignal,
  onLost: () => void = () => undefined,
): Promise<() => Promise<void>> {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      return await lockfile.lock(target, {
        realpath: false,
        fs: owned,
        // Taking over is done here: proper-lockfile's own way lets two runs that find one stale lock both have it.
        stale: Number.MAX_SAFE_INTEGER,
        update: refreshMs,
        // By default a lock that someone removed ends the process, from a timer.
        onCompromised: onLost,
      });
    } catch (error) {
      // proper-lockfile's own retries would repeat every other fault as well.
      if (errorCode(error) !== 'ELOCKED') throw writeError(error, target);
      if (await removeDeadLock(`${target}.lock`)) continue;
      if (performance.now() >= until) throw failure('LockHeld', { target }, { target, cause: error });
    }
    await setTimeout(100, undefined, signal ? { signal } : {});
  }
}

/** The file system as proper-lockfile sees it: the folder that is the lock has its owner's name in it. */
const owned = {
  ...fs,
  mkdir: (path: string, done: (error: NodeJS.ErrnoException | null) => void): void => {
    const owner: Owner = { host: hostname(), pid: process.pid };
    fs.mkdir(path, (error) => {
      if (error !== null) return done(error);
      // Where the owner cannot be written the lock is good, and is taken over by its age alone.
      fs.writeFile(join(path, 'owner'), JSON.stringify(owner), () => done(null));
    });
  },
  rmdir: (path: string, done: (error: NodeJS.ErrnoException | null) => void): void =>
    fs.rm(path, { recursive: true }, done),
  rmdirSync: (path: string): void => fs.rmSync(path, { recursive: true }),
};

/**
 * Removes a lock whose run is dead. Of several runs that find it only one does so, under a lock of its own, and not
 * before it looked again: a lock that another run has taken since is not dead.
 */
async function removeDeadLock(lock: string): Promise<boolean> {
  if (!(await isDead(lock))) return false;
  const guard = `${lock}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    if (await isOld(guard)) await rmdir(guard).catch(() => undefined); // its run died within these few calls
    return false;
  }
  try {
    if (!(await isDead(lock))) return false;
    await rm(lock, { recursive: true });
    return true;
  } catch {
    return false;
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function isDead(lock: string): Promise<boolean> {
  const owner = await ownerOf(lock);
  if (owner?.host === hostname() && !isRunning(owner.pid)) return true;
  return isOld(lock);
}

async function ownerOf(lock: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(lock, 'owner'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Another user's process cannot be signalled, but is there. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleMs;
}
