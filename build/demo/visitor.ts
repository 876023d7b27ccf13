import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Resolver } from 'node:dns/promises';

/** What a visitor sees of a site: the address that DNS gives, and the page from there. */
export interface Visit {
  readonly address: string;
  /** The text of the page, or why there is none. */
  readonly page: string;
}

/** Resolves the name at the DNS server and fetches the page, as a browser would. */
export async function visit(
  hostName: string,
  port: number,
  dns: { address: string; port: number },
): Promise<Visit> {
  const address = await resolve(hostName, dns);
  try {
    const request = get({
      host: address,
      port,
      path: '/',
      headers: { host: hostName },
      timeout: 2000,
      agent: false,
    });
    request.on('timeout', () => request.destroy(new Error('timed out')));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let page = '';
    for await (const chunk of response.setEncoding('utf8')) page += chunk as string;
    return { address, page: `${response.statusCode} ${page.trim()}` };
  } catch (error) {
    return { address, page: `no page (${error instanceof Error ? error.message : String(error)})` };
  }
}

export async function resolve(hostName: string, dns: { address: string; port: number }): Promise<string> {
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  const [address] = await resolver.resolve4(hostName);
  return address ?? 'none';
}
