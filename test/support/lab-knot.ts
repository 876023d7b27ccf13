import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labKeys, tsigSecret } from './lab-bind.ts';
import { missingFile, startServer } from './lab-server.ts';

const run = promisify(execFile);
const server = '/usr/sbin/knotd';

/** What a machine lacks for Knot DNS, in words. */
export const missingKnot = () => missingFile([[server, 'Knot DNS (package knot)']]);

export interface LabKnotOptions {
  readonly port: number;
  /** Zone files by zone name. */
  readonly zones: Readonly<Record<string, string>>;
  /** More settings of the zones, e.g. `dnssec-signing: on`. */
  readonly zone?: readonly string[];
}

export interface LabKnot {
  stop(): Promise<void>;
}

/** A running Knot DNS of a test, whose zones take updates signed with the key failover and give transfers to all. */
export async function startLabKnot(address: string, options: LabKnotOptions): Promise<LabKnot> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-knot-'));
  for (const one of ['zones', 'db']) await mkdir(join(folder, one));
  const names = Object.keys(options.zones);
  for (const zone of names) await writeFile(join(folder, 'zones', `${zone}.zone`), options.zones[zone]!);
  const file = join(folder, 'knot.conf');
  await writeFile(file, configuration(folder, address, options));
  const place = [`@${address}`, '-p', String(options.port), '+time=1', '+tries=1', '+short'];
  return startServer(server, ['-c', file], folder, async () => {
    const answers = await Promise.all(names.map((zone) => run('dig', [...place, zone, 'SOA'])));
    return answers.every(({ stdout }) => stdout.trim() !== '' && !stdout.includes(';;'));
  });
}

function configuration(folder: string, address: string, { port, zones, zone = [] }: LabKnotOptions): string {
  return [
    'server:',
    `    rundir: "${folder}"`,
    `    listen: ${address}@${port}`,
    'log:',
    '  - target: stderr',
    '    any: info',
    'database:',
    `    storage: "${folder}/db"`,
    'key:',
    ...labKeys.flatMap(({ name, algorithm }) => [
      `  - id: ${name}`,
      `    algorithm: ${algorithm}`,
      `    secret: ${tsigSecret}`,
    ]),
    'acl:',
    '  - id: update',
    `    key: [${labKeys.map(({ name }) => name).join(', ')}]`,
    '    action: [update, transfer]',
    '  - id: transfer',
    '    address: [127.0.0.0/8, "::1"]',
    '    action: transfer',
    'template:',
    '  - id: default',
    `    storage: "${folder}/zones"`,
    '    acl: [update, transfer]',
    ...zone.map((line) => `    ${line}`),
    'zone:',
    ...Object.keys(zones).map((name) => `  - domain: ${name}`),
    '',
  ].join('\n');
}
