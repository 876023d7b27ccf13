import { randomUUID } from 'node:crypto';
import type { GssContext, GssCredential, GssLibrary, GssStep } from './context.ts';
import { kerberosError } from './kerberos-error.ts';
import { inThread, type NativeFunction } from './native.ts';
import { type GssBuffer, type GssCalls, gssCalls, type Handle } from './gssapi-calls.ts';

/** 1.3.6.1.5.5.2: RFC 3645 section 3.1.1 wants SPNEGO, which Windows, Samba and BIND take. */
const spnego = oid([0x2b, 6, 1, 5, 5, 2]);
/** 1.2.840.113554.1.2.2 */
const kerberos = oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]);
/** 1.2.840.113554.1.2.2.1, GSS_KRB5_NT_PRINCIPAL_NAME: unlike a host-based name it is not looked up in DNS. */
const principalName = oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 1]);
/** GSS_C_MUTUAL_FLAG, GSS_C_REPLAY_FLAG, GSS_C_INTEG_FLAG; no delegation: the server needs none. */
const wantedFlags = 0x02 | 0x04 | 0x20;
const continueNeeded = 1;
const initiate = 1;
/** GSS_C_GSS_CODE and GSS_C_MECH_CODE, of gss_display_status. */
const gssCode = 1;
const mechanismCode = 2;

/** The machine's MIT Kerberos. @throws FailoverError GssUnavailable */
export async function gssapi(): Promise<GssLibrary> {
  const calls = await gssCalls();
  return {
    async open(principal, credential) {
      const context = new Context(calls, principal);
      try {
        await context.prepare(credential);
        return context;
      } catch (error) {
        await context.close();
        throw error;
      }
    },
  };
}

class Context implements GssContext {
  readonly #calls: GssCalls;
  readonly #principal: string;
  /** In-out parameters: the library writes into the handles. */
  readonly #context: [Handle] = [null];
  readonly #name: [Handle] = [null];
  readonly #credential: [Handle] = [null];
  /** A credential cache of this context alone, which has the tickets of a keytab. */
  #cache: string | undefined;

  constructor(calls: GssCalls, principal: string) {
    this.#calls = calls;
    // With an empty realm the KDC is asked where the server belongs (RFC 6806).
    this.#principal = principal.includes('@') ? principal : `${principal}@`;
  }

  async prepare({ keytab }: GssCredential): Promise<void> {
    const bytes = Buffer.from(this.#principal);
    const name = { length: bytes.length, value: bytes };
    await this.#run(this.#calls.importName, kerberos, name, principalName, this.#name);
    let store = null;
    if (keytab !== undefined) {
      this.#cache = `MEMORY:iisfailover-${randomUUID()}`;
      const elements = [
        { key: 'client_keytab', value: `FILE:${keytab}` },
        { key: 'ccache', value: this.#cache },
      ];
      store = { count: elements.length, elements };
    }
    // SPNEGO does not say what Kerberos lacks, so that is asked first.
    for (const mechanism of [kerberos, spnego]) {
      this.#release();
      const mechanisms = { count: 1, elements: [mechanism] };
      const rest = [mechanisms, initiate, store, this.#credential, null, null];
      await this.#run(this.#calls.acquire, mechanism, null, 0, ...rest);
    }
  }

  async step(token?: Buffer): Promise<GssStep> {
    const input = token === undefined ? null : { length: token.length, value: token };
    const output: [Partial<GssBuffer>] = [{}];
    const flags: [number] = [0];
    const { initialise, decode, releaseBuffer } = this.#calls;
    const minor: [number] = [0];
    const major = await inThread(
      initialise,
      ...[minor, this.#credential[0], this.#context, this.#name[0], spnego, wantedFlags, 0, null],
      ...[input, null, output, flags, null],
    );
    // A failure has a token too, which must be released.
    const reply = taken(output, decode, releaseBuffer);
    if (isError(major)) throw this.#error(spnego, major, minor[0]);
    const established = (major & continueNeeded) === 0;
    if (established && (flags[0] & wantedFlags) !== wantedFlags)
      throw kerberosError('the other side offers no mutual authentication or no integrity', this.#principal);
    return { ...(reply.length > 0 && { token: reply }), established };
  }

  sign(message: Buffer): Buffer {
    const { getMic, decode, releaseBuffer } = this.#calls;
    const output: [Partial<GssBuffer>] = [{}];
    const minor: [number] = [0];
    const input = { length: message.length, value: message };
    const major = getMic(minor, this.#context[0], 0, input, output) as number;
    if (isError(major)) throw this.#error(spnego, major, minor[0]);
    return taken(output, decode, releaseBuffer);
  }

  verify(message: Buffer, code: Buffer): boolean {
    const input = { length: message.length, value: message };
    const mic = { length: code.length, value: code };
    // Not only errors: the informatory bits say that it is a duplicate or too old.
    return this.#calls.verifyMic([0], this.#context[0], input, mic, null) === 0;
  }

  async close(): Promise<void> {
    const { deleteContext, releaseName } = this.#calls;
    if (this.#context[0] !== null) deleteContext([0], this.#context, null);
    if (this.#name[0] !== null) releaseName([0], this.#name);
    this.#context[0] = this.#name[0] = null;
    this.#release();
    if (this.#cache !== undefined) destroyCache(this.#calls, this.#cache);
    this.#cache = undefined;
  }

  async #run(call: NativeFunction, mechanism: Oid, ...args: readonly unknown[]): Promise<number> {
    const minor: [number] = [0];
    const major = await inThread(call, minor, ...args);
    if (isError(major)) throw this.#error(mechanism, major, minor[0]);
    return major;
  }

  #release(): void {
    if (this.#credential[0] !== null) this.#calls.releaseCredential([0], this.#credential);
    this.#credential[0] = null;
  }

  /** What the mechanism says; where it says nothing, the general meaning of the status. */
  #error(mechanism: Oid, major: number, minor: number): Error {
    const text =
      (minor !== 0 && this.#text(minor, mechanismCode, mechanism)) || this.#text(major, gssCode, null);
    return kerberosError(text, this.#principal);
  }

  #text(code: number, kind: number, mechanism: Oid | null): string {
    const { displayStatus, decode, releaseBuffer } = this.#calls;
    const output: [Partial<GssBuffer>] = [{}];
    if (isError(displayStatus([0], code, kind, mechanism, [0], output) as number)) return '';
    return taken(output, decode, releaseBuffer).toString('utf8').replace(/\0+$/, '');
  }
}

/** The bytes of an output buffer, which is released. */
function taken(output: [Partial<GssBuffer>], decode: GssCalls['decode'], release: NativeFunction): Buffer {
  const { length = 0, value = null } = output[0];
  const bytes = length === 0 || value === null ? Buffer.alloc(0) : decode(value as Handle, Number(length));
  if (value !== null) release([0], output);
  return bytes;
}

function destroyCache({ initKrb5, freeKrb5, resolveCache, destroyCache }: GssCalls, name: string): void {
  const context: [Handle] = [null];
  if (initKrb5(context) !== 0) return;
  const cache: [Handle] = [null];
  if (resolveCache(context[0], name, cache) === 0) destroyCache(context[0], cache[0]);
  freeKrb5(context[0]);
}

/** Calling and routine errors are in the upper half. */
function isError(major: number): boolean {
  return major >>> 16 !== 0;
}

interface Oid {
  readonly length: number;
  readonly elements: Buffer;
}

function oid(bytes: readonly number[]): Oid {
  return { length: bytes.length, elements: Buffer.from(bytes) };
}
