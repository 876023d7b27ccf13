import { failure } from '../../model/failover-error.ts';
import type { GssContext, GssLibrary, GssStep } from './context.ts';
import { sspiError } from './kerberos-error.ts';
import { inThread } from './native.ts';
import { bufferType } from './security-buffers.ts';
import { type SspiCalls, sspiCalls } from './sspi-calls.ts';

/** SECPKG_CRED_OUTBOUND */
const outbound = 2;
/** ISC_REQ_MUTUAL_AUTH, ISC_REQ_REPLAY_DETECT, ISC_REQ_INTEGRITY; what is granted has the same bits. */
const wantedFlags = 0x02 | 0x04 | 0x1_0000;
/** SECURITY_NATIVE_DREP */
const nativeData = 0x10;
/** SEC_I_CONTINUE_NEEDED */
const continueNeeded = 0x9_0312;
/** SECPKG_ATTR_SIZES */
const attributeSizes = 0;
/** A TKEY record takes no longer token. */
const longestToken = 0xffff;

/** Security contexts by SSPI's Negotiate package, which is SPNEGO (Windows). @throws FailoverError GssUnavailable */
export async function sspi(): Promise<GssLibrary> {
  const calls = await sspiCalls();
  return {
    async open(principal, { keytab }) {
      if (keytab !== undefined) throw failure('GssKeytabUnsupported', { keytab }, { target: keytab });
      const credential = Buffer.alloc(16);
      const acquire = calls.acquire;
      const rest = [null, 'Negotiate', outbound, null, null, null, null, credential, Buffer.alloc(8)];
      const status = await inThread(acquire, ...rest);
      if (status !== 0) throw sspiError('AcquireCredentialsHandle', status, principal);
      return new Context(calls, principal, credential);
    },
  };
}

class Context implements GssContext {
  readonly #calls: SspiCalls;
  readonly #principal: string;
  readonly #credential: Buffer;
  readonly #context = Buffer.alloc(16);
  #begun = false;
  #closed = false;

  constructor(calls: SspiCalls, principal: string, credential: Buffer) {
    this.#calls = calls;
    this.#principal = principal;
    this.#credential = credential;
  }

  async step(token?: Buffer): Promise<GssStep> {
    const { buffers, initialise } = this.#calls;
    const input = token && buffers([{ type: bufferType.token, bytes: token }]);
    const output = buffers([{ type: bufferType.token, bytes: Buffer.alloc(longestToken) }]);
    const granted = Buffer.alloc(4);
    try {
      const status = await inThread(
        initialise,
        ...[
          this.#credential,
          this.#begun ? this.#context : null,
          this.#principal,
          wantedFlags,
          0,
          nativeData,
        ],
        ...[input?.pointer ?? null, 0, this.#context, output.pointer, granted, Buffer.alloc(8)],
      );
      if (status !== 0 && status !== continueNeeded)
        throw sspiError('InitializeSecurityContext', status, this.#principal);
      this.#begun = true;
      const established = status === 0;
      // NTLM, which Negotiate falls back to, cannot authenticate the server.
      if (established && (granted.readUInt32LE() & wantedFlags) !== wantedFlags)
        throw sspiError('InitializeSecurityContext without mutual authentication', status, this.#principal);
      const reply = output.read(0);
      return { ...(reply.length > 0 && { token: reply }), established };
    } finally {
      input?.free();
      output.free();
    }
  }

  sign(message: Buffer): Buffer {
    const { buffers, makeSignature, queryAttributes } = this.#calls;
    // SecPkgContext_Sizes: cbMaxToken, cbMaxSignature, cbBlockSize, cbSecurityTrailer.
    const sizes = Buffer.alloc(16);
    const known = queryAttributes(this.#context, attributeSizes, sizes) as number;
    if (known !== 0) throw sspiError('QueryContextAttributes', known, this.#principal);
    const memory = buffers([
      { type: bufferType.data, bytes: message },
      { type: bufferType.token, bytes: Buffer.alloc(sizes.readUInt32LE(4)) },
    ]);
    try {
      const status = makeSignature(this.#context, 0, memory.pointer, 0) as number;
      if (status !== 0) throw sspiError('MakeSignature', status, this.#principal);
      return memory.read(1);
    } finally {
      memory.free();
    }
  }

  verify(message: Buffer, code: Buffer): boolean {
    const { buffers, verifySignature } = this.#calls;
    const memory = buffers([
      { type: bufferType.data, bytes: message },
      { type: bufferType.token, bytes: code },
    ]);
    try {
      return verifySignature(this.#context, memory.pointer, 0, Buffer.alloc(4)) === 0;
    } finally {
      memory.free();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#begun) this.#calls.deleteContext(this.#context);
    this.#calls.freeCredential(this.#credential);
  }
}
