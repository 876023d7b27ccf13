import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { startLabBind, tsigSecret } from '../../test/support/lab-bind.ts';
import { type DnsPeer, isThere, primaryOf, Poller, Server, siteName, standby, webPort, zone } from './lab.ts';

export interface Timing {
  readonly sites: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Of ours alone: failures before one is believed, and the pause between them. The peers believe the first. */
  readonly attempts: number;
}

/** A monitor and the DNS server that it changes or is. */
export interface Contender {
  readonly name: string;
  readonly dns: DnsPeer;
  readonly monitor: Server;
  stop(): Promise<void>;
}

export type Start = (folder: string, timing: Timing) => Promise<Contender>;

const gdnsd = '/usr/sbin/gdnsd';
const powerdns = '/usr/sbin/pdns_server';
const powerdnsBind = '/usr/lib/x86_64-linux-gnu/pdns/libbindbackend.so';

/** What is installed of the peers; says what is not. */
export async function peers(): Promise<[string, Start][]> {
  const all: [string, string, Start, string][] = [
    ['gdnsd', gdnsd, startGdnsd, 'gdnsd'],
    ['PowerDNS ifurlup', powerdnsBind, startPowerdns, 'pdns-backend-bind'],
  ];
  const found: [string, Start][] = [];
  for (const [name, path, start, debian] of all) {
    if (await isThere(path)) found.push([name, start]);
    else console.log(`${path} is not installed (Debian: ${debian}): no comparison with it`);
  }
  return found;
}

/** nginx as a web server for every site, at one address or, as the primary, at all that nobody else has. */
export async function startWeb(folder: string, address: string): Promise<Server> {
  await mkdir(folder, { recursive: true });
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const text = [
    'daemon off; master_process off; worker_rlimit_nofile 20000;',
    `pid ${folder}/nginx.pid; error_log stderr; events { worker_connections 16000; }`,
    `http { access_log off; keepalive_timeout 0; ${paths.map((path) => `${path}_temp_path ${folder}/${path};`).join(' ')}`,
    `  server { listen ${address}:${webPort} reuseport backlog=4096; return 200 "It works."; } }`,
  ];
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text.join('\n'));
  return new Server('/usr/sbin/nginx', ['-p', folder, '-c', file, '-e', 'stderr']);
}

/** Ours: the continuous monitor of the core, bundled as the module is, and BIND 9. */
export const startOurs: Start = async (folder, timing) => {
  await mkdir(folder, { recursive: true });
  const dns = { address: '127.0.0.1', port: await freePort() }; // BIND listens only where an interface is
  const sites = Array.from({ length: timing.sites }, (_, index) => index);
  const records = sites.map((index) => `s${index} A ${primaryOf(0)}`);
  const head = ['$TTL 30', `@ SOA ns.${zone}. admin.${zone}. 1 300 60 86400 30`, '@ NS ns', 'ns A 127.0.0.1'];
  const bind = await startLabBind(dns.address, {
    port: dns.port,
    zones: { [zone]: [...head, ...records, ''].join('\n') },
  });
  const script = join(folder, 'monitor.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../test/support/faults/monitor-process.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    external: ['edge-js', 'edge-cs', 'koffi'],
    define: { __VERSION__: '"bench"' },
    logLevel: 'error',
  });
  const settings = join(folder, 'failover.json');
  await writeFile(join(folder, 'key.txt'), tsigSecret);
  await writeFile(settings, JSON.stringify(ourSettings(timing, dns)));
  const monitor = new Server(process.execPath, [script, settings]);
  return {
    name: 'ours',
    dns,
    monitor,
    stop: async () => {
      await monitor.stop();
      await bind.stop();
    },
  };
};

function ourSettings({ sites, intervalSeconds, timeoutSeconds, attempts }: Timing, dns: DnsPeer): object {
  return {
    servers: [
      { name: 'PRIMARY', role: 'primary', addresses: [primaryOf(0)] },
      { name: 'FAILOVER', role: 'failover', addresses: [standby] },
    ],
    sites: Array.from({ length: sites }, (_, index) => ({
      name: siteName(index),
      hostNames: [siteName(index)],
    })),
    healthCheck: { port: webPort, intervalSeconds, timeoutSeconds, attempts, retrySeconds: 0 },
    dns: {
      servers: [dns],
      maxZoneChangePercent: 100,
      key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
    },
    monitor: { failbackAfter: 1, holdSeconds: 0, flapping: { failovers: 100 }, probesPerSecond: 100_000 },
    stateFolder: 'state',
  };
}

const startGdnsd: Start = async (folder, { sites, intervalSeconds, timeoutSeconds }) => {
  const dns = { address: '127.80.0.2', port: 5392 };
  await mkdir(join(folder, 'zones'), { recursive: true });
  await mkdir(join(folder, 'run'));
  const indexes = Array.from({ length: sites }, (_, index) => index);
  const times = `interval => ${intervalSeconds}, timeout => ${timeoutSeconds}`;
  const check = `port => ${webPort}, ${times}, up_thresh => 1, ok_thresh => 1, down_thresh => 1`;
  const text = [
    `options => { listen => ${dns.address}:${dns.port}, run_dir => ${folder}/run, state_dir => ${folder}/run }`,
    `service_types => { web => { plugin => http_status, url_path => "/", ${check} } }`,
    'plugins => { simplefo => { service_types => web,',
    ...indexes.map((index) => `  s${index} => { primary => ${primaryOf(index)}, secondary => ${standby} }`),
    '} }',
  ];
  await writeFile(join(folder, 'config'), text.join('\n'));
  const records = indexes.map((index) => `s${index} 30 DYNA simplefo!s${index}`);
  const head = [`@ SOA ns admin 1 300 60 86400 30`, '@ NS ns', `ns A ${dns.address}`];
  await writeFile(join(folder, 'zones', zone), [...head, ...records, ''].join('\n'));
  const monitor = new Server(gdnsd, ['-c', folder, 'start']);
  return { name: 'gdnsd', dns, monitor, stop: () => monitor.stop() };
};

const startPowerdns: Start = async (folder, { sites, intervalSeconds, timeoutSeconds }) => {
  const dns = { address: '127.80.0.3', port: 5393 };
  await mkdir(folder, { recursive: true });
  const indexes = Array.from({ length: sites }, (_, index) => index);
  const records = indexes.map((index) => {
    const servers = `{{'${primaryOf(index)}'},{'${standby}'}}`;
    const url = `http://${siteName(index)}:${webPort}/`;
    return `s${index} LUA A "ifurlup('${url}', ${servers}, {timeout=${timeoutSeconds}})"`;
  });
  const head = [
    '$TTL 30',
    `@ SOA ns.${zone}. admin.${zone}. 1 300 60 86400 30`,
    '@ NS ns',
    'ns A 127.80.0.3',
  ];
  await writeFile(join(folder, 'zone'), [...head, ...records, ''].join('\n'));
  await writeFile(join(folder, 'named.conf'), `zone "${zone}" { type native; file "${folder}/zone"; };\n`);
  const options = {
    'config-dir': folder,
    'socket-dir': folder,
    launch: 'bind',
    'bind-config': join(folder, 'named.conf'),
    'local-address': dns.address,
    'local-port': String(dns.port),
    'enable-lua-records': 'yes',
    'lua-health-checks-interval': String(intervalSeconds),
    'cache-ttl': '0',
    'query-cache-ttl': '0',
    'negquery-cache-ttl': '0',
    guardian: 'no',
    daemon: 'no',
  };
  const monitor = new Server(
    powerdns,
    Object.entries(options).map(([name, value]) => `--${name}=${value}`),
  );
  // A name is checked from the first question on.
  const poller = new Poller();
  try {
    await monitor.until(async () => (await poller.ask(dns, 0)) !== undefined);
    for (const index of indexes) await poller.ask(dns, index);
  } finally {
    poller.close();
  }
  return { name: 'PowerDNS ifurlup', dns, monitor, stop: () => monitor.stop() };
};
