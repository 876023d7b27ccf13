import { Resolver } from 'node:dns/promises';
import { parentName } from './names.ts';
import type { DnsServer } from './server.ts';

/** Addresses of a host that the asked servers do not hold; an empty list where there are none. */
export type HostLookup = (name: string, signal?: AbortSignal) => Promise<readonly string[]>;

/** The servers that DNS names for the zone of a name, whatever it is; an empty list where none is found. */
export type Delegation = (name: string, port: number, signal?: AbortSignal) => Promise<readonly DnsServer[]>;

/** Asks the resolvers of this computer, IPv4 before IPv6. */
export const systemLookup: HostLookup = (name, signal) =>
  asking(signal, (resolver) => addressesOf(resolver, name));

/** Asks the resolvers of this computer for the NS records at the name, then at the names above it. */
export const systemDelegation: Delegation = (hostName, port, signal) =>
  asking(signal, (resolver) => delegationOf(resolver, hostName, port));

/** @internal For tests with a resolver of their own. */
export async function delegationOf(resolver: Resolver, hostName: string, port: number): Promise<DnsServer[]> {
  for (let name: string | undefined = hostName; name !== undefined && name !== '.'; name = parentName(name)) {
    const hosts = await resolver.resolveNs(name).catch(() => []);
    const servers = await Promise.all(
      hosts.map(async (host) => {
        const addresses = await addressesOf(resolver, host);
        return addresses.slice(0, 1).map((address) => ({ address, port, name: host.toLowerCase() }));
      }),
    );
    if (servers.flat().length > 0) return servers.flat();
  }
  return [];
}

async function addressesOf(resolver: Resolver, name: string): Promise<string[]> {
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function asking<T>(
  signal: AbortSignal | undefined,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const answer = await ask(resolver);
    signal?.throwIfAborted();
    return answer;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
