import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a machine lacks for a Samba share with NT descriptors, in words. */
export function missingSamba(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux (namespaces)';
  if (!existsSync('/usr/sbin/smbd')) return 'smbd (package samba)';
  if (!existsSync('/usr/bin/smbcacls')) return 'smbcacls (package smbclient)';
  const modules = execFileSync('smbd', ['-b'], { encoding: 'utf8' }).match(/^\s*MODULESDIR: (.*)$/m)?.[1];
  const module = join(modules ?? '', 'vfs', 'acl_xattr.so');
  return existsSync(module) ? undefined : 'vfs_acl_xattr (package samba-vfs-modules)';
}

/** An smbd in namespaces of its own (network, mounts, processes), with one share of a folder that everyone sees. */
export class SambaServer {
  readonly #process: ChildProcess;

  private constructor(smbd: ChildProcess) {
    this.#process = smbd;
  }

  /**
   * @param folder for the server's files
   * @param ignoreSystemAcls false: Samba heeds the POSIX permissions beside the descriptors
   */
  static async start(folder: string, share: string, ignoreSystemAcls = true): Promise<SambaServer> {
    const places = ['private', 'state', 'cache', 'lock', 'pid', 'ncalrpc'].map((name) => join(folder, name));
    for (const place of places) mkdirSync(place, { mode: 0o700 });
    const [privateDir, state, cache, lock, pid, ncalrpc] = places;
    const configuration = join(folder, 'smb.conf');
    writeFileSync(
      configuration,
      `[global]
workgroup = LAB
netbios name = PRIMARY
interfaces = lo
bind interfaces only = yes
smb ports = 445
disable netbios = yes
load printers = no
private dir = ${privateDir}
state directory = ${state}
cache directory = ${cache}
lock directory = ${lock}
pid directory = ${pid}
ncalrpc dir = ${ncalrpc}
log file = ${join(folder, 'log')}
[web]
path = ${share}
read only = no
vfs objects = acl_xattr
acl_xattr:ignore system acls = ${ignoreSystemAcls ? 'yes' : 'no'}
`,
    );
    const script =
      'mount -t tmpfs tmpfs /run && mkdir /run/samba && ip link set lo up && ' +
      'printf "secret\\nsecret\\n" | smbpasswd -c "$0" -s -a root >/dev/null && exec smbd -F -s "$0"';
    // A process namespace, too: it starts helpers in sessions of their own, which would outlive it.
    const namespaces = ['-mnp', '--fork', '--kill-child'];
    const smbd = spawn('unshare', [...namespaces, 'sh', '-c', script, configuration], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const errors: Buffer[] = [];
    smbd.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const server = new SambaServer(smbd);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (smbd.exitCode !== null) throw new Error(`smbd: ${Buffer.concat(errors).toString()}`);
      const answers = await server.acl('').then(
        () => true,
        () => false,
      );
      if (answers) return server;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await server.stop();
    throw new Error(`smbd does not answer: ${Buffer.concat(errors).toString()}`);
  }

  /** The descriptor of a path of the share as a client sees it, in Samba's SDDL. */
  async acl(path: string): Promise<string> {
    return (await this.#smbcacls(path, [])).trim();
  }

  async setAcl(path: string, sddl: string): Promise<void> {
    await this.#smbcacls(path, ['-S', sddl]);
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGKILL'); // unshare minds no other, and takes all of them with it
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'exit');
  }

  async #smbcacls(path: string, options: readonly string[]): Promise<string> {
    const client = ['smbcacls', '//127.0.0.1/web', path, '-U', 'root%secret', '--sddl', ...options];
    const inside = ['-t', String(this.#process.pid), '-n', ...client];
    return (await run('nsenter', inside, { timeout: 10_000 })).stdout;
  }
}
