import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import type { Secret } from '../model/secret.ts';

/** Seals texts so that only who has the key can read them, and notices any change. */
export interface SecretBox {
  /** Base64; the same text gives another result each time. */
  seal(plain: string): Promise<string>;
  /** Throws where the key is another one or the sealed text was changed. */
  open(sealed: string): Promise<string>;
}

/** How a key comes from a password (scrypt, RFC 7914). */
export interface KeyDerivation {
  /** Cost; a power of two. */
  readonly n: number;
  /** Block size. */
  readonly r: number;
  /** Passes. */
  readonly p: number;
  readonly salt: Buffer;
}

/** As strong as OWASP's password storage cheat sheet asks, with 32 MiB: about a quarter of a second. */
const cost = { n: 2 ** 15, r: 8, p: 3 };

/** What a file may ask of this machine at most: 256 MiB, and some ten seconds. */
const limits = { memory: 2 ** 28, work: 2 ** 24 };

/** True where the parameters are neither too weak to protect anything nor meant to exhaust this machine. */
export function isAcceptable({ n, r, p, salt }: KeyDerivation): boolean {
  const powerOfTwo = Number.isSafeInteger(n) && n >= 2 ** 14 && Number.isInteger(Math.log2(n));
  const small = [r, p].every((value) => Number.isInteger(value) && value >= 1 && value <= 64);
  const fits = 128 * n * r <= limits.memory && n * r * p <= limits.work;
  return powerOfTwo && small && fits && salt.length >= 16 && salt.length <= 64;
}

/** AES-256-GCM and HMAC-SHA-256 under keys of their own, made from one password (HKDF, RFC 5869). */
export class PasswordBox implements SecretBox {
  readonly derivation: KeyDerivation;
  /** Tells a wrong password from a changed file; base64. */
  readonly check: string;
  readonly #encryption: Buffer;
  readonly #authentication: Buffer;

  constructor(derivation: KeyDerivation, master: Buffer) {
    const key = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `IisFailover ${purpose}`, 32));
    this.derivation = derivation;
    this.check = key('check').toString('base64');
    this.#encryption = key('encryption');
    this.#authentication = key('authentication');
  }

  async seal(plain: string): Promise<string> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#encryption, nonce);
    const data = [cipher.update(plain, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...data]).toString('base64');
  }

  async open(sealed: string): Promise<string> {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#encryption, bytes.subarray(0, 12), {
      authTagLength: 16,
    });
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }

  /** HMAC-SHA-256 of the bytes; base64. */
  authenticate(bytes: Uint8Array): string {
    return createHmac('sha256', this.#authentication).update(bytes).digest('base64');
  }
}

/** The boxes of one password. A key is derived once for each salt, however many files share it. */
export class PasswordBoxes {
  readonly #password: Secret;
  readonly #derived = new Map<string, Promise<PasswordBox>>();

  constructor(password: Secret) {
    this.#password = password;
  }

  /** A box with a new salt, for one run of backups. */
  fresh(): Promise<PasswordBox> {
    return this.for({ ...cost, salt: randomBytes(16) });
  }

  /** The box that sealed with these parameters; they must be acceptable. */
  for(derivation: KeyDerivation): Promise<PasswordBox> {
    const id = `${derivation.n} ${derivation.r} ${derivation.p} ${derivation.salt.toString('hex')}`;
    let box = this.#derived.get(id);
    if (box === undefined) {
      box = derive(this.#password, derivation);
      this.#derived.set(id, box);
    }
    return box;
  }
}

function derive(password: Secret, derivation: KeyDerivation): Promise<PasswordBox> {
  const { n, r, p, salt } = derivation;
  const options = { N: n, r, p, maxmem: 2 * 128 * n * r + 128 * r * p };
  return new Promise((resolve, reject) => {
    // The same password typed on two systems may be composed differently (NFC and NFD).
    scrypt(password.reveal().normalize('NFC'), salt, 32, options, (error, master) => {
      if (error) reject(error);
      else resolve(new PasswordBox(derivation, master));
    });
  });
}

/** Compares two texts in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
