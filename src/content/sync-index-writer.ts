import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeLeftovers, renameRetrying, writeError } from '../edge/files.ts';
import { addToDigest, formatDigest, newDigest, type SyncIndexHeader } from './sync-index.ts';

const bufferSize = 1024 * 1024;

/**
 * Writes an index beside the old one and takes its place at the end, so that there is the old or the new one at any
 * instant. It is not flushed to the disk: after a power failure an index that is newer than the content would claim too
 * much, and a torn one is found out by its end. One writer at a time for each index: the copy holds the lock of the destination.
 */
export class SyncIndexWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #files = 0;
  #digest: bigint;

  private constructor(path: string, temporary: string, handle: FileHandle, source: string) {
    this.#digest = newDigest(source);
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** @throws FailoverError FileNotWritable, DiskFull */
  static async create(path: string, header: SyncIndexHeader): Promise<SyncIndexWriter> {
    const folder = dirname(path);
    const name = basename(path);
    const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removeLeftovers(folder, (target) => target === name);
      const handle = await open(temporary, 'wx', 0o600);
      const writer = new SyncIndexWriter(path, temporary, handle, header.source);
      writer.#push(Buffer.from(JSON.stringify({ format: 1, ...header })));
      return writer;
    } catch (error) {
      throw writeError(error, path);
    }
  }

  /** Adds a folder: lines made by syncIndexLine, without the last line end, and how many files they hold. */
  async add(lines: Uint8Array | string, files: number): Promise<void> {
    const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines;
    this.#push(bytes);
    this.#files += files;
    this.#digest = addToDigest(this.#digest, bytes);
    if (this.#waitingBytes >= bufferSize) await this.#flush();
  }

  /** Writes the end and replaces the old index. @throws FailoverError FileNotWritable, DiskFull */
  async commit(): Promise<void> {
    const digest = formatDigest(this.#digest);
    try {
      this.#push(Buffer.from(JSON.stringify({ files: this.#files, digest })));
      await this.#flush();
      await this.#handle.close();
      await renameRetrying(this.#temporary, this.#path);
    } catch (error) {
      await this.abandon();
      throw writeError(error, this.#path);
    }
  }

  /** Leaves the old index as it was. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined); // else the next run removes it
  }

  #push(bytes: Uint8Array): void {
    this.#waiting.push(bytes, lineEnd);
    this.#waitingBytes += bytes.length + 1;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      await this.#handle.writeFile(bytes);
    } catch (error) {
      await this.abandon();
      throw writeError(error, this.#path);
    }
  }
}

const lineEnd = Buffer.from('\n');
