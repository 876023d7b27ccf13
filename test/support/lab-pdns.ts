import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labKeys, tsigSecret } from './lab-bind.ts';
import { missingFile, startServer } from './lab-server.ts';

const run = promisify(execFile);
const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';
const server = '/usr/sbin/pdns_server';

export const apiKey = 'an api key of the lab';

/** What a machine lacks for PowerDNS, in words. */
export const missingPdns = () =>
  missingFile([
    [server, 'PowerDNS (package pdns-server)'],
    [schema, 'the SQLite backend of PowerDNS (package pdns-backend-sqlite3)'],
    ['/usr/bin/sqlite3', 'sqlite3 (package sqlite3)'],
  ]);

export interface LabPdnsOptions {
  readonly port: number;
  /** Of the HTTP API. */
  readonly apiPort: number;
  /** Zone files by zone name. */
  readonly zones: Readonly<Record<string, string>>;
  /** Sign the zones (DNSSEC). Default false. */
  readonly signed?: boolean;
}

/** A running PowerDNS of a test with a database of its own, whose zones take updates signed with the key failover. */
export interface LabPdns {
  readonly url: string;
  pdnsutil(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startLabPdns(address: string, options: LabPdnsOptions): Promise<LabPdns> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-pdns-'));
  await writeFile(join(folder, 'pdns.conf'), configuration(folder, address, options));
  const database = join(folder, 'pdns.sqlite3');
  await run('/usr/bin/sqlite3', [database, `.read ${schema}`]);
  const pdnsutil = async (...words: string[]): Promise<string> =>
    (await run('/usr/bin/pdnsutil', ['--config-dir', folder, ...words])).stdout;
  for (const { name, algorithm } of labKeys) await pdnsutil('import-tsig-key', name, algorithm, tsigSecret);
  const keys = labKeys.map(({ name }) => name);
  for (const [zone, text] of Object.entries(options.zones)) {
    const file = join(folder, zone);
    await writeFile(file, text);
    await pdnsutil('load-zone', zone, file);
    // PowerDNS increases the serial by itself only where it is told how.
    for (const [kind, ...values] of [
      ['TSIG-ALLOW-DNSUPDATE', ...keys],
      ['TSIG-ALLOW-AXFR', ...keys],
      ['SOA-EDIT-DNSUPDATE', 'INCREASE'],
      ['SOA-EDIT-API', 'INCREASE'],
    ] as const)
      await pdnsutil('set-meta', zone, kind, ...values);
    if (options.signed === true) await pdnsutil('secure-zone', zone);
  }
  const url = `http://${address}:${options.apiPort}`;
  const started = await startServer(server, [`--config-dir=${folder}`], folder, async () => {
    const api = `${url}/api/v1/servers/localhost`;
    return (await fetch(api, { headers: { 'X-API-Key': apiKey } })).ok;
  });
  return { url, pdnsutil, stop: () => started.stop() };
}

function configuration(folder: string, address: string, { port, apiPort }: LabPdnsOptions): string {
  return [
    'launch=gsqlite3',
    `gsqlite3-database=${folder}/pdns.sqlite3`,
    'gsqlite3-dnssec=yes',
    `local-address=${address}`,
    `local-port=${port}`,
    `socket-dir=${folder}`,
    'guardian=no',
    'daemon=no',
    'disable-syslog=yes',
    'dnsupdate=yes',
    'allow-dnsupdate-from=127.0.0.0/8,::1',
    'allow-axfr-ips=127.0.0.0/8,::1',
    'primary=yes',
    'only-notify=',
    'webserver=yes',
    `webserver-address=${address}`,
    `webserver-port=${apiPort}`,
    'webserver-allow-from=127.0.0.0/8,::1',
    'api=yes',
    `api-key=${apiKey}`,
    '',
  ].join('\n');
}
