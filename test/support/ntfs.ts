import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a machine lacks for NTFS volumes, in words. */
export function missingNtfs(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux (mount namespaces)';
  if (!existsSync('/usr/sbin/mkntfs')) return 'ntfs-3g (package ntfs-3g)';
  return existsSync('/dev/fuse') ? undefined : '/dev/fuse (for ntfs-3g)';
}

/** An NTFS volume in an image file, mounted where only its own process sees it: it is gone when that ends. */
export class NtfsVolume {
  /** The volume's root, as any process reaches it. */
  readonly path: string;
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess, path: string) {
    this.#holder = holder;
    this.path = path;
  }

  /** @param folder for the image and the mount point */
  static async make(folder: string, megabytes = 64): Promise<NtfsVolume> {
    const image = join(folder, 'volume.img');
    const point = join(folder, 'volume');
    mkdirSync(point, { recursive: true });
    writeFileSync(image, '');
    truncateSync(image, megabytes * 1024 * 1024);
    execFileSync('/usr/sbin/mkntfs', ['-F', '-q', '-Q', image], { stdio: 'ignore' });
    const mount = `ntfs-3g -o permissions,streams_interface=xattr "$0" "$1" && echo ready && cat >/dev/null; umount "$1"`;
    const holder = spawn('unshare', ['-m', 'sh', '-c', mount, image, point], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const errors: Buffer[] = [];
    holder.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const ready = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    if (!Buffer.isBuffer(ready[0])) throw new Error(`ntfs-3g: ${Buffer.concat(errors).toString()}`);
    return new NtfsVolume(holder, `/proc/${holder.pid}/root${point}`);
  }

  async unmount(): Promise<void> {
    this.#holder.stdin?.end();
    if (this.#holder.exitCode === null) await once(this.#holder, 'exit');
  }
}
