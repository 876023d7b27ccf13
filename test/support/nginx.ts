import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const executable = '/usr/sbin/nginx';

export async function missingNginx(): Promise<string | undefined> {
  return access(executable).then(
    () => undefined,
    () => 'nginx (package nginx-light)',
  );
}

export interface NginxSite {
  readonly hostName: string;
  readonly root: string;
}

/** A running nginx of a test. */
export interface Nginx {
  /** SIGKILL to master and worker, as a crash of the machine. */
  kill(): Promise<void>;
  /** SIGSTOP: accepts connections and answers nothing. */
  hang(): void;
  resume(): void;
}

/**
 * Starts nginx with a configuration of its own in a folder, in one process that a signal reaches whole.
 * @param prefix command that the server runs under, e.g. a network namespace's
 * @param status answers every request with this status instead of a page
 */
export async function startNginx(
  folder: string,
  address: string,
  sites: readonly NginxSite[],
  prefix: readonly string[],
  status?: number,
  port = 80,
): Promise<Nginx> {
  await mkdir(folder, { recursive: true });
  const configuration = join(folder, 'nginx.conf');
  const pidFile = join(folder, 'nginx.pid');
  await rm(pidFile, { force: true });
  await writeFile(configuration, configurationText(folder, `${address}:${port}`, sites, status));
  const [program = '', ...args] = [...prefix, executable, '-p', folder, '-c', configuration, '-e', 'stderr'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await untilStarted(child, pidFile, () => errors);
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    kill: end,
    hang: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

function configurationText(
  folder: string,
  address: string,
  sites: readonly NginxSite[],
  status: number | undefined,
): string {
  const answer = status === undefined ? 'index default.htm;' : `return ${status};`;
  const servers = sites.map(
    ({ hostName, root }) =>
      `server { listen ${address}; server_name ${hostName} www.${hostName}; root ${root}; ${answer} }`,
  );
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return [
    'daemon off; master_process off;',
    `pid ${join(folder, 'nginx.pid')}; error_log stderr;`,
    'events { worker_connections 64; }',
    `http { access_log off; keepalive_timeout 0; ${paths.join(' ')} ${servers.join('\n')} }`,
    '',
  ].join('\n');
}

async function untilStarted(child: ChildProcess, pidFile: string, errors: () => string): Promise<void> {
  for (let waited = 0; waited < 200; waited++) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${errors()}`);
    const started = await access(pidFile).then(
      () => true,
      () => false,
    );
    if (started) return;
    await sleep(25);
  }
  throw new Error(`nginx did not start: ${errors()}`);
}
