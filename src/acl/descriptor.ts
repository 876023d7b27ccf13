import { isDeepStrictEqual } from 'node:util';

/** The kinds of entries that name one account and rights (MS-DTYP 2.4.4.1: types 0, 1, 2 and 0x11). */
export type AceKind = 'allow' | 'deny' | 'audit' | 'label';

/** AceFlags (MS-DTYP 2.4.4.1). */
export const aceFlags = {
  objectInherit: 0x01,
  containerInherit: 0x02,
  noPropagate: 0x04,
  inheritOnly: 0x08,
  inherited: 0x10,
  auditSuccess: 0x40,
  auditFailure: 0x80,
} as const;

export interface AccountAce {
  readonly kind: AceKind;
  readonly flags: number;
  /** Access mask, 0 to 0xffffffff (MS-DTYP 2.4.3). */
  readonly mask: number;
  readonly sid: string;
}

/** An entry of another type (object, conditional, resource attribute): carried byte by byte, never interpreted. */
export interface OpaqueAce {
  readonly kind: 'opaque';
  readonly type: number;
  readonly flags: number;
  /** What follows the four bytes of the header, in hexadecimal. */
  readonly body: string;
}

export type Ace = AccountAce | OpaqueAce;

export interface Acl {
  /** No entries are inherited from above (SDDL's P). */
  readonly isProtected: boolean;
  /** Windows keeps the inherited entries up to date (SDDL's AI). */
  readonly isAutoInherited: boolean;
  /** In order; null is a null ACL, which allows everything to everyone. */
  readonly aces: readonly Ace[] | null;
}

/** A security descriptor; a part that is absent is not there or was not read. SIDs as S-1-.... */
export interface SecurityDescriptor {
  readonly owner?: string;
  readonly group?: string;
  readonly dacl?: Acl;
  /** The audit entries. */
  readonly sacl?: Acl;
}

/**
 * True where both mean the same: entries that differ only in an order that changes nothing are the same. A part that
 * one of them has not is not compared.
 */
export function isSameDescriptor(a: SecurityDescriptor, b: SecurityDescriptor): boolean {
  const isSame = <T>(one: T | undefined, other: T | undefined, compare: (one: T, other: T) => boolean) =>
    one === undefined || other === undefined || compare(one, other);
  return (
    isSame(a.owner, b.owner, Object.is) &&
    isSame(a.group, b.group, Object.is) &&
    isSame(a.dacl, b.dacl, isSameAcl) &&
    isSame(a.sacl, b.sacl, isSameAcl)
  );
}

function isSameAcl(a: Acl, b: Acl): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

function comparable(acl: Acl): Acl {
  return acl.aces === null || !isCanonical(acl.aces) ? acl : { ...acl, aces: sortWithinGroups(acl.aces) };
}

/**
 * The order that Windows gives entries: explicit before inherited, and among the explicit ones deny before allow.
 * Inherited entries keep the order of the folders they come from.
 */
function group(ace: Ace): number {
  if ((ace.flags & aceFlags.inherited) !== 0) return 2;
  return ace.kind === 'deny' ? 0 : 1;
}

export function isCanonical(aces: readonly Ace[]): boolean {
  return aces.every((ace, index) => index === 0 || group(aces[index - 1]!) <= group(ace));
}

/** The entries in canonical order; those of one group keep their order. */
export function toCanonicalOrder(aces: readonly Ace[]): Ace[] {
  return [...aces].sort((a, b) => group(a) - group(b));
}

/** Explicit denies among themselves, and explicit allows, have no order that matters; inherited entries have. */
function sortWithinGroups(aces: readonly Ace[]): Ace[] {
  const spell = (ace: Ace): string => JSON.stringify(Object.entries(ace).sort());
  const order = (a: Ace, b: Ace): number => {
    if (group(a) !== group(b)) return group(a) - group(b);
    if (group(a) === 2) return 0;
    return spell(a) < spell(b) ? -1 : 1;
  };
  return [...aces].sort(order);
}
