import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { missingFile } from './lab-server.ts';

const run = promisify(execFile);
const systemd = '/lib/systemd/systemd';

/**
 * Control groups of its own, in a namespace of mounts: the systemd of a test makes what it finds at this place
 * read-only, for the whole machine where they are the machine's.
 */
const controlGroups = [
  'mount --make-rprivate /',
  'mount -t tmpfs tmpfs /sys/fs/cgroup',
  'mkdir /sys/fs/cgroup/systemd',
  'mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd',
];

/** Why there can be no systemd of a test on this kind of machine, whatever is installed on it; in words. */
export async function noPlaceForSystemd(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Linux has systemd';
  // A second one would share its control groups.
  if ((await readFile('/proc/1/comm', 'utf8')).trim() === 'systemd') return 'this machine runs on its own';
  return inMounts(controlGroups).then(
    () => undefined,
    () => 'control groups cannot be mounted',
  );
}

function inMounts(commands: readonly string[]) {
  return run('unshare', ['--mount', '--cgroup', '/bin/sh', '-c', commands.join(' && ')], { timeout: 60_000 });
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
    ...controlGroups,
    'mount -t proc proc /proc',
    'mount -t tmpfs tmpfs /run',
    'mount -t tmpfs tmpfs /etc/systemd/system',
    'mkdir -p /run/systemd /run/lock',
    `export container=lab SYSTEMD_PROC_CMDLINE=systemd.legacy_systemd_cgroup_controller=yes SYSTEMD_UNIT_PATH=/etc/systemd/system:${folder} SYSTEMD_LOG_TARGET=console`,
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
    // Groups outlive the mount that they were made in.
    const leave = 'find /sys/fs/cgroup/systemd -mindepth 1 -depth -type d -exec rmdir {} +';
    await inMounts([...controlGroups, leave]).catch(() => undefined);
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
