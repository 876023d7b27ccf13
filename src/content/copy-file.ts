import { constants, type Stats } from 'node:fs';
import { copyFile, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, reason, renameRetrying } from '../edge/files.ts';
import { FailoverError } from '../model/failover-error.ts';
import { examine } from './folder.ts';
import { temporaryName } from './temporary.ts';

/**
 * Copies one file with its modification time and, on POSIX, its mode. At the destination there is the old file or
 * the whole new one at any instant: the copy grows beside it and is renamed over it. It is not flushed to disk one
 * by one: after a power failure the comparison of the next run decides.
 * @param permit gives the copy its permissions before it takes its place
 * @returns the bytes copied
 * @throws FailoverError FileUnreadable, FileChangedMeanwhile, ContentCopyFailed, DiskFull
 */
export async function copyFileAtomically(
  from: string,
  to: string,
  permit?: (place: string) => Promise<void> | undefined,
): Promise<number> {
  const before = await examine(from);
  if (!before.isFile()) throw changedMeanwhile(from);
  const temporary = join(dirname(to), temporaryName());
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL);
    // Also tells a file that was swapped for a link to another one while it was read.
    if (!isSameVersion(before, await examine(from))) throw changedMeanwhile(from);
    await utimes(temporary, utime(before.mtimeMs), utime(before.mtimeMs));
    await permit?.(temporary);
    await renameRetrying(temporary, to);
    return before.size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // else the next run removes it
    throw copyError(error, from, to);
  }
}

function isSameVersion(a: Stats, b: Stats): boolean {
  return b.isFile() && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/** Node takes seconds, but a negative number for "now": times before 1970 need a Date, which has milliseconds. */
function utime(ms: number): number | Date {
  return ms < 0 ? new Date(Math.round(ms)) : ms / 1000;
}

function changedMeanwhile(path: string): FailoverError {
  return new FailoverError('FileChangedMeanwhile', `${path} was changed while it was copied`, {
    target: path,
  });
}

function copyError(error: unknown, from: string, to: string): FailoverError {
  if (error instanceof FailoverError) return error;
  const full = ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
  return new FailoverError(
    full ? 'DiskFull' : 'ContentCopyFailed',
    `Cannot copy ${from} to ${to}: ${reason(error)}`,
    { target: to, cause: error },
  );
}
