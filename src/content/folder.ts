import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, reason } from '../edge/files.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { parsePath, startsWith } from '../model/path-map.ts';

/** `link`: symbolic link or junction. `special`: FIFO, socket, device; opening one may block for ever. */
export type EntryKind = 'file' | 'folder' | 'link' | 'special';

export function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'special';
}

/** The entries of a folder; FileUnreadable where it cannot be listed. */
export async function list(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw unreadable('folder', path, error);
  }
}

/** Size, times and mode of the item itself (a link is not followed); FileUnreadable where that fails. */
export async function examine(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (error) {
    throw unreadable('file', path, error);
  }
}

/** As stat; undefined where there is nothing. */
export async function statIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unreadable('folder', path, error);
  }
}

/**
 * Refuses a destination that is the source or lies in it once links are resolved: the copy would feed itself.
 * @throws FailoverError ContentDestinationInvalid
 */
export async function requireSeparate(source: string, destination: string, target: string): Promise<void> {
  const from = await realpath(source);
  const to = await realpathOfPart(destination);
  if (startsWith(parsePath(to), parsePath(from)))
    throw failure('ContentDestinationInvalid.inside', { destination, source }, { target });
}

/** The real path of as much of it as there is. */
async function realpathOfPart(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realpathOfPart(parent), basename(path));
  }
}

function unreadable(what: string, path: string, error: unknown): FailoverError {
  return failure('FileUnreadable.ofKind', { what, path, why: reason(error) }, { target: path, cause: error });
}
