import { FailoverError, failure } from '../../model/failover-error.ts';
import { describeServer, type DnsServer } from '../server.ts';
import type { ExchangeOptions } from '../transport.ts';
import type { GssCredential, GssLibrary } from './context.ts';
import { gssapi } from './gssapi.ts';
import { type GssKey, negotiate } from './negotiate.ts';

/** How updates are signed with Kerberos. */
export interface GssOptions {
  /** Of the DNS server. Default: `DNS/` and the primary server that the zone's SOA record names. */
  readonly principal?: string;
  readonly credential?: GssCredential;
  /** Default: the machine's. */
  readonly library?: () => Promise<GssLibrary>;
}

/**
 * Runs `use` with a key of a new security context, which ends with it: a context is never held until it expires, and
 * none is left behind. A server that does not know the key any more (it was restarted in between) gets another.
 * The signal ends the wait at once; a call to the KDC that is under way ends by itself, and its context then.
 * @throws FailoverError those of GssLibrary, negotiate and `use`
 */
export async function withGssKey(
  server: DnsServer,
  principal: string,
  { credential = {}, library = systemLibrary }: GssOptions,
  now: () => Date,
  options: ExchangeOptions,
  use: (key: GssKey) => Promise<void>,
): Promise<void> {
  const once = async (): Promise<void> => {
    const context = await (await library()).open(principal, credential);
    try {
      options.signal?.throwIfAborted();
      await use(await negotiate(server, principal, context, now, options));
    } finally {
      await context.close();
    }
  };
  const isForgotten = (error: unknown): error is FailoverError =>
    error instanceof FailoverError && error.id === 'DnsKeyUnknown';
  const twice = async (): Promise<void> => {
    try {
      return await once();
    } catch (error) {
      if (!isForgotten(error)) throw error;
    }
    try {
      await once();
    } catch (error) {
      if (!isForgotten(error)) throw error;
      const name = describeServer(server);
      throw failure('GssRejected.forgotten', { server: name }, { target: name, cause: error });
    }
  };
  await orCancelled(twice(), options.signal);
}

async function systemLibrary(): Promise<GssLibrary> {
  return process.platform === 'win32' ? (await import('./sspi.ts')).sspi() : gssapi();
}

function orCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(failure('Cancelled'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
