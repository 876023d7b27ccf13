import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, reason, sha256 } from '../edge/files.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import type { ContentRoot } from './roots.ts';

/*
 * The index of the last sync: what both sides of a content root had in common when a copy last ended. Only with it
 * can "changed on both sides" be told from "changed on one". One file for each root, JSON lines in UTF-8:
 *
 *   {"format":1,"site":S,"source":P,"destination":P,"time":T}  first line; T is the end of that run, ISO 8601
 *   {"d":FOLDER,"t":MTIME,"f":[NAME,SIZE,MTIME, NAME,SIZE,MTIME, …]}   one line for each folder
 *   {"files":N,"digest":D}     last line; without it the file is damaged. D does not depend on the order of the folders
 *
 * FOLDER is relative with `/` between names, '' for the root itself. MTIME is in milliseconds with a fraction (about
 * 0.25 microseconds), SIZE in bytes. A folder of many files has several lines, one after the other. A file that
 * could not be copied keeps its entry of the run before, if it has one.
 */

export interface SyncedFile {
  readonly size: number;
  /** Modification time on the primary; the standby's copy has the same (see CompareOptions.timeTolerance). */
  readonly mtimeMs: number;
}

export interface SyncedFolder {
  /** Relative to the root, `/` between names; '' is the root itself. */
  readonly path: string;
  readonly mtimeMs: number;
  /** By name. */
  readonly files: ReadonlyMap<string, SyncedFile>;
}

export interface SyncIndexHeader {
  readonly site: string;
  readonly source: string;
  readonly destination: string;
  /** When the run that wrote it ended, ISO 8601. A run that finds nothing new leaves the index as it is. */
  readonly time: string;
}

const readSize = 1024 * 1024;

interface Line {
  readonly format?: number;
  readonly d?: string;
  readonly t?: number;
  readonly f?: readonly (string | number)[];
  readonly files?: number;
  readonly digest?: string;
}

/** Where the index of a root is: one file for each destination folder. */
export function syncIndexPath(stateFolder: string, root: Pick<ContentRoot, 'destination'>): string {
  return join(stateFolder, 'sync', `${sha256(root.destination).slice(0, 32)}.jsonl`);
}

/** A folder as a line of the file, without the line end. `files` is flat: name, size, mtime, name, size, … */
export function syncIndexLine(path: string, mtimeMs: number, files: readonly (string | number)[]): string {
  return JSON.stringify({ d: path, t: mtimeMs, f: files } satisfies Line);
}

/** Indexes up to this size are read as a whole when the first folder is asked for. */
const keptInMemory = 16 * 1024 * 1024;
const endSize = 256;

/** The digest of an index, from its last line alone; undefined where there is none or it is not whole. */
export async function syncIndexDigest(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.min(size, endSize));
      await handle.read(bytes, 0, bytes.length, size - bytes.length);
      const last = bytes.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
      return (JSON.parse(last) as Line).digest;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Of a source and the lines of its folders: the same in any order. */
export function newDigest(source: string): bigint {
  return addToDigest(0n, source);
}

export function addToDigest(digest: bigint, line: Uint8Array | string): bigint {
  return digest ^ createHash('sha1').update(line).digest().readBigUInt64BE();
}

export function formatDigest(digest: bigint): string {
  return digest.toString(16).padStart(16, '0');
}

/** An index that was read: its folders are found by path and read when asked for, so that memory stays small. */
export class SyncIndex {
  readonly header: SyncIndexHeader;
  readonly files: number;
  /** Equal for two indexes that hold the same. */
  readonly digest: string;
  readonly #path: string;
  readonly #size: number;
  #whole: Promise<Buffer> | undefined;
  /** Where the lines of each folder start and how long they are together. */
  readonly #places: ReadonlyMap<string, Place>;

  private constructor(
    path: string,
    header: SyncIndexHeader,
    { files, digest, size }: { readonly files: number; readonly digest: string; readonly size: number },
    places: Map<string, Place>,
  ) {
    this.#path = path;
    this.header = header;
    this.files = files;
    this.digest = digest;
    this.#size = size;
    this.#places = places;
  }

  /**
   * @returns undefined where there is no index: this root was never copied
   * @throws FailoverError SyncIndexUnreadable: a damaged index is never taken for an empty one
   */
  static async open(path: string): Promise<SyncIndex | undefined> {
    const places = new Map<string, Place>();
    let header: SyncIndexHeader | undefined;
    let end: Line | undefined;
    let offset = 0;
    try {
      for await (const line of linesOf(path)) {
        const length = line.length + 1;
        const text = line.toString('utf8');
        if (header === undefined) {
          header = JSON.parse(text) as SyncIndexHeader;
          if ((header as Line).format !== 1) throw new Error('it is not a sync index of format 1');
        } else if (text.startsWith('{"d":')) {
          const folder = folderOf(text);
          const place = places.get(folder);
          if (place === undefined) places.set(folder, { offset, length });
          else place.length += length;
        } else {
          end = JSON.parse(text) as Line;
        }
        offset += length;
      }
      if (header === undefined || end?.files === undefined) throw new Error('its end is missing');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw unreadable(path, error);
    }
    return new SyncIndex(path, header, { files: end.files, digest: end.digest ?? '', size: offset }, places);
  }

  /** Paths of all folders, parents first. */
  folders(): Iterable<string> {
    return this.#places.keys();
  }

  has(folder: string): boolean {
    return this.#places.has(folder);
  }

  /** A folder as it was; undefined where it was not there. @throws FailoverError SyncIndexUnreadable */
  async folder(path: string): Promise<SyncedFolder | undefined> {
    const text = await this.lines(path);
    if (text === undefined) return undefined;
    try {
      const files = new Map<string, SyncedFile>();
      let mtimeMs = 0;
      for (const line of text.split('\n')) {
        const { t = 0, f = [] } = JSON.parse(line) as Line;
        mtimeMs = t;
        for (let at = 0; at + 2 < f.length; at += 3)
          files.set(f[at] as string, { size: f[at + 1] as number, mtimeMs: f[at + 2] as number });
      }
      return { path, mtimeMs, files };
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }

  /** The lines of a folder as they stand in the file, without the last line end. */
  async lines(path: string): Promise<string | undefined> {
    const place = this.#places.get(path);
    if (place === undefined) return undefined;
    let handle: FileHandle | undefined;
    try {
      if (this.#size <= keptInMemory) {
        this.#whole ??= readFile(this.#path);
        const whole = await this.#whole;
        return whole.toString('utf8', place.offset, place.offset + place.length - 1);
      }
      handle = await open(this.#path);
      const bytes = Buffer.alloc(place.length - 1);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, place.offset);
      if (bytesRead < bytes.length) throw new Error('its end is missing');
      return bytes.toString('utf8');
    } catch (error) {
      throw unreadable(this.#path, error);
    } finally {
      await handle?.close();
    }
  }
}

interface Place {
  readonly offset: number;
  length: number;
}

/** Of `{"d":"a/b","t":…` without parsing the files after it. */
function folderOf(line: string): string {
  const end = /^\{"d":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (end === undefined) throw new Error('a line is damaged');
  return JSON.parse(end) as string;
}

/** Split at line feeds alone: names may hold any other character that ends a line elsewhere (U+2028, CR). */
async function* linesOf(path: string): AsyncIterable<Buffer> {
  const handle = await open(path);
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(readSize);
      const { bytesRead } = await handle.read(chunk, 0, readSize);
      if (bytesRead === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
        yield rest.subarray(start, end);
        start = end + 1;
      }
      rest = rest.subarray(start);
    }
    if (rest.length > 0) yield rest;
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, error: unknown): FailoverError {
  return failure('SyncIndexUnreadable', { path, why: reason(error) }, { target: path, cause: error });
}
