import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, reason } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { copyBytes, utime } from './copy-bytes.ts';
import { examineSync, unreadable } from './folder-sync.ts';
import { hashFile } from './hash.ts';
import { nativePath } from './native-name.ts';
import type { Shared } from './shared.ts';
import { temporaryName } from './temporary.ts';

export interface CopyFileOptions {
  readonly shared?: Shared;
  /** Reads the copy again and compares its SHA-256 with that of what was read. */
  readonly verify?: boolean;
  /** Where the file that is replaced is kept, on the same volume; its folder is made. */
  readonly keepAt?: string;
  /** Gives the finished copy its permissions before it takes its place. */
  readonly permit?: (from: string, temporary: string) => void;
  /** Leaves the copy under its temporary name, for placeCopy. */
  readonly stage?: boolean;
}

/** What was copied: the version of the file that is now at the destination. */
export interface CopiedFile {
  readonly size: number;
  readonly mtimeMs: number;
  /** Path of the copy until it takes its place. */
  readonly temporary: string;
}

/** A file that is written to gets so many chances, with a pause before each further one. */
const attempts = 3;
const pauseMs = 50;

/**
 * File times advance in ticks: a second change in the tick of the first has the same time. A file whose tick may not
 * be over is read after it.
 */
const tickMs = 20;

const onWindows = process.platform === 'win32';

/**
 * Copies one file with its modification time, its mode (POSIX) or attributes and alternate streams (Windows). At the
 * destination there is the old file or the whole new one at any instant: the copy grows beside it and is renamed over
 * it. It is not flushed to disk one by one: after a power failure the comparison of the next run decides. Blocks.
 * @throws FailoverError FileUnreadable, FileChangedMeanwhile, ContentCopyFailed, ContentVerifyFailed, DiskFull, Cancelled
 */
export function copyFileAtomically(from: string, to: string, options: CopyFileOptions = {}): CopiedFile {
  for (let attempt = 1; ; attempt++) {
    try {
      return copyOnce(from, to, options);
    } catch (error) {
      const isTransient = error instanceof FailoverError && transient.has(error.id);
      if (!isTransient || attempt === attempts) throw error;
      sleep(pauseMs);
    }
  }
}

const transient = new Set(['FileChangedMeanwhile', 'ContentVerifyFailed']);

function copyOnce(from: string, to: string, options: CopyFileOptions): CopiedFile {
  const temporary = `${dirname(to)}/${temporaryName()}`;
  try {
    const { size, mtimeMs } = onWindows
      ? copyWhole(from, temporary, options)
      : copyOpened(from, temporary, options);
    options.permit?.(from, temporary);
    if (options.stage !== true) placeCopy(temporary, to, options.keepAt);
    return { size, mtimeMs, temporary };
  } catch (error) {
    removeCopy(temporary);
    throw copyError(error, from, to);
  }
}

/** Renames a copy over what it is a copy for. Where that fails the copy is removed. @throws FailoverError ContentCopyFailed, DiskFull */
export function placeCopy(temporary: string, to: string, keepAt?: string): void {
  try {
    if (keepAt !== undefined) keep(to, keepAt);
    replace(temporary, to);
  } catch (error) {
    removeCopy(temporary);
    throw copyError(error, temporary, to);
  }
}

function removeCopy(temporary: string): void {
  try {
    rmSync(nativePath(temporary), { force: true });
  } catch {
    // else the next run removes it
  }
}

/** Through one open file: what is checked is what is read, and no link that takes its place is followed. */
function copyOpened(from: string, temporary: string, options: CopyFileOptions): Stats {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let source: number;
  try {
    source = openSync(nativePath(from), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw ['ELOOP', 'ENXIO'].includes(errorCode(error) ?? '')
      ? changedMeanwhile(from)
      : unreadable('file', from, error);
  }
  try {
    if (wasJustWritten(fstatSync(source))) sleep(tickMs);
    const before = fstatSync(source);
    if (!before.isFile()) throw changedMeanwhile(from);
    const hash = copyBytes(source, temporary, before, options);
    if (!isSameVersion(before, fstatSync(source))) throw changedMeanwhile(from);
    if (hash !== undefined && hash !== hashFile(temporary)) throw differs(from);
    return before;
  } finally {
    closeSync(source);
  }
}

/** CopyFileW carries streams and attributes, which reading and writing would lose. */
function copyWhole(from: string, temporary: string, { shared, verify }: CopyFileOptions): Stats {
  const found = examineSync(from);
  if (found !== undefined && wasJustWritten(found)) sleep(tickMs);
  const before = examineSync(from);
  if (before?.isFile() !== true) throw changedMeanwhile(from);
  shared?.take(before.size);
  copyFileSync(from, temporary, constants.COPYFILE_EXCL);
  const after = examineSync(from);
  // Also tells a file that was swapped for a link to another one while it was read.
  if (after === undefined || !isSameVersion(before, after)) throw changedMeanwhile(from);
  if (verify === true && hashFile(from) !== hashFile(temporary)) throw differs(from);
  utimesSync(temporary, utime(before.mtimeMs), utime(before.mtimeMs));
  shared?.count(before.size);
  return before;
}

function wasJustWritten({ mtimeMs }: Stats): boolean {
  return Math.abs(Date.now() - mtimeMs) < tickMs;
}

function isSameVersion(a: Stats, b: Stats): boolean {
  return b.isFile() && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/** A second name for the old file, so that there is no instant without one. */
function keep(path: string, keepAt: string): void {
  mkdirSync(nativePath(dirname(keepAt)), { recursive: true, mode: 0o700 });
  try {
    linkSync(nativePath(path), nativePath(keepAt));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return; // there is nothing to keep
    copyFileSync(nativePath(path), nativePath(keepAt), constants.COPYFILE_EXCL); // no hard links on this volume
  }
}

/** Windows refuses while a scanner or IIS holds the old file open for a moment, and always while it is read-only. */
function replace(temporary: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(nativePath(temporary), nativePath(to));
      return;
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '');
      if (!busy || !onWindows || attempt === 20) throw error;
      const isReadOnly = ((examineSync(to)?.mode ?? 0o200) & 0o200) === 0;
      if (isReadOnly) chmodSync(to, 0o666);
      else sleep(100);
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function changedMeanwhile(path: string): FailoverError {
  return failure('FileChangedMeanwhile.copying', { path }, { target: path });
}

function differs(path: string): FailoverError {
  return failure('ContentVerifyFailed', { path }, { target: path });
}

function copyError(error: unknown, from: string, to: string): FailoverError {
  if (error instanceof FailoverError) return error;
  const full = ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
  return failure(
    full ? 'DiskFull.copy' : 'ContentCopyFailed',
    { from, to, why: reason(error) },
    { target: to, cause: error },
  );
}
