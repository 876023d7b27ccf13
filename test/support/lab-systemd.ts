import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { missingFile } from './lab-server.ts';

const run = promisify(execFile);
const systemd = '/lib/systemd/systemd';

/** Why there can be no systemd of a test on this kind of machine, whatever is installed on it; in words. */
export async function noPlaceForSystemd(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Linux has systemd';
  // A second one would share the control groups with the machine's own.
  if ((await readFile('/proc/1/comm', 'utf8')).trim() === 'systemd') return 'this machine runs on its own';
  const writable = await access('/sys/fs/cgroup', constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable ? undefined : 'the control groups may not be written to';
}

/** What such a machine lacks for it, in words. */
export async function missingForSystemd(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'root (namespaces of processes and mounts)';
  return missingFile([
    [systemd, 'systemd (package systemd)'],
    ['/usr/bin/nsenter', 'nsenter (package util-linux)'],
  ]);
}

/** A running systemd of a test with no unit of this machine; what it registers is gone with it. */
export interface LabSystemd {
  /** Put before a command so that it runs under it. */
  readonly on: readonly string[];
  systemctl(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** What boot is here: nothing but timers. */
const targets = ['default', 'sysinit', 'basic', 'timers', 'network-online', 'shutdown'];

export async function startLabSystemd(): Promise<LabSystemd> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-systemd-'));
  for (const name of targets)
    await writeFile(
      join(folder, `${name}.target`),
      `[Unit]\nDescription=${name}\nDefaultDependencies=no\n${name === 'default' ? 'Wants=timers.target\n' : ''}`,
    );
  // In namespaces of its own: it is process 1 there, and its folders are in memory.
  const boot = [
    'mount --make-rprivate /',
    'mount -t proc proc /proc',
    'mount -t tmpfs tmpfs /run',
    'mount -t tmpfs tmpfs /etc/systemd/system',
    'mkdir -p /run/systemd /run/lock',
    `export container=lab SYSTEMD_UNIT_PATH=/etc/systemd/system:${folder} SYSTEMD_LOG_TARGET=console`,
    `exec ${systemd} --system --show-status=no`,
  ].join(' && ');
  const namespaces = ['--fork', '--pid', '--mount', '--ipc', '--uts', '--cgroup', '--kill-child'];
  const child = spawn('unshare', [...namespaces, '/bin/sh', '-c', boot], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-5000)));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL'); // and with it all of its processes
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
    // What it leaves where this machine's own process 1 is no systemd.
    for (const group of ['init.scope', 'system.slice'])
      await rmdir(`/sys/fs/cgroup/systemd/${group}`).catch(() => undefined);
  };
  let on: string[] = [];
  const systemctl = async (...words: string[]): Promise<string> => {
    const [program = '', ...rest] = [...on, 'systemctl', ...words];
    return (await run(program, rest, { timeout: 60_000 })).stdout;
  };
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').catch(() => '');
    on = ['nsenter', '-t', children.trim(), '-m', '-p', '--'];
    const state = children.trim() === '' ? '' : await systemctl('is-system-running').catch(() => '');
    if (state.trim() === 'running') return { on, systemctl, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`systemd did not become ready:\n${log}`);
}
