import { isSameDescriptor, type SecurityDescriptor } from '../acl/descriptor.ts';
import { parseSddl } from '../acl/sddl.ts';

/** Who may use a folder. `nt`: a DACL in SDDL. `posix`: owner, group and the nine bits of the mode. */
export type Access =
  | { readonly kind: 'nt'; readonly sddl: string }
  | { readonly kind: 'posix'; readonly mode: number; readonly uid: number; readonly gid: number };

/** An account as this server knows it. */
export type AccountId =
  | { readonly kind: 'nt'; readonly sid: string }
  | { readonly kind: 'posix'; readonly uid: number; readonly gid: number };

/** `modify`: all but taking ownership and changing permissions. */
export interface Grant {
  readonly account: AccountId;
  readonly right: 'read' | 'modify';
}

/** FILE_GENERIC_READ with FILE_EXECUTE, and with writing and DELETE: icacls' RX and M. */
const masks = { read: '0x1200a9', modify: '0x1301bf' } as const;

/**
 * The DACL of a folder for SYSTEM, Administrators and these accounts, and no one else: nothing is inherited from
 * above, all of it by what is within.
 */
export function folderSddl(grants: readonly Grant[]): string {
  return `D:P${entries(grants, 'OICI')}`;
}

/** The same of a share: SYSTEM never comes over the network. */
export function shareSddl(grants: readonly Grant[]): string {
  const entry = grants.map((grant) => ace(grant, '')).join('');
  return `O:SYG:SYD:(A;;FA;;;BA)${entry}`;
}

function entries(grants: readonly Grant[], flags: string): string {
  const fixed = ['SY', 'BA'].map((alias) => `(A;${flags};FA;;;${alias})`);
  return [...fixed, ...grants.map((grant) => ace(grant, flags))].join('');
}

function ace({ account, right }: Grant, flags: string): string {
  if (account.kind !== 'nt') throw new RangeError('A descriptor names accounts by SID');
  return `(A;${flags};${masks[right]};;;${account.sid})`;
}

/**
 * A folder for its owner alone. One account can be given a mode: it owns the folder where it modifies it, and is its
 * group where it reads it.
 */
export function folderMode(grants: readonly Grant[], owner: { uid: number; gid: number }): Access {
  const [grant] = grants;
  if (grant === undefined) return { kind: 'posix', mode: 0o700, ...owner };
  if (grant.account.kind !== 'posix') throw new RangeError('A mode names accounts by number');
  const { uid, gid } = grant.account;
  if (uid === owner.uid || grant.right === 'modify') return { kind: 'posix', mode: 0o700, uid, gid };
  return { kind: 'posix', mode: 0o750, uid: owner.uid, gid };
}

/** True where both give the same rights to the same accounts. */
export function sameAccess(a: Access, b: Access): boolean {
  if (a.kind === 'posix')
    return b.kind === 'posix' && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
  return b.kind === 'nt' && sameDacl(a.sddl, b.sddl);
}

/** Compares the DACLs alone. Whether Windows keeps the inherited entries up to date is no right. */
export function sameDacl(a: string, b: string): boolean {
  return isSameDescriptor(daclOf(a), daclOf(b));
}

function daclOf(sddl: string): SecurityDescriptor {
  const { dacl } = parseSddl(sddl);
  return dacl === undefined ? {} : { dacl: { ...dacl, isAutoInherited: false } };
}

/** `mode 0700 of 0:0`, or the SDDL. */
export function describeAccess(access: Access): string {
  if (access.kind === 'nt') return access.sddl;
  return `mode ${access.mode.toString(8).padStart(4, '0')} of ${access.uid}:${access.gid}`;
}
