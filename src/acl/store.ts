import type { FailoverError } from '../model/failover-error.ts';

/** `nt`: security descriptors (MS-DTYP 2.4.6). `posix`: owner and POSIX ACLs. */
export type AclKind = 'nt' | 'posix';

/** What a store holds for one item; only stores of the same kind understand each other's. */
export type Permissions = Buffer;

/** Where permissions are kept. An `nt` store gives and takes self-relative security descriptors. */
export interface AclStore {
  readonly kind: AclKind;
  /** For messages: `NTFS (system.ntfs_acl)`. */
  readonly name: string;
  /**
   * One answer for each path: undefined where there is no such item or it has no permissions of its own, an
   * AclUnreadable where they could not be read.
   */
  read(paths: readonly string[]): Promise<(Permissions | FailoverError | undefined)[]>;
  /**
   * Sets what `permissions` holds; parts it does not hold stay as they are.
   * @throws FailoverError AclNotWritable; FileNotFound is no error of its own
   */
  write(path: string, permissions: Permissions): Promise<void>;
}
