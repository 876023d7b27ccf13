import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { whileBusy } from './busy.ts';
import { FailoverError, failure } from '../model/failover-error.ts';

/** SHA-256 of the bytes, lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The file's bytes, or undefined where there is none. Other faults become FileUnreadable. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await whileBusy(() => readFile(path), ['EBUSY']);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw failure('FileUnreadable.file', { path, why: reason(error) }, { target: path, cause: error });
  }
}

/** The file's bytes; FileNotFound or FileUnreadable where that fails. */
export async function readRequired(path: string): Promise<Buffer> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) throw failure('FileNotFound', { path }, { target: path });
  return bytes;
}

export interface ReplaceOptions {
  /**
   * SHA-256 of the content the caller read, or null for "there was no file". The file is read once more
   * just before the replacement, and FileChangedMeanwhile is thrown when it differs.
   */
  readonly expected?: string | null;
  /** Mode for a file that is new (default 0o600: backups, state and settings are for administrators). */
  readonly mode?: number;
  /** Gives the new file, before it takes the place of an old one, what the mode does not say. */
  readonly adopt?: (fresh: string, old: string) => Promise<void>;
}

/**
 * Replaces a file so that a reader sees either the old or the new content, never a part, whatever
 * happens in between: a temporary file beside it is written and flushed, then renamed over it. The new file has the
 * mode of the old one, and its owner where this account may give files away; POSIX ACLs and extended attributes are
 * out of Node's reach.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  options: ReplaceOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const existing = await stat(path).catch(() => undefined);
    await writeFlushed(temporary, content, existing ?? { mode: options.mode ?? 0o600 });
    if (existing !== undefined) await options.adopt?.(temporary, path);
    if (options.expected !== undefined) {
      const current = await readIfPresent(path);
      const hash = current === undefined ? null : sha256(current);
      if (hash !== options.expected) {
        throw failure('FileChangedMeanwhile.byOther', { path }, { target: path });
      }
    }
    await renameRetrying(temporary, path);
    await flushDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, path);
  }
}

/**
 * Removes the temporary files that runs killed within replaceFile left of these files in a folder. Call it under
 * the lock that all writers of them take.
 */
export async function removeLeftovers(folder: string, isTarget: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const target = /^\.(.+)\.[0-9a-f]{12}\.tmp$/.exec(entry)?.[1];
    if (target !== undefined && isTarget(target)) await rm(join(folder, entry), { force: true });
  }
}

/** A write that failed, as FileNotWritable or DiskFull; errors that are ours already pass unchanged. */
export function writeError(error: unknown, path: string): Error {
  if (error instanceof FailoverError) return error;
  const code = errorCode(error);
  const id = code === 'ENOSPC' || code === 'EDQUOT' ? 'DiskFull' : 'FileNotWritable';
  return failure(`${id}.write`, { path, why: reason(error) }, { target: path, cause: error });
}

/** The `code` of a Node system error (ENOENT, EACCES, …), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A system error in a few words, without the path that Node repeats. */
export function reason(error: unknown): string {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'access is denied';
    case 'EROFS':
      return 'the volume is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENOENT':
      return 'the folder or file does not exist';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of the path is not a folder';
    case 'EBUSY':
      return 'it is in use by another program';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

async function writeFlushed(
  path: string,
  content: Uint8Array | string,
  like: { readonly mode: number; readonly uid?: number; readonly gid?: number },
): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    if (process.platform !== 'win32') {
      const made = await handle.stat();
      const { uid = made.uid, gid = made.gid } = like;
      if (uid !== made.uid || gid !== made.gid) await handle.chown(uid, gid).catch(() => undefined);
      await handle.chmod(like.mode & 0o7777); // the mode given to open is cut by the umask
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows refuses to rename over a file that a scanner or IIS holds open for a moment. */
export async function renameRetrying(from: string, to: string): Promise<void> {
  return whileBusy(() => rename(from, to), ['EPERM', 'EACCES', 'EBUSY']);
}

/** Makes the rename itself durable; Windows has no such call for folders. */
export async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Another text whenever a file is another one than before; `missing` where there is none. */
export async function fileStamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'missing' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
