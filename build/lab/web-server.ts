import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { contentRoots, listSites, openConfiguration } from '../../src/iis/index.ts';
import type { Site } from '../../src/model/site.ts';

/**
 * A web server for the lab alone: it serves what an applicationHost.config says, read anew for each request as IIS
 * takes up a changed file. Sites are found by binding address, port and host header, files in the folder that holds
 * the server's drives.
 *
 * node --import tsx build/lab/web-server.ts CONFIGURATION DISK ADDRESS PORT
 */
const [configurationFile = '', disk = '', address = '', port = ''] = process.argv.slice(2);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sites = listSites(await openConfiguration(configurationFile));
  const site = sites.find((one) => isBound(one, (request.headers.host ?? '').replace(/:\d+$/, '')));
  const root =
    site &&
    contentRoots(site).find(({ application, virtualDirectory }) => application + virtualDirectory === '//');
  if (root === undefined) {
    response.writeHead(404).end('No site is bound to this host name.\n');
    return;
  }
  const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0]!));
  const folder = join(disk, ...root.physicalPath.replace(/^([A-Za-z]):/, '$1').split('\\'));
  try {
    const page = await readFile(join(folder, path.endsWith('/') ? `${path}default.htm` : path));
    response.writeHead(200, { 'content-type': 'text/html', 'x-site': site!.name }).end(page);
  } catch {
    response.writeHead(404).end('There is no such page.\n');
  }
}

function isBound(site: Site, hostName: string): boolean {
  return site.bindings.some(({ protocol, endpoint }) => {
    if (protocol !== 'http' || endpoint === undefined || endpoint.port !== Number(port)) return false;
    const here = endpoint.address === '*' || endpoint.address === address;
    return here && (endpoint.hostName === '' || endpoint.hostName.toLowerCase() === hostName.toLowerCase());
  });
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
server.listen(Number(port), address, () => console.log('listening'));
