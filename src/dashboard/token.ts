import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readSecretFile } from '../edge/secret-file.ts';
import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';

/** 192 bits in characters that need no escaping in an address. */
export function newToken(): Secret {
  return new Secret(randomBytes(24).toString('base64url'));
}

/** @throws FailoverError DashboardTokenWeak, SecretEmpty, FileNotFound, FileUnreadable */
export async function readToken(path: string): Promise<Secret> {
  const token = await readSecretFile(path);
  if (!/^[\x21-\x7e]{20,}$/.test(token.reveal()))
    throw failure('DashboardTokenWeak', { path }, { target: path });
  return token;
}

/** What the cookie holds: who learns it cannot make the token of it. */
export function cookieValue(token: Secret): string {
  return createHash('sha256').update(`dashboard cookie ${token.reveal()}`).digest('base64url');
}

/** In a time that does not depend on where the two differ. */
export function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
