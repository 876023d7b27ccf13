import { createHash } from 'node:crypto';
import {
  isAcceptable,
  type KeyDerivation,
  type PasswordBox,
  type PasswordBoxes,
  sameText,
} from '../edge/secret-box.ts';
import { failure } from '../model/failover-error.ts';

/**
 * The end of every backup file. Its value covers each byte before the value, and nothing may follow but what stands
 * here: with a password an HMAC-SHA-256, whose key comes from scrypt and HKDF; without one a SHA-256, which shows
 * damage but proves nothing about who wrote the file.
 */
const ending = '" />\r\n</failoverSite>\r\n';
const tail =
  /<authentication method="(?:sha256|hmac-sha256" n="(\d{1,10})" r="(\d{1,3})" p="(\d{1,3})" salt="([A-Za-z0-9+/=]{1,128})" check="([A-Za-z0-9+/=]{1,64}))" value="([A-Za-z0-9+/=]{1,64})" \/>\r\n<\/failoverSite>\r\n$/;
const longestTail = 1024;

/** The file: `body` is all before the authentication element. */
export function seal(body: string, box: PasswordBox | undefined): string {
  const covered = `${body}  <authentication ${openingOf(box)} value="`;
  return covered + valueOf(Buffer.from(covered), box) + ending;
}

function openingOf(box: PasswordBox | undefined): string {
  if (box === undefined) return 'method="sha256"';
  const { n, r, p, salt } = box.derivation;
  return `method="hmac-sha256" n="${n}" r="${r}" p="${p}" salt="${salt.toString('base64')}" check="${box.check}"`;
}

function valueOf(covered: Uint8Array, box: PasswordBox | undefined): string {
  return box?.authenticate(covered) ?? createHash('sha256').update(covered).digest('base64');
}

/**
 * Checks that a file is whole and, with a password, that it was written by who knows the password. Returns the box
 * that opens its secrets, undefined where it carries none.
 * @throws FailoverError BackupInvalid, BackupTruncated, BackupPasswordMissing, BackupUnprotected,
 * BackupPasswordWrong, BackupTampered
 */
export async function verify(
  bytes: Buffer,
  path: string,
  passwords: PasswordBoxes | undefined,
): Promise<PasswordBox | undefined> {
  if (!bytes.subarray(0, 512).includes('<failoverSite '))
    throw failure('BackupInvalid.notBackup', { path }, { target: path });
  const found = tail.exec(bytes.subarray(-longestTail).toString('latin1'));
  if (found === null) {
    if (bytes.includes('</failoverSite>'))
      throw failure('BackupTampered.changed', { path }, { target: path });
    throw failure('BackupTruncated', { path }, { target: path });
  }
  const [, n, r, p, salt, check, value = ''] = found;
  const box =
    salt === undefined
      ? withoutPassword(path, passwords)
      : await withPassword(
          path,
          passwords,
          { n: Number(n), r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64') },
          check ?? '',
        );
  const covered = bytes.subarray(0, bytes.length - ending.length - value.length);
  if (!sameText(valueOf(covered, box), value))
    throw failure('BackupTampered.changed', { path }, { target: path });
  return box;
}

function withoutPassword(path: string, passwords: PasswordBoxes | undefined): undefined {
  if (passwords !== undefined) throw failure('BackupUnprotected', { path }, { target: path });
}

async function withPassword(
  path: string,
  passwords: PasswordBoxes | undefined,
  derivation: KeyDerivation,
  check: string,
): Promise<PasswordBox> {
  if (passwords === undefined) throw failure('BackupPasswordMissing', { path }, { target: path });
  if (!isAcceptable(derivation)) throw failure('BackupInvalid.derivation', { path }, { target: path });
  const box = await passwords.for(derivation);
  if (!sameText(box.check, check)) throw failure('BackupPasswordWrong', { path }, { target: path });
  return box;
}
