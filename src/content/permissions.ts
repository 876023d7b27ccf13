import { PosixStore } from '../acl/posix-store.ts';
import { extendedAttributes } from '../acl/xattr.ts';
import type { Job } from './job.ts';

/*
 * POSIX permissions are the same on both sides and read by calls that do not wait, so that the threads that compare
 * and copy files carry them as well. Others need accounts that only the main thread can look up (see AclCarrier).
 */

let store: PosixStore | undefined;

/** To be called in a thread before the first job that carries permissions. @throws FailoverError AclStoreMissing */
export async function preparePermissions({ sides }: Pick<Job, 'sides'>): Promise<void> {
  if (sides.permissions === 'posix') store ??= new PosixStore(await extendedAttributes());
}

/** Undefined where this thread carries none. */
export function permissionsOf({ permissions }: Job['sides']): PosixStore | undefined {
  return permissions === 'posix' ? store : undefined;
}
