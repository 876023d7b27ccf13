import { chmodSync, lchownSync, type Stats } from 'node:fs';
import { examineSync } from '../content/folder-sync.ts';
import { nativePath } from '../content/native-name.ts';
import { decodePosix, encodePosix, posixAttributes, type PosixPermissions } from './posix.ts';
import type { Permissions } from './store.ts';
import { XattrStore } from './xattr-stores.ts';

export class PosixStore extends XattrStore {
  readonly kind = 'posix';
  readonly name = 'POSIX';
  /** Only root may give files away: elsewhere owners stay, and are not compared. */
  readonly #isRoot = process.geteuid?.() === 0;

  protected readOne(path: string): Permissions | undefined {
    const stats = examineSync(path);
    return stats === undefined ? undefined : encodePosix(this.#read(path, stats));
  }

  /**
   * What an item has, and what its copy (of the same kind) should have and has not; undefined where they are the same.
   * @throws FailoverError AclUnreadable
   */
  difference(from: string, ours: Stats, to: string, theirs: Stats): Permissions | undefined {
    const wanted = this.#readSafely(from, ours);
    const present = this.#readSafely(to, theirs);
    const isSame =
      wanted.owner?.uid === present.owner?.uid &&
      wanted.owner?.gid === present.owner?.gid &&
      isSameValue(wanted.access, present.access) &&
      isSameValue(wanted.fallback, present.fallback);
    return isSame ? undefined : encodePosix(wanted);
  }

  /** Gives a copy what the item has. @throws FailoverError AclUnreadable, AclNotWritable */
  carrySync(from: string, to: string): void {
    const permissions = this.readSync(from);
    if (permissions !== undefined) this.writeSync(to, permissions);
  }

  #readSafely(path: string, stats: Stats): PosixPermissions {
    try {
      return this.#read(path, stats);
    } catch (error) {
      throw this.failure('AclUnreadable', path, error);
    }
  }

  #read(path: string, stats: Stats): PosixPermissions {
    const isFolder = stats.isDirectory();
    const access = this.value(path, posixAttributes.access);
    const fallback = isFolder ? this.value(path, posixAttributes.fallback) : undefined;
    return this.#isRoot
      ? { isFolder, owner: { uid: stats.uid, gid: stats.gid }, access, fallback }
      : { isFolder, access, fallback };
  }

  protected writeOne(path: string, permissions: Permissions): void {
    const { isFolder, owner, access, fallback } = decodePosix(permissions);
    if (owner !== undefined && this.#isRoot) this.#giveTo(owner, path);
    this.#put(path, posixAttributes.access, access);
    if (isFolder) this.#put(path, posixAttributes.fallback, fallback);
  }

  /** A change of owner drops the set-user-id bits, which are part of the mode. */
  #giveTo({ uid, gid }: { readonly uid: number; readonly gid: number }, path: string): void {
    const stats = examineSync(path);
    if (stats === undefined || (stats.uid === uid && stats.gid === gid)) return;
    lchownSync(nativePath(path), uid, gid);
    if ((stats.mode & 0o7000) !== 0) chmodSync(nativePath(path), stats.mode & 0o7777);
  }

  #put(path: string, name: string, value: Buffer | undefined): void {
    const present = this.value(path, name); // reading is cheaper than writing the same
    if (value === undefined) {
      if (present !== undefined) this.attributes.remove(path, name);
    } else if (present?.equals(value) !== true) this.attributes.set(path, name, value);
  }
}

function isSameValue(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
