import { join } from 'node:path';
import type { FileJob, FolderScan } from './job.ts';

/** A file of the source that the destination has not, or has with another size or time. */
export interface FileToCopy {
  /** Relative to both roots, with the separators of this system. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly isNew: boolean;
}

/** What is kept of a scanned folder. */
export type PlannedFolder = Pick<
  FolderScan,
  'path' | 'ours' | 'theirs' | 'line' | 'files' | 'added' | 'changed'
>;

/** A file that is changed, with what the standby has. */
export interface FileOfFolder extends FileJob {
  readonly isNew: boolean;
  readonly theirs: { readonly size: number; readonly mtimeMs: number } | undefined;
}

/** Files to copy. They are read from the folders' lines when asked for, so that a million of them take little memory. */
export class FileList implements Iterable<FileToCopy> {
  readonly added: number;
  readonly changed: number;
  readonly #folders: readonly PlannedFolder[];

  constructor(folders: readonly PlannedFolder[]) {
    this.#folders = folders.filter((folder) => countOf(folder) > 0);
    this.added = sum(this.#folders, (folder) =>
      folder.added === 'all' ? folder.files : folder.added.length,
    );
    this.changed = sum(this.#folders, (folder) => folder.changed.length);
  }

  get length(): number {
    return this.added + this.changed;
  }

  *[Symbol.iterator](): Iterator<FileToCopy> {
    for (const [, files] of this.byFolder())
      for (const { path, size, isNew } of files) yield { path: join(path), size, isNew };
  }

  *byFolder(): Iterable<[PlannedFolder, FileOfFolder[]]> {
    for (const folder of this.#folders) yield [folder, filesOf(folder)];
  }
}

export function countOf({ added, changed, files }: PlannedFolder): number {
  return (added === 'all' ? files : added.length) + changed.length;
}

function filesOf({ path, line, files, added, changed }: PlannedFolder): FileOfFolder[] {
  const { f } = JSON.parse(line) as { f: (string | number)[] };
  const file = (number: number, theirs?: { size: number; mtimeMs: number }): FileOfFolder => ({
    path: path === '' ? (f[number * 3] as string) : `${path}/${f[number * 3]}`,
    size: f[number * 3 + 1] as number,
    mtimeMs: f[number * 3 + 2] as number,
    keep: false,
    isNew: theirs === undefined,
    theirs,
  });
  const numbers = added === 'all' ? Array.from({ length: files }, (_, number) => number) : added;
  return [
    ...numbers.map((number) => file(number)),
    ...changed.map(([number, size, mtimeMs]) => file(number, { size, mtimeMs })),
  ];
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
