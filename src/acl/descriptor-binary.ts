import { failure, type FailoverError } from '../model/failover-error.ts';
import type { Ace, AceKind, Acl, SecurityDescriptor } from './descriptor.ts';
import { decodeSid, encodeSid, sidLength } from './sid.ts';

/*
 * SECURITY_DESCRIPTOR, self-relative (MS-DTYP 2.4.6), ACL (2.4.5) and ACE (2.4.4). Little-endian:
 *
 *   descriptor  Revision 1 (1)  Sbz1 (1)  Control (2)  OffsetOwner (4)  OffsetGroup (4)  OffsetSacl (4)  OffsetDacl (4)
 *   ACL         AclRevision (1)  Sbz1 (1)  AclSize (2)  AceCount (2)  Sbz2 (2)  entries
 *   ACE         AceType (1)  AceFlags (1)  AceSize (2)  body: Mask (4) and Sid for the types that name one account
 */

const control = {
  daclPresent: 0x0004,
  saclPresent: 0x0010,
  daclAutoInheritRequest: 0x0100,
  saclAutoInheritRequest: 0x0200,
  daclAutoInherited: 0x0400,
  saclAutoInherited: 0x0800,
  daclProtected: 0x1000,
  saclProtected: 0x2000,
  selfRelative: 0x8000,
} as const;

const headerLength = 20;
const kinds = new Map<number, AceKind>([
  [0x00, 'allow'],
  [0x01, 'deny'],
  [0x02, 'audit'],
  [0x11, 'label'],
]);
const types = new Map([...kinds].map(([type, kind]) => [kind, type]));
/** Object ACEs: an ACL that holds one has revision 4 (ACL_REVISION_DS). */
const objectTypes = new Set([0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0f, 0x10]);

/**
 * Reads a self-relative descriptor.
 * @throws FailoverError AclInvalid, with the byte where it breaks the format
 */
export function decodeDescriptor(bytes: Buffer): SecurityDescriptor {
  if (bytes.length < headerLength || bytes[0] !== 1) throw invalid('its header is no SECURITY_DESCRIPTOR', 0);
  const flags = bytes.readUInt16LE(2);
  if ((flags & control.selfRelative) === 0) throw invalid('it is not self-relative', 2);
  const [owner, group, sacl, dacl] = [4, 8, 12, 16].map((offset) => bytes.readUInt32LE(offset));
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    ...(owner === 0 ? {} : { owner: decodeSid(bytes, owner!) }),
    ...(group === 0 ? {} : { group: decodeSid(bytes, group!) }),
    ...(has(control.daclPresent)
      ? { dacl: decodeAcl(bytes, dacl!, has(control.daclProtected), has(control.daclAutoInherited)) }
      : {}),
    ...(has(control.saclPresent)
      ? { sacl: decodeAcl(bytes, sacl!, has(control.saclProtected), has(control.saclAutoInherited)) }
      : {}),
  };
}

function decodeAcl(bytes: Buffer, offset: number, isProtected: boolean, isAutoInherited: boolean): Acl {
  if (offset === 0) return { isProtected, isAutoInherited, aces: null };
  if (offset + 8 > bytes.length) throw invalid('an ACL begins outside it', offset);
  const end = offset + bytes.readUInt16LE(offset + 2);
  if (end > bytes.length) throw invalid('an ACL ends outside it', offset);
  const aces: Ace[] = [];
  let at = offset + 8;
  for (let count = bytes.readUInt16LE(offset + 4); count > 0; count--) {
    const size = at + 4 > end ? 0 : bytes.readUInt16LE(at + 2);
    if (size < 4 || at + size > end) throw invalid('an entry ends outside its ACL', at);
    aces.push(decodeAce(bytes.subarray(at, at + size)));
    at += size;
  }
  return { isProtected, isAutoInherited, aces };
}

function decodeAce(bytes: Buffer): Ace {
  const type = bytes[0]!;
  const flags = bytes[1]!;
  const kind = kinds.get(type);
  if (kind === undefined) return { kind: 'opaque', type, flags, body: bytes.toString('hex', 4) };
  if (bytes.length < 16) throw invalid('an entry is too short for its account', 0);
  return { kind, flags, mask: bytes.readUInt32LE(4), sid: decodeSid(bytes, 8) };
}

/**
 * Writes a self-relative descriptor: SACL, DACL, owner, group, as Windows does.
 * @param options.requestAutoInherit for the calls of Windows, which keep "auto-inherited" only where it is requested
 * @throws FailoverError AclInvalid for a SID that is none, AclTooLarge for an ACL of more than 65,535 bytes
 */
export function encodeDescriptor(
  descriptor: SecurityDescriptor,
  options: { readonly requestAutoInherit?: boolean } = {},
): Buffer {
  const { owner, group, dacl, sacl } = descriptor;
  const header = Buffer.alloc(headerLength);
  const parts: Buffer[] = [header];
  let length = headerLength;
  const add = (field: number, part: Buffer | undefined): void => {
    if (part === undefined) return;
    header.writeUInt32LE(length, field);
    parts.push(part);
    length += part.length;
  };
  header[0] = 1;
  const request = options.requestAutoInherit === true;
  const flags =
    (sacl === undefined ? 0 : control.saclPresent) |
    (sacl?.isProtected ? control.saclProtected : 0) |
    (sacl?.isAutoInherited ? control.saclAutoInherited | (request ? control.saclAutoInheritRequest : 0) : 0) |
    (dacl === undefined ? 0 : control.daclPresent) |
    (dacl?.isProtected ? control.daclProtected : 0) |
    (dacl?.isAutoInherited ? control.daclAutoInherited | (request ? control.daclAutoInheritRequest : 0) : 0);
  header.writeUInt16LE(control.selfRelative | flags, 2);
  add(12, encodeAcl(sacl));
  add(16, encodeAcl(dacl));
  add(4, owner === undefined ? undefined : encodeSid(owner));
  add(8, group === undefined ? undefined : encodeSid(group));
  return Buffer.concat(parts, length);
}

function encodeAcl(acl: Acl | undefined): Buffer | undefined {
  if (acl === undefined || acl.aces === null) return undefined;
  const entries = acl.aces.map(encodeAce);
  const size = entries.reduce((sum, entry) => sum + entry.length, 8);
  if (size > 0xffff) throw failure('AclTooLarge', { size });
  const header = Buffer.alloc(8);
  header[0] = acl.aces.some((ace) => ace.kind === 'opaque' && objectTypes.has(ace.type)) ? 4 : 2;
  header.writeUInt16LE(size, 2);
  header.writeUInt16LE(entries.length, 4);
  return Buffer.concat([header, ...entries], size);
}

function encodeAce(ace: Ace): Buffer {
  if (ace.kind === 'opaque') {
    const body = Buffer.from(ace.body, 'hex');
    return Buffer.concat([aceHeader(ace.type, ace.flags, body.length), body]);
  }
  const body = Buffer.alloc(4 + sidLength(ace.sid));
  body.writeUInt32LE(ace.mask, 0);
  encodeSid(ace.sid).copy(body, 4);
  return Buffer.concat([aceHeader(types.get(ace.kind)!, ace.flags, body.length), body]);
}

function aceHeader(type: number, flags: number, bodyLength: number): Buffer {
  const header = Buffer.from([type, flags, 0, 0]);
  header.writeUInt16LE(4 + bodyLength, 2);
  return header;
}

function invalid(why: string, offset: number): FailoverError {
  return failure('AclInvalid.descriptor', { why, offset });
}
