import { chmodSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { reason, writeError } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { utime } from './copy-bytes.ts';
import { below, examineSync } from './folder-sync.ts';
import type { FolderToScan, Removal } from './job.ts';
import { nativePath } from './native-name.ts';
import { permissionsOf } from './permissions.ts';
import { parentOf, type CopyRun } from './run.ts';
import { temporaryName } from './temporary.ts';

/** Folders of the primary may deny their owner what we need to put files in. */
const ourRights = 0o700;
const modeBits = 0o7777;

/** Removes unfinished files, changes the case of names, and moves away what is of another kind. */
export async function makeRoom(run: CopyRun): Promise<void> {
  const { destination, leftovers, obstacles, renamed } = run.plan;
  for (const path of leftovers) {
    run.touchParentOf(path);
    try {
      rmSync(nativePath(below(destination, path)), { force: true });
    } catch {
      // no content; tried again by the next run
    }
  }
  await each(run, obstacles, (removal) => quarantine(run, removal));
  await each(run, renamed, ([from, to]) => changeCase(run, from, to));
}

/** By way of another name: some systems see no difference between the two and do nothing. */
function changeCase(run: CopyRun, from: string, to: string): void {
  const { destination } = run.plan;
  const between = below(below(destination, parentOf(to)), temporaryName());
  run.touchParentOf(to);
  try {
    renameSync(nativePath(below(destination, from)), nativePath(between));
    renameSync(nativePath(between), nativePath(below(destination, to)));
  } catch (error) {
    throw writeError(error, below(destination, to));
  }
}

export async function createFolders(run: CopyRun): Promise<void> {
  await each(run, run.plan.folders, async ({ path, mode }) => {
    const folder = below(run.plan.destination, path);
    try {
      mkdirSync(nativePath(folder), { recursive: true });
      if (process.platform !== 'win32') chmodSync(nativePath(folder), (mode & modeBits) | ourRights);
      await permit(run, path, folder);
      run.touchParentOf(path);
      run.touched.add(path);
      run.foldersCreated++;
    } catch (error) {
      throw writeError(error, folder);
    }
  });
}

/** A folder that is there without its permissions is no failure of the folder. */
async function permit(run: CopyRun, path: string, folder: string): Promise<void> {
  await run.context.permit?.(path, folder);
  try {
    permissionsOf(run.plan.sides)?.carrySync(below(run.plan.source, path), folder);
  } catch (error) {
    run.fail(error);
  }
}

/**
 * Moves to the quarantine what only the destination has, if the source still has not. A source that went away looks
 * the same but for its folders.
 * @throws FailoverError ContentSourceVanished
 */
export async function removeExtra(run: CopyRun): Promise<void> {
  const { source, site, extra, scanned } = run.plan;
  const wasThere = new Set(extra.length === 0 ? [] : scanned.map(({ path }) => path));
  await each(run, extra, (removal) => {
    const parent = parentOf(removal.path);
    if (wasThere.has(parent) && !isFolder(below(source, parent))) {
      if (isFolder(source)) return; // deleted since: the next plan knows
      throw failure('ContentSourceVanished.deleting', { site, source }, { target: site });
    }
    if (examineSync(below(source, removal.path)) === undefined) quarantine(run, removal);
  });
}

/** Also where a link leads to one, as the root may be. */
function isFolder(path: string): boolean {
  return examineSync(`${path}/.`)?.isDirectory() === true;
}

function quarantine(run: CopyRun, { path, files }: Removal): void {
  if (!run.quarantine.take(run.plan.destination, path)) return;
  run.touchParentOf(path);
  run.filesDeleted += files;
}

/** Sets times and modes: last, because each file that arrives changes its folder's time. */
export async function setTimesAndModes(run: CopyRun): Promise<void> {
  const { destination, scanned, modes } = run.plan;
  await each(run, modes, ({ path, mode }) => {
    const file = below(destination, path);
    try {
      chmodSync(nativePath(file), mode);
    } catch (error) {
      throw writeError(error, file);
    }
  });
  await each(run, scanned, (folder) => {
    if (folder.path !== '' && needsTimes(run, folder)) setTimes(below(destination, folder.path), folder);
  });
}

/** Of the root: once the lock is out of it. */
export async function setRootTime(run: CopyRun): Promise<void> {
  const root = run.plan.scanned.filter(({ path }) => path === '');
  await each(run, root, (folder) => setTimes(run.plan.destination, folder));
}

function needsTimes(run: CopyRun, { path, ours, theirs }: FolderToScan): boolean {
  if (theirs === undefined || run.touched.has(path)) return true;
  const isLate = Math.abs(ours.mtimeMs - theirs.mtimeMs) > run.plan.sides.timeTolerance;
  return isLate || ((ours.mode | ourRights) & modeBits) !== (theirs.mode & modeBits);
}

function setTimes(path: string, { ours }: FolderToScan): void {
  try {
    const time = utime(ours.mtimeMs);
    utimesSync(nativePath(path), time, time);
    if (process.platform !== 'win32') chmodSync(nativePath(path), (ours.mode & modeBits) | ourRights);
  } catch (error) {
    throw failure('FileNotWritable.time', { path, why: reason(error) }, { target: path, cause: error });
  }
}

/** Does something for each item; a failure is that item's own. Lets other work in now and then. */
async function each<T>(
  run: CopyRun,
  items: Iterable<T>,
  work: (item: T) => void | Promise<void>,
): Promise<void> {
  let until = performance.now() + 20;
  for (const item of items) {
    if (run.isOver) return;
    try {
      const pending = work(item);
      if (pending !== undefined) await pending;
    } catch (error) {
      if (error instanceof FailoverError && error.id === 'ContentSourceVanished') throw error;
      run.fail(error);
    }
    if (performance.now() > until) {
      await setImmediate();
      until = performance.now() + 20;
    }
  }
}
