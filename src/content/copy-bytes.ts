import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  futimesSync,
  openSync,
  readSync,
  type Stats,
  utimesSync,
  writeSync,
} from 'node:fs';
import { nativePath } from './native-name.ts';
import type { Shared } from './shared.ts';

/** From this size on a clone (FICLONE: btrfs, XFS, ZFS) is worth an attempt. */
const cloneFrom = 1024 * 1024;
/** One buffer for each thread: files are copied one after the other. */
const buffer = Buffer.allocUnsafeSlow(512 * 1024);
const limitedChunk = 64 * 1024;

/** Volumes between which no clone can be made, as `device:device`. */
const noClone = new Set<string>();

export interface CopyBytesOptions {
  readonly shared?: Shared;
  readonly verify?: boolean;
}

/**
 * Writes what an open file holds into a new one, with its time and mode.
 * @returns the SHA-256 of what was read, where that was asked for
 */
export function copyBytes(
  source: number,
  to: string,
  stats: Stats,
  options: CopyBytesOptions,
): string | undefined {
  if (options.verify !== true && stats.size >= cloneFrom && clone(source, to, stats)) {
    options.shared?.count(stats.size);
    return undefined;
  }
  const hash = options.verify === true ? createHash('sha256') : undefined;
  const mode = stats.mode & 0o7777;
  const target = openSync(nativePath(to), 'wx', mode);
  try {
    const chunk = options.shared?.isLimited === true ? limitedChunk : buffer.length;
    let done = 0;
    do {
      const wanted = Math.min(chunk, stats.size - done);
      options.shared?.throwIfStopped();
      options.shared?.take(wanted);
      const length = wanted === 0 ? 0 : readSync(source, buffer, 0, wanted, null);
      if (length === 0) break; // shorter than it was: the comparison after it tells
      for (let written = 0; written < length;)
        written += writeSync(target, buffer, written, length - written, null);
      hash?.update(buffer.subarray(0, length));
      options.shared?.count(length);
      done += length;
    } while (done < stats.size);
    if ((mode & process.umask()) !== 0 || mode > 0o777) fchmodSync(target, mode);
    const seconds = utime(stats.mtimeMs);
    futimesSync(target, seconds, seconds);
  } finally {
    closeSync(target);
  }
  return hash?.digest('hex');
}

/** Shares the blocks of the file where the volume can; false where it cannot. */
function clone(source: number, to: string, stats: Stats): boolean {
  const volumes = `${stats.dev}`;
  if (process.platform !== 'linux' || noClone.has(volumes)) return false;
  try {
    copyFileSync(
      `/proc/self/fd/${source}`,
      nativePath(to),
      constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE,
    );
  } catch {
    noClone.add(volumes);
    return false;
  }
  const seconds = utime(stats.mtimeMs);
  utimesSync(nativePath(to), seconds, seconds);
  return true;
}

/** Node takes seconds, but a negative number for "now": times before 1970 need a Date, which has milliseconds. */
export function utime(ms: number): number | Date {
  return ms < 0 ? new Date(Math.round(ms)) : ms / 1000;
}
