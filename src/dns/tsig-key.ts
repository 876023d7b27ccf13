import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import { normaliseName } from './names.ts';

export const tsigAlgorithms = ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const;
export type TsigAlgorithm = (typeof tsigAlgorithms)[number];

/** A shared key of RFC 8945. */
export interface TsigKey {
  /** Normalised domain name, equal on both sides. */
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  /** Base64, as key files have it. */
  readonly secret: Secret;
}

/**
 * A key out of what administrators have: the base64 text of the secret alone, or the text of a BIND key file
 * (`key "name" { algorithm hmac-sha256; secret "…"; };`, as tsig-keygen writes it). Name and algorithm come from
 * the file where it has them, else from `defaults`; a file that contradicts `defaults` is refused, for one of
 * the two must be wrong. Throws DnsKeyInvalid; the message never shows the secret.
 */
export function parseTsigKey(text: string, defaults: { name?: string; algorithm?: string } = {}): TsigKey {
  // Base64 may begin with the slashes of a comment.
  const bare = isBase64(text.replace(/\s+/g, ''))
    ? text
    : text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)(?<!\bsecret\s+)(?:\/\/|#).*$/gm, ' ').trim();
  const statement = /\bkey\s+"?([^\s"{]+)"?\s*\{([^}]*)\}/.exec(bare);
  const field = (name: string) =>
    new RegExp(String.raw`\b${name}\s+"?([^\s";]+)"?\s*;`).exec(statement?.[2] ?? '')?.[1];
  if (statement === null && /[{;"]/.test(bare)) throw failure('DnsKeyInvalid.noStatement');
  const secret = statement === null ? bare.replace(/\s+/g, '') : field('secret');
  if (secret === undefined) throw failure('DnsKeyInvalid.noSecret');
  return {
    name: normaliseName(agree('name', statement?.[1], defaults.name, normaliseName)),
    algorithm: algorithmOf(
      agree('algorithm', field('algorithm'), defaults.algorithm, (a) => a.toLowerCase()),
    ),
    secret: new Secret(checkedSecret(secret)),
  };
}

/** The key's octets. */
export function keyBytes(key: TsigKey): Buffer {
  return Buffer.from(key.secret.reveal(), 'base64');
}

function agree(
  what: string,
  inFile: string | undefined,
  wanted: string | undefined,
  normalise: (value: string) => string,
): string {
  const value = inFile ?? wanted;
  if (value === undefined) throw failure('DnsKeyInvalid.missing', { what });
  if (inFile !== undefined && wanted !== undefined && normalise(inFile) !== normalise(wanted)) {
    throw failure('DnsKeyInvalid.differs', { what, inFile, wanted });
  }
  return value;
}

function algorithmOf(text: string): TsigAlgorithm {
  const algorithm = tsigAlgorithms.find((known) => known === text.toLowerCase().replace(/\.$/, ''));
  if (algorithm === undefined) {
    throw failure('DnsKeyInvalid.algorithm', { algorithm: text, known: tsigAlgorithms.join(', ') });
  }
  return algorithm;
}

function checkedSecret(secret: string): string {
  // Buffer.from skips what is not base64, which would turn a damaged secret into another, shorter one.
  if (!isBase64(secret)) {
    throw failure('DnsKeyInvalid.notBase64');
  }
  return secret;
}

function isBase64(text: string): boolean {
  return text !== '' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}
