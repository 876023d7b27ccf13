import { failure } from '../model/failover-error.ts';
import type { Permissions } from './store.ts';

export const posixAttributes = {
  access: 'system.posix_acl_access',
  fallback: 'system.posix_acl_default',
} as const;

/** Owner and POSIX ACLs; modes are carried with the content itself. */
export interface PosixPermissions {
  readonly isFolder: boolean;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** The attributes' values (acl(5), linux/posix_acl_xattr.h); accounts are numbers and are carried as they are. */
  readonly access: Buffer | undefined;
  /** The default ACL of a folder, which new items in it get. */
  readonly fallback: Buffer | undefined;
}

/*
 * One value for the seam: flags (1: folder, 2: owner known), uid (4), gid (4), length of the access ACL (4; 0xffffffff
 * where there is none), the access ACL, and the default ACL where anything is left (an ACL is never empty: it has a
 * version). Little-endian.
 */
const headerLength = 13;
const none = 0xffffffff;

export function encodePosix({ isFolder, owner, access, fallback }: PosixPermissions): Permissions {
  const header = Buffer.alloc(headerLength);
  header[0] = (isFolder ? 1 : 0) | (owner === undefined ? 0 : 2);
  header.writeUInt32LE(owner?.uid ?? 0, 1);
  header.writeUInt32LE(owner?.gid ?? 0, 5);
  header.writeUInt32LE(access?.length ?? none, 9);
  return Buffer.concat([header, ...(access ? [access] : []), ...(fallback ? [fallback] : [])]);
}

/** @throws FailoverError AclInvalid */
export function decodePosix(bytes: Permissions): PosixPermissions {
  const length = bytes.length < headerLength ? 0 : bytes.readUInt32LE(9);
  const end = headerLength + (length === none ? 0 : length);
  if (end > bytes.length) throw failure('AclInvalid.posix');
  return {
    isFolder: (bytes[0]! & 1) !== 0,
    ...((bytes[0]! & 2) === 0 ? {} : { owner: { uid: bytes.readUInt32LE(1), gid: bytes.readUInt32LE(5) } }),
    access: length === none ? undefined : bytes.subarray(headerLength, end),
    fallback: end === bytes.length ? undefined : bytes.subarray(end),
  };
}
