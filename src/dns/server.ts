/** Where a name server listens. */
export interface DnsServer {
  /** IPv4 or IPv6 address; empty where none is known for its name. */
  readonly address: string;
  readonly port: number;
  /** Its name in the zone's NS records, where it was found there. */
  readonly name?: string;
}

/** For messages: `ns1.site1.com (10.1.1.3)`, `127.0.0.1:5300`, `[::1]:5300`. */
export function describeServer(server: DnsServer): string {
  if (server.address === '') return server.name ?? 'a server without address';
  const host = server.address.includes(':') ? `[${server.address}]` : server.address;
  const place = server.port === 53 ? server.address : `${host}:${server.port}`;
  return server.name === undefined ? place : `${server.name} (${place})`;
}

/** True for the same place, whatever its name. */
export function sameServer(a: DnsServer, b: DnsServer): boolean {
  return a.address === b.address && a.port === b.port;
}

/** Each place once, in the order given, with the name that any of its entries has. */
export function uniqueServers(servers: readonly DnsServer[]): DnsServer[] {
  const found: DnsServer[] = [];
  for (const server of servers) {
    const index = found.findIndex((one) => sameServer(one, server) && one.address !== '');
    if (index < 0) found.push(server);
    else if (found[index]!.name === undefined) found[index] = server;
  }
  return found;
}
