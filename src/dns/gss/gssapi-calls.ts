import type { sizeof } from 'koffi';
import { reason } from '../../edge/files.ts';
import { failure } from '../../model/failover-error.ts';
import type { NativeFunction } from './native.ts';

type TypeSpec = Parameters<typeof sizeof>[0];

/** A pointer as koffi gives it; null is GSS_C_NO_… */
export type Handle = bigint | null;
/** gss_buffer_desc (RFC 2744 section 3.2). */
export interface GssBuffer {
  length: number;
  value: Buffer | Handle;
}

/** Status codes: major (RFC 2744 section 3.9.1) and minor, the mechanism's. */
export interface Status {
  readonly major: number;
  readonly minor: number;
}

/** The calls that are used. */
export type GssCalls = Awaited<ReturnType<typeof load>>;

const library = 'libgssapi_krb5.so.2';
let loaded: Promise<GssCalls> | undefined;

/**
 * Loads MIT Kerberos through koffi, at the first call only.
 * @throws FailoverError GssUnavailable
 */
export function gssCalls(): Promise<GssCalls> {
  return (loaded ??= load().catch((cause: unknown) => {
    loaded = undefined;
    throw failure('GssUnavailable', { library, why: reason(cause) }, { target: library, cause });
  }));
}

async function load() {
  const koffi = await import('koffi');
  const gss = koffi.load(library);
  const krb5 = koffi.load('libkrb5.so.3');
  const out = (type: TypeSpec) => koffi.out(koffi.pointer(type));
  const inout = (type: TypeSpec) => koffi.inout(koffi.pointer(type));
  const buffer = koffi.struct({ length: 'size_t', value: 'void *' });
  const oid = koffi.struct({ length: 'uint32_t', elements: 'void *' });
  const oidSet = koffi.struct({ count: 'size_t', elements: koffi.pointer(oid) });
  const pair = koffi.struct({ key: 'const char *', value: 'const char *' });
  const pairs = koffi.struct({ count: 'uint32_t', elements: koffi.pointer(pair) });
  const minor = out('uint32_t');
  const handle = out('void *');
  const call = (name: string, ...types: TypeSpec[]): NativeFunction =>
    gss.func(name, 'uint32_t', [minor, ...types]);
  return {
    decode: (value: Handle, length: number): Buffer =>
      Buffer.from(koffi.decode(value, 'uint8_t', length) as Uint8Array),
    importName: call('gss_import_name', koffi.pointer(buffer), koffi.pointer(oid), handle),
    releaseName: call('gss_release_name', inout('void *')),
    acquire: call(
      'gss_acquire_cred_from',
      ...['void *', 'uint32_t'],
      koffi.pointer(oidSet),
      'int',
      koffi.pointer(pairs),
      handle,
      ...['void *', 'void *'],
    ),
    releaseCredential: call('gss_release_cred', inout('void *')),
    initialise: call(
      'gss_init_sec_context',
      'void *',
      inout('void *'),
      'void *',
      koffi.pointer(oid),
      ...['uint32_t', 'uint32_t', 'void *'],
      koffi.pointer(buffer),
      'void *',
      out(buffer),
      out('uint32_t'),
      'void *',
    ),
    deleteContext: call('gss_delete_sec_context', inout('void *'), 'void *'),
    getMic: call('gss_get_mic', 'void *', 'uint32_t', koffi.pointer(buffer), out(buffer)),
    verifyMic: call('gss_verify_mic', 'void *', koffi.pointer(buffer), koffi.pointer(buffer), 'void *'),
    releaseBuffer: call('gss_release_buffer', inout(buffer)),
    displayStatus: call(
      'gss_display_status',
      ...['uint32_t', 'int'],
      koffi.pointer(oid),
      inout('uint32_t'),
      out(buffer),
    ),
    initKrb5: krb5.func('krb5_init_context', 'int', [handle]),
    freeKrb5: krb5.func('krb5_free_context', 'void', ['void *']),
    resolveCache: krb5.func('krb5_cc_resolve', 'int', ['void *', 'const char *', handle]),
    destroyCache: krb5.func('krb5_cc_destroy', 'int', ['void *', 'void *']),
  };
}
