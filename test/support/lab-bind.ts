import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const named = '/usr/sbin/named';
const run = promisify(execFile);

export const tsigSecret = 'c2VjcmV0IG9mIHRoZSBsYWIsIDMyIGJ5dGVzIGxvbmc=';

/** The keys that every server of the lab takes updates from; the first is the one of most tests. */
export const labKeys = [
  { name: 'failover', algorithm: 'hmac-sha256' },
  { name: 'failover-sha1', algorithm: 'hmac-sha1' },
  { name: 'failover-sha384', algorithm: 'hmac-sha384' },
  { name: 'failover-sha512', algorithm: 'hmac-sha512' },
] as const;

/** What a machine lacks for BIND 9, in words. */
export async function missingBind(): Promise<string | undefined> {
  for (const [path, what] of [
    [named, 'BIND 9 (package bind9)'],
    ['/usr/bin/dig', 'dig (package bind9-dnsutils)'],
  ] as const) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) return what;
  }
  return undefined;
}

export interface LabBindOptions {
  /** Default 53. */
  readonly port?: number;
  /** Command that the server runs under, e.g. a network namespace's. */
  readonly prefix?: readonly string[];
  /** Zone files by zone name; default the whitepaper's. */
  readonly zones: Readonly<Record<string, string>>;
  /** More copies of zones, by the key whose signature leads to them (BIND's views). */
  readonly views?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What a zone allows; default updates with the keys of the lab. */
  readonly policy?: string;
  /** More of its `options` statement. */
  readonly options?: string;
  /** More statements of its configuration, e.g. keys. */
  readonly statements?: string;
  /** Makes its zones secondary ones: copies of those of the BIND at this port. */
  readonly primaryPort?: number;
  /** Where that BIND is; default the same address. */
  readonly primaryAddress?: string;
  /** How often a secondary looks for changes; default what the SOA says, but at least five minutes. */
  readonly refreshSeconds?: number;
}

/** A running BIND 9 of a test, with a configuration, folder and journals of its own. */
export interface LabBind {
  readonly port: number;
  /** The zone by AXFR, one record a line `name ttl type data`, sorted, without SOA. */
  table(zone: string, viewKey?: string): Promise<string[]>;
  /** The end of what it has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** The whitepaper's zone: A, and www as its CNAME. */
export function paperZone(zone: string, nameServer: string, address: string): string {
  return [
    '$TTL 300',
    `@ SOA ns.${zone}. hostmaster.${zone}. 1 300 60 86400 300`,
    '@ NS ns',
    `ns A ${nameServer}`,
    `@ A ${address}`,
    `www CNAME ${zone}.`,
    '',
  ].join('\n');
}

/** The whitepaper's table of a zone, as `table` gives it; `old` where the site is failed over. */
export function paperTable(zone: string, nameServer: string, address: string, old?: string): string[] {
  return [
    `${zone} 300 A ${address}`,
    `${zone} 300 NS ns.${zone}`,
    `ns.${zone} 300 A ${nameServer}`,
    `www.${zone} 300 CNAME ${zone}`,
    ...(old === undefined ? [] : [`old.${zone} 300 A ${old}`]),
  ].sort();
}

export async function startLabBind(address: string, options: LabBindOptions): Promise<LabBind> {
  const { port = 53, prefix = [], zones } = options;
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-bind-'));
  await mkdir(join(folder, 'zones'));
  for (const [zone, text] of Object.entries(zones)) await writeFile(join(folder, 'zones', zone), text);
  for (const [view, copies] of Object.entries(options.views ?? {}))
    for (const [zone, text] of Object.entries(copies))
      await writeFile(join(folder, 'zones', `${zone} of ${view}`), text);
  await writeFile(join(folder, 'named.conf'), configuration(folder, address, port, options));
  const [program = '', ...args] = [...prefix, named, '-g', '-c', join(folder, 'named.conf')];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-50_000)));
  const dig = async (...words: string[]): Promise<string> => {
    const command = [...prefix, 'dig', `@${address}`, '-p', String(port), '+time=1', '+tries=1', ...words];
    return (await run(command[0]!, command.slice(1))).stdout;
  };
  await untilAnswering(
    child,
    () => dig('+short', Object.keys(zones)[0]!, 'SOA'),
    () => log,
  );
  return {
    port,
    log: () => log,
    table: async (zone, viewKey) => {
      const key = labKeys.find(({ name }) => name === viewKey);
      const signed = key === undefined ? [] : ['-y', `${key.algorithm}:${key.name}:${tsigSecret}`];
      const text = await dig(...signed, '+noall', '+answer', zone, 'AXFR');
      return text
        .split('\n')
        .filter((line) => line.trim() !== '' && !/\s(SOA|TSIG)\s/.test(line))
        .map((line) => {
          const [name = '', ttl = '', , type = '', ...data] = line.split(/\s+/);
          return [name, ttl, type, ...data].map((word) => word.replace(/\.$/, '')).join(' ');
        })
        .sort();
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  folder: string,
  address: string,
  port: number,
  {
    zones,
    policy = `allow-update { ${labKeys.map(({ name }) => `key ${name}; `).join('')}};`,
    statements = '',
    options = '',
    views = {},
    primaryPort,
    primaryAddress = address,
    refreshSeconds,
  }: LabBindOptions,
): string {
  const refresh =
    refreshSeconds === undefined
      ? ''
      : ['refresh', 'retry']
          .map((what) => `min-${what}-time 1; max-${what}-time ${refreshSeconds}; `)
          .join('');
  const kind = (zone: string) =>
    primaryPort === undefined
      ? `type primary; file "zones/${zone}"; ${policy}`
      : `type secondary; file "copy of ${zone}"; primaries { ${primaryAddress} port ${primaryPort}; }; ${refresh}`;
  const own = Object.keys(zones)
    .map((zone) => `zone "${zone}" { ${kind(zone)} };`)
    .join('\n');
  return [
    `options { directory "${folder}"; pid-file "${folder}/named.pid"; session-keyfile "${folder}/session.key";`,
    `  listen-on port ${port} { ${address}; }; listen-on-v6 { none; }; recursion no; notify no;`,
    `  allow-transfer { any; }; dnssec-validation no; ${options} };`,
    'controls { };',
    ...labKeys.map(
      ({ name, algorithm }) => `key ${name} { algorithm ${algorithm}; secret "${tsigSecret}"; };`,
    ),
    statements,
    ...Object.entries(views).map(([view, copies]) => {
      const statements = Object.keys(copies).map(
        (zone) => `zone "${zone}" { ${kind(`${zone} of ${view}`)} };`,
      );
      return `view "${view}" { match-clients { key ${view}; }; ${statements.join(' ')} };`;
    }),
    Object.keys(views).length === 0 ? own : `view "default" { match-clients { any; };\n${own}\n};`,
    '',
  ].join('\n');
}

async function untilAnswering(
  child: ChildProcess,
  ask: () => Promise<string>,
  log: () => string,
): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`named ended with ${child.exitCode}:\n${log()}`);
    const answer = await ask().catch(() => '');
    if (answer.trim() !== '' && !answer.includes(';;')) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`named did not answer:\n${log()}`);
}
