import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTsigKey, recordSet } from '../../src/dns/index.ts';
import { type LabDns, startLabDns } from '../lab/dns-server.ts';
import { failoverSites, type LabServer, makeFailover, makePrimary, sites } from '../lab/whitepaper.ts';

const webServer = fileURLToPath(new URL('../lab/web-server.ts', import.meta.url));

export const primaryAddress = '127.10.1.1';
export const failoverAddress = '127.10.1.2';
const dnsAddress = '127.10.1.3';

/** The whitepaper's four machines on loopback addresses of this one. */
export interface Lab {
  readonly folder: string;
  readonly port: number;
  readonly dns: LabDns;
  readonly primary: LabServer;
  readonly failover: LabServer;
  startPrimary(): Promise<void>;
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-demo-'));
  const port = await freePort();
  const primary = await makePrimary(await made(folder, 'primary'), '*', port);
  const failover = await makeFailover(await made(folder, 'failover'));
  const secret = randomBytes(32).toString('base64');
  const dns = await startLabDns({
    address: dnsAddress,
    port: 0,
    key: parseTsigKey(secret, { name: 'failover', algorithm: 'hmac-sha256' }),
    zones: Object.fromEntries(sites.map((site) => [site, zoneOf(site)])),
  });
  await writeSettings(folder, port, dns.port, secret, failover);
  const servers = new Map<string, ChildProcess>();
  const start = async (name: string, server: LabServer, address: string): Promise<void> => {
    servers.set(name, await startWebServer(server, address, port));
  };
  const kill = async (name: string): Promise<void> => {
    const server = servers.get(name);
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  await Promise.all([
    start('primary', primary, primaryAddress),
    start('failover', failover, failoverAddress),
  ]);
  return {
    folder,
    port,
    dns,
    primary,
    failover,
    startPrimary: () => start('primary', primary, primaryAddress),
    killPrimary: () => kill('primary'),
    stop: async () => {
      await Promise.all([kill('primary'), kill('failover'), dns.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function zoneOf(site: string) {
  return [
    recordSet(site, 'SOA', 300, [`ns.${site} hostmaster.${site} 1 300 60 86400 300`]),
    recordSet(site, 'NS', 300, [`ns.${site}`]),
    recordSet(`ns.${site}`, 'A', 300, [dnsAddress]),
    recordSet(site, 'A', 300, [primaryAddress]),
    recordSet(`www.${site}`, 'CNAME', 300, [site]),
  ];
}

async function writeSettings(
  folder: string,
  port: number,
  dnsPort: number,
  secret: string,
  failover: LabServer,
): Promise<void> {
  const settings = {
    servers: [
      { name: 'PRIMARY', role: 'primary', addresses: [primaryAddress] },
      { name: 'FAILOVER', role: 'failover', addresses: [failoverAddress] },
    ],
    sites: failoverSites.map((site) => ({ name: site, hostNames: [site] })),
    healthCheck: { port, timeoutSeconds: 2, attempts: 3, retrySeconds: 0.2 },
    dns: {
      servers: [{ address: dnsAddress, port: dnsPort }],
      key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'dns-key.txt' } },
    },
    configurationFile: failover.configurationFile,
    backup: { folder: 'backup', password: { file: 'backup-password.txt' } },
    content: { server: './primary/disk', destinationDrive: './failover/disk/C' },
    addressMap: { [primaryAddress]: failoverAddress },
    stateFolder: 'state',
  };
  await writeFile(join(folder, 'failover.json'), JSON.stringify(settings, undefined, 2));
  await writeFile(
    join(folder, 'Sitelist.txt'),
    `# Sites with a failover service\r\n${failoverSites.join('\r\n')}\r\n`,
  );
  await writeFile(join(folder, 'dns-key.txt'), `${secret}\n`, { mode: 0o600 });
  await writeFile(join(folder, 'backup-password.txt'), `${randomBytes(18).toString('base64')}\n`, {
    mode: 0o600,
  });
}

async function startWebServer(server: LabServer, address: string, port: number): Promise<ChildProcess> {
  const args = ['--import', 'tsx', webServer, server.configurationFile, server.disk, address, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const listening = once(child.stdout, 'data');
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The web server on ${address}:${port} ended before it listened`);
  });
  await Promise.race([listening, ended]);
  ended.catch(() => undefined); // it is killed later on purpose
  return child;
}

async function made(folder: string, name: string): Promise<string> {
  await mkdir(join(folder, name));
  return join(folder, name);
}

/** A port that is free on the loopback address now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, primaryAddress);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
