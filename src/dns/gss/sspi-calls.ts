import { reason } from '../../edge/files.ts';
import { failure } from '../../model/failover-error.ts';
import type { NativeFunction } from './native.ts';
import { securityBuffers } from './security-buffers.ts';

/** The functions of secur32.dll that are used; handles and times are Buffers that they write into. */
export type SspiCalls = Awaited<ReturnType<typeof load>>;

const library = 'secur32.dll';
let loaded: Promise<SspiCalls> | undefined;

/**
 * Loads SSPI through koffi, at the first call only.
 * @throws FailoverError GssUnavailable
 */
export function sspiCalls(): Promise<SspiCalls> {
  return (loaded ??= load().catch((cause: unknown) => {
    loaded = undefined;
    throw failure('GssUnavailable', { library, why: reason(cause) }, { target: library, cause });
  }));
}

async function load() {
  const koffi = await import('koffi');
  const secur32 = koffi.load(library);
  const call = (name: string, ...types: string[]): NativeFunction =>
    secur32.func('__stdcall', name, 'int32_t', types);
  const pointers = (count: number): string[] => Array.from({ length: count }, () => 'void *');
  return {
    buffers: securityBuffers(koffi),
    acquire: call(
      'AcquireCredentialsHandleW',
      ...['const char16_t *', 'const char16_t *', 'uint32_t'],
      ...pointers(6),
    ),
    initialise: call(
      'InitializeSecurityContextW',
      ...['void *', 'void *', 'const char16_t *', 'uint32_t', 'uint32_t', 'uint32_t', 'void *', 'uint32_t'],
      ...pointers(4),
    ),
    makeSignature: call('MakeSignature', 'void *', 'uint32_t', 'void *', 'uint32_t'),
    verifySignature: call('VerifySignature', 'void *', 'void *', 'uint32_t', 'void *'),
    queryAttributes: call('QueryContextAttributesW', 'void *', 'uint32_t', 'void *'),
    deleteContext: call('DeleteSecurityContext', 'void *'),
    freeCredential: call('FreeCredentialsHandle', 'void *'),
  };
}
