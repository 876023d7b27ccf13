import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tsigSecret } from '../support/lab-bind.ts';
import { missingFile } from '../support/lab-server.ts';

const run = promisify(execFile);
const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

/** What a machine lacks for checking configurations, in words. */
export const missingCheckers = () =>
  missingFile([
    ['/usr/bin/named-checkconf', 'BIND 9 (package bind9)'],
    ['/usr/sbin/knotc', 'Knot DNS (package knot)'],
    ['/usr/sbin/pdns_server', 'PowerDNS (package pdns-server)'],
    ['/usr/bin/promtool', 'promtool (package prometheus)'],
    [schema, 'the SQLite backend of PowerDNS (package pdns-backend-sqlite3)'],
    ['/usr/bin/sqlite3', 'sqlite3 (package sqlite3)'],
  ]);

/** @throws Error with what named-checkconf says of a part of named.conf */
export function checkNamed(code: string): Promise<void> {
  return inFolder(async (folder) => {
    const key = `key "failover" { algorithm hmac-sha256; secret "${tsigSecret}"; };`;
    const file = join(folder, 'named.conf');
    const included = 'include "/etc/bind/failover.key";';
    const text = code.includes(included) ? code.replace(included, key) : `${key}\n${code}`;
    await writeFile(file, text.replaceAll('/var/lib/bind', folder));
    await check('/usr/bin/named-checkconf', [file]);
  });
}

/** @throws Error with what knotc says of a part of knot.conf */
export function checkKnot(code: string): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, 'knot.conf');
    const secret = code.replace(/\(from keymgr [^)]*\)/, tsigSecret);
    await writeFile(file, `server:\n    rundir: "${folder}"\ndatabase:\n    storage: "${folder}"\n${secret}`);
    await check('/usr/sbin/knotc', ['-c', file, 'conf-check']);
  });
}

/** @throws Error with what pdns_server says of a part of pdns.conf */
export function checkPdns(code: string): Promise<void> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'pdns.conf'), `launch=gsqlite3\n${code}`);
    await check('/usr/sbin/pdns_server', ['--config=check', `--config-dir=${folder}`]);
  });
}

/** @throws Error with what promtool says of a file of alerts, or of a part of prometheus.yml */
export function checkPrometheus(code: string): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, 'prometheus.yml');
    const isRules = code.startsWith('groups:');
    // The file that holds the token is not here.
    await writeFile(file, code);
    const words = isRules ? ['rules', '--lint-fatal'] : ['config', '--syntax-only'];
    await check('/usr/bin/promtool', ['check', ...words, file]);
  });
}

/**
 * Runs the lines of a shell block that set up a name server, in folders of its own.
 * @throws Error with what a program says
 */
export function runServerCommands(code: string): Promise<void> {
  return inFolder(async (folder) => {
    const database = join(folder, 'pdns.sqlite3');
    await writeFile(join(folder, 'pdns.conf'), `launch=gsqlite3\ngsqlite3-database=${database}\n`);
    await run('/usr/bin/sqlite3', [database, `.read ${schema}`]);
    const pdnsutil = `pdnsutil --config-dir ${folder}`;
    await run('/usr/bin/pdnsutil', ['--config-dir', folder, 'create-zone', 'example.com']);
    await mkdir(join(folder, 'bind'));
    const here = code.replace(/^pdnsutil/gm, pdnsutil).replaceAll('/etc/bind', join(folder, 'bind'));
    await check('/bin/sh', ['-euc', here]);
  });
}

async function check(program: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/bin` };
  await run(program, args, { env, timeout: 20_000 }).catch(
    (error: Error & { stdout: string; stderr: string }) => {
      throw new Error(`${program}: ${error.stdout}${error.stderr}`);
    },
  );
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-snippet-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
