import { reason } from '../edge/files.ts';
import { FailoverError, failure, toFailoverError } from '../model/failover-error.ts';
import { decodeDescriptor, encodeDescriptor } from './descriptor-binary.ts';
import { fromSambaBlob, toSambaBlob } from './samba-blob.ts';
import type { AclKind, AclStore, Permissions } from './store.ts';
import type { ExtendedAttributes } from './xattr.ts';

/*
 * The stores of Linux:
 *
 *   store   attribute                                        holds
 *   ------  -----------------------------------------------  -------------------------------------------------
 *   ntfs    system.ntfs_acl                                  the raw descriptor (ntfs-3g mounted with permissions)
 *   samba   security.NTACL                                   Samba's blob around it (vfs objects = acl_xattr)
 *   posix   system.posix_acl_access, system.posix_acl_default  POSIX ACLs; with owner and group (posix-store.ts)
 */

/** Calls are synchronous, a few microseconds each: this many at a time, so that the process stays responsive. */
const pause = 256;

export abstract class XattrStore implements AclStore {
  abstract readonly kind: AclKind;
  abstract readonly name: string;
  protected readonly attributes: ExtendedAttributes;

  constructor(attributes: ExtendedAttributes) {
    this.attributes = attributes;
  }

  protected abstract readOne(path: string): Permissions | undefined;
  protected abstract writeOne(path: string, permissions: Permissions): void;

  async read(paths: readonly string[]): Promise<(Permissions | FailoverError | undefined)[]> {
    const replies: (Permissions | FailoverError | undefined)[] = [];
    for (const path of paths) {
      if (replies.length % pause === pause - 1) await new Promise(setImmediate);
      try {
        replies.push(this.readSync(path));
      } catch (error) {
        replies.push(toFailoverError(error, path));
      }
    }
    return replies;
  }

  write(path: string, permissions: Permissions): Promise<void> {
    try {
      this.writeSync(path, permissions);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(toFailoverError(error, path));
    }
  }

  /** @throws FailoverError AclUnreadable */
  readSync(path: string): Permissions | undefined {
    try {
      return this.readOne(path);
    } catch (error) {
      throw this.failure('AclUnreadable', path, error);
    }
  }

  /** @throws FailoverError AclNotWritable */
  writeSync(path: string, permissions: Permissions): void {
    try {
      this.writeOne(path, permissions);
    } catch (error) {
      throw this.failure('AclNotWritable', path, error);
    }
  }

  protected value(path: string, name: string): Buffer | undefined {
    const reply = this.attributes.get(path, name);
    return typeof reply === 'string' ? undefined : reply;
  }

  protected failure(id: 'AclUnreadable' | 'AclNotWritable', path: string, error: unknown): FailoverError {
    if (error instanceof FailoverError && error.id !== 'AclInvalid') return error;
    const why = error instanceof FailoverError ? error.message : reason(error);
    return failure(
      id,
      { path, why },
      {
        target: path,
        cause: toFailoverError(error, path),
      },
    );
  }
}

export const ntfsAttribute = 'system.ntfs_acl';
export const sambaAttribute = 'security.NTACL';

/** These stores take whole descriptors: what the new one leaves open is taken from the present one. */
function withOther(permissions: Permissions, present: Permissions | undefined): Permissions {
  if (present === undefined) return permissions;
  return encodeDescriptor({ ...decodeDescriptor(present), ...decodeDescriptor(permissions) });
}

export class NtfsStore extends XattrStore {
  readonly kind = 'nt';
  readonly name = `NTFS (${ntfsAttribute})`;

  protected readOne(path: string): Permissions | undefined {
    return this.value(path, ntfsAttribute);
  }

  protected writeOne(path: string, permissions: Permissions): void {
    this.attributes.set(path, ntfsAttribute, withOther(permissions, this.readOne(path)));
  }
}

export class SambaStore extends XattrStore {
  readonly kind = 'nt';
  readonly name = `Samba (${sambaAttribute})`;

  protected readOne(path: string): Permissions | undefined {
    const blob = this.value(path, sambaAttribute);
    return blob === undefined ? undefined : fromSambaBlob(blob);
  }

  protected writeOne(path: string, permissions: Permissions): void {
    this.attributes.set(path, sambaAttribute, toSambaBlob(withOther(permissions, this.readOne(path))));
  }
}
