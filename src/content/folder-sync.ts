import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { sep } from 'node:path';
import { reason } from '../edge/files.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { decodeName, nativePath } from './native-name.ts';

/*
 * Synchronous, because they run in worker threads: a call that does not go through the event loop costs a fifth.
 * Paths may hold bytes that are no text (see native-name.ts). `/` separates the names of a path below a root.
 */

/** The names in a folder; FileUnreadable where it cannot be listed. */
export function listSync(path: string): string[] {
  try {
    const names = readdirSync(nativePath(path));
    if (process.platform === 'win32' || !names.some((name) => name.includes('\ufffd'))) return names;
    return readdirSync(nativePath(path), 'buffer').map(decodeName);
  } catch (error) {
    throw unreadable('folder', path, error);
  }
}

/** Of the item itself (a link is not followed); undefined where there is nothing; else FileUnreadable. */
export function examineSync(path: string): Stats | undefined {
  try {
    return lstatSync(nativePath(path), { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable('file', path, error);
  }
}

export function unreadable(what: 'file' | 'folder', path: string, error: unknown): FailoverError {
  return failure('FileUnreadable.ofKind', { what, path, why: reason(error) }, { target: path, cause: error });
}

/** `base` for an empty path. With the separators of this system, since messages show it. */
export function below(base: string, path: string): string {
  if (path === '') return base;
  return base + sep + (sep === '/' ? path : path.replaceAll('/', sep));
}
