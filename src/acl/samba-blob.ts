import { failure } from '../model/failover-error.ts';
import type { Permissions } from './store.ts';

/*
 * What Samba's vfs_acl_xattr keeps in security.NTACL: NDR of xattr_NTACL (Samba, librpc/idl/xattr.idl). All
 * little-endian:
 *
 *   version (2)  version again (2)  pointer (4), then by version
 *     1   nothing
 *     2   pointer (4)  hash (16)
 *     3   pointer (4)  hash type (2)  hash (64)
 *     4   as 3, and description (text, NUL)  NTTIME (8, aligned to 4)  hash (64)
 *   and, aligned to 4, the security descriptor, whose offsets count from the start of the whole blob.
 */

/** In version 1. */
const descriptorOffset = 8;
/** Any number but 0 says that there is something. */
const pointer = 0x00020000;
/** Where a self-relative descriptor has its four offsets. */
const offsetFields = [4, 8, 12, 16];

/**
 * The self-relative descriptor in a blob of any version.
 * @throws FailoverError AclInvalid
 */
export function fromSambaBlob(blob: Buffer): Permissions {
  const start = descriptorStart(blob);
  if (start === undefined || start + 20 > blob.length) throw failure('AclInvalid.samba');
  return shiftOffsets(blob.subarray(start), -start);
}

/**
 * Version 1, which has no hash: Samba takes it as it is, also where it else believes a descriptor only while the POSIX
 * permissions beside it are unchanged (`acl_xattr:ignore system acls = no`).
 */
export function toSambaBlob(permissions: Permissions): Buffer {
  const header = Buffer.alloc(descriptorOffset);
  header.writeUInt16LE(1, 0);
  header.writeUInt16LE(1, 2);
  header.writeUInt32LE(pointer, 4);
  return Buffer.concat([header, shiftOffsets(permissions, descriptorOffset)]);
}

function descriptorStart(blob: Buffer): number | undefined {
  const version = blob.length < 8 ? 0 : blob.readUInt16LE(0);
  if (version === 1) return descriptorOffset;
  if (version === 2) return 28;
  if (version === 3) return 80;
  if (version !== 4) return undefined;
  const end = blob.indexOf(0, 78);
  return end < 0 ? undefined : alignTo4(alignTo4(end + 1) + 8 + 64);
}

function alignTo4(offset: number): number {
  return (offset + 3) & ~3;
}

function shiftOffsets(descriptor: Buffer, by: number): Buffer {
  const shifted = Buffer.from(descriptor);
  for (const field of offsetFields) {
    const offset = shifted.readUInt32LE(field);
    if (offset === 0) continue;
    if (offset + by < 20 || offset + by > 0xffffffff) throw failure('AclInvalid.sambaOffset');
    shifted.writeUInt32LE(offset + by, field);
  }
  return shifted;
}
