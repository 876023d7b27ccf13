import { createHash } from 'node:crypto';
import { failure, type FailoverError } from '../model/failover-error.ts';

/**
 * Two letters of SDDL and the SID each stands for (MS-DTYP 2.5.1.1, table of sid-tokens). Those that depend on a
 * domain (DA, LA, ...) are not here: nothing in the text says which domain.
 */
export const sidAliases: Readonly<Record<string, string>> = {
  AN: 'S-1-5-7',
  AC: 'S-1-15-2-1',
  AA: 'S-1-5-32-579',
  AO: 'S-1-5-32-548',
  AU: 'S-1-5-11',
  BA: 'S-1-5-32-544',
  BG: 'S-1-5-32-546',
  BO: 'S-1-5-32-551',
  BU: 'S-1-5-32-545',
  CD: 'S-1-5-32-574',
  CG: 'S-1-3-1',
  CO: 'S-1-3-0',
  CY: 'S-1-5-32-569',
  ED: 'S-1-5-9',
  ER: 'S-1-5-32-573',
  ES: 'S-1-5-32-576',
  HA: 'S-1-5-32-578',
  HI: 'S-1-16-12288',
  IS: 'S-1-5-32-568',
  IU: 'S-1-5-4',
  LS: 'S-1-5-19',
  LU: 'S-1-5-32-559',
  LW: 'S-1-16-4096',
  ME: 'S-1-16-8192',
  MP: 'S-1-16-8448',
  MS: 'S-1-5-32-577',
  MU: 'S-1-5-32-558',
  NO: 'S-1-5-32-556',
  NS: 'S-1-5-20',
  NU: 'S-1-5-2',
  OW: 'S-1-3-4',
  PO: 'S-1-5-32-550',
  PS: 'S-1-5-10',
  PU: 'S-1-5-32-547',
  RA: 'S-1-5-32-575',
  RC: 'S-1-5-12',
  RD: 'S-1-5-32-555',
  RE: 'S-1-5-32-552',
  RM: 'S-1-5-32-580',
  RU: 'S-1-5-32-554',
  SI: 'S-1-16-16384',
  SO: 'S-1-5-32-549',
  SU: 'S-1-5-6',
  SY: 'S-1-5-18',
  WD: 'S-1-1-0',
  WR: 'S-1-5-33',
};

/** Aliases of accounts in a domain or machine that SDDL leaves open. */
export const domainAliases: ReadonlySet<string> = new Set(
  'AP CA CN DA DC DD DG DU EA EK KA LA LG PA RO RS SA'.split(' '),
);

const pattern = /^S-1-(\d{1,15}|0x[0-9a-f]{12})((?:-\d{1,10})*)$/i;
const maximumSubAuthorities = 15;

/**
 * A SID in its binary form (MS-DTYP 2.4.2.2).
 * @throws FailoverError AclInvalid
 */
export function encodeSid(sid: string): Buffer {
  const [, authority, rest] = pattern.exec(sid) ?? [];
  const parts = (rest ?? '').split('-').slice(1).map(Number);
  const number = Number(authority);
  if (!(number < 2 ** 48) || parts.length > maximumSubAuthorities || parts.some((part) => part >= 2 ** 32))
    throw invalidSid(sid);
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes[0] = 1;
  bytes[1] = parts.length;
  bytes.writeUIntBE(number, 2, 6);
  parts.forEach((part, index) => bytes.writeUInt32LE(part, 8 + 4 * index));
  return bytes;
}

/**
 * The SID that starts at an offset.
 * @throws FailoverError AclInvalid where it does not end inside the bytes
 */
export function decodeSid(bytes: Buffer, offset: number): string {
  const count = bytes[offset + 1] ?? 0;
  if (bytes[offset] !== 1 || count > maximumSubAuthorities || offset + 8 + 4 * count > bytes.length)
    throw failure('AclInvalid.sidBytes', { offset });
  const authority = bytes.readUIntBE(offset + 2, 6);
  let sid = `S-1-${authority < 2 ** 32 ? authority : `0x${authority.toString(16).padStart(12, '0')}`}`;
  for (let index = 0; index < count; index++) sid += `-${bytes.readUInt32LE(offset + 8 + 4 * index)}`;
  return sid;
}

/** Bytes of a SID's binary form. */
export function sidLength(sid: string): number {
  return 8 + 4 * (sid.split('-').length - 3);
}

/** One spelling for each SID: `s-1-05-032` and `S-1-5-32` are the same. */
export function normalizeSid(sid: string): string {
  return decodeSid(encodeSid(sid), 0);
}

export function isSid(text: string): boolean {
  try {
    encodeSid(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The SID of `IIS APPPOOL\NAME`: the SHA-1 of the lower-case name in UTF-16, as five numbers. It depends on the name
 * alone and is therefore the same on each server.
 */
export function appPoolSid(name: string): string {
  const hash = createHash('sha1').update(Buffer.from(name.toLowerCase(), 'utf16le')).digest();
  const parts = [0, 4, 8, 12, 16].map((offset) => hash.readUInt32LE(offset));
  return `S-1-5-82-${parts.join('-')}`;
}

export function invalidSid(sid: string): FailoverError {
  return failure('AclInvalid.sid', { sid }, { target: sid });
}
