import type { Dirent, Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { reason } from '../edge/files.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import { examine, kindOf, list, requireSeparate, statIfPresent } from './folder.ts';
import type { ContentPlan, FileToCopy, SkippedItem } from './plan.ts';
import type { ContentRoot } from './roots.ts';
import { isOwnName, isTemporary } from './temporary.ts';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  /**
   * Times that differ by no more than this many milliseconds are the same. Default 1: Node sets times as floating
   * seconds, which loses the last fraction of a microsecond. FAT volumes keep even seconds: use 2000 there.
   */
  readonly timeTolerance?: number;
}

/** Folders read, or groups of files looked at, at the same time. */
const concurrency = 32;
const groupSize = 32;

/**
 * Compares a content root with its destination by size and modification time and changes nothing. Memory holds
 * the names of the folders being read and the files that need a copy.
 * @throws FailoverError ContentSourceMissing, FileUnreadable (the root itself), ContentDestinationInvalid,
 * ContentKindConflict; the signal's reason
 */
export async function planContentCopy(root: ContentRoot, options: CompareOptions = {}): Promise<ContentPlan> {
  options.signal?.throwIfAborted();
  await requireSource(root);
  await requireSeparate(root.source, root.destination, root.site);
  const there = await statIfPresent(root.destination);
  if (there !== undefined && !there.isDirectory()) throw kindConflict(root.destination, 'folder');
  // Read first, so that a root that cannot be listed fails as a whole and not as one of its items.
  const entries = await list(root.source);
  return new Comparison(root, options).run(entries, there !== undefined);
}

class Comparison {
  readonly #root: ContentRoot;
  readonly #signal: AbortSignal | undefined;
  readonly #tolerance: number;
  readonly #queue = new PQueue({ concurrency });
  readonly #folders: { path: string; mode: number }[] = [];
  readonly #files: FileToCopy[] = [];
  readonly #skipped: SkippedItem[] = [];
  readonly #problems: FailoverError[] = [];
  readonly #leftovers: string[] = [];
  #bytes = 0;
  #unchanged = 0;
  #extra = 0;
  #fatal: FailoverError | undefined;

  constructor(root: ContentRoot, { signal, timeTolerance = 1 }: CompareOptions) {
    this.#root = root;
    this.#signal = signal;
    this.#tolerance = timeTolerance;
  }

  async run(entries: Dirent[], destinationIsThere: boolean): Promise<ContentPlan> {
    this.#enqueue(() => this.#compareFolder('', destinationIsThere, entries));
    await this.#queue.onIdle();
    this.#signal?.throwIfAborted();
    if (this.#fatal !== undefined) throw this.#fatal;
    return {
      ...this.#root,
      folders: this.#folders,
      files: this.#files,
      bytes: this.#bytes,
      unchanged: this.#unchanged,
      extra: this.#extra,
      skipped: this.#skipped,
      problems: this.#problems,
      leftovers: this.#leftovers,
    };
  }

  #enqueue(work: () => Promise<unknown>): void {
    void this.#queue.add(async () => {
      if (!this.#signal?.aborted && this.#fatal === undefined) await this.#guard(work);
    });
  }

  /** A FailoverError is one item's problem; anything else is a defect and ends the comparison. */
  async #guard(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof FailoverError) this.#problems.push(error);
      else this.#fatal ??= toFailoverError(error, this.#root.site);
    }
  }

  async #compareFolder(path: string, isThere: boolean, listed?: Dirent[]): Promise<void> {
    const source = join(this.#root.source, path);
    const destination = join(this.#root.destination, path);
    const entries = listed ?? (await list(source));
    const others = new Map((isThere ? await list(destination) : []).map((entry) => [entry.name, entry]));
    if (!isThere) this.#folders.push({ path, mode: (await examine(source)).mode });
    const files: Candidate[] = [];
    for (const entry of entries) {
      if (isOwnName(entry.name)) continue;
      const kind = kindOf(entry);
      const other = others.get(entry.name);
      others.delete(entry.name);
      const below = join(path, entry.name);
      if (kind === 'link' || kind === 'special') {
        this.#skipped.push({ path: below, kind });
      } else if (other !== undefined && kindOf(other) !== kind) {
        this.#problems.push(kindConflict(join(destination, entry.name), kind));
      } else if (kind === 'folder') {
        this.#enqueue(() => this.#compareFolder(below, other !== undefined));
      } else {
        files.push({ path: below, isNew: other === undefined });
      }
    }
    this.#countRest(path, others.keys());
    for (let start = 0; start < files.length; start += groupSize) {
      const group = files.slice(start, start + groupSize);
      this.#enqueue(() => Promise.all(group.map((file) => this.#guard(() => this.#compareFile(file)))));
    }
  }

  async #compareFile({ path, isNew }: Candidate): Promise<void> {
    const ours = await examine(join(this.#root.source, path));
    if (!isNew && this.#isSame(ours, await examine(join(this.#root.destination, path)))) {
      this.#unchanged++;
      return;
    }
    this.#files.push({ path, size: ours.size, isNew });
    this.#bytes += ours.size;
  }

  #isSame(a: Stats, b: Stats): boolean {
    return a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) <= this.#tolerance;
  }

  #countRest(path: string, names: Iterable<string>): void {
    for (const name of names) {
      if (isTemporary(name)) this.#leftovers.push(join(path, name));
      else if (!isOwnName(name)) this.#extra++;
    }
  }
}

interface Candidate {
  readonly path: string;
  readonly isNew: boolean;
}

async function requireSource({ site, source }: ContentRoot): Promise<void> {
  let problem = 'it is not a folder';
  try {
    if ((await stat(source)).isDirectory()) return;
  } catch (error) {
    problem = reason(error);
  }
  throw new FailoverError(
    'ContentSourceMissing',
    `The content of ${site} cannot be read from ${source}: ${problem}`,
    { target: site },
  );
}

function kindConflict(destination: string, kind: 'file' | 'folder'): FailoverError {
  return new FailoverError(
    'ContentKindConflict',
    `${destination} is in the way: it is not a ${kind} as on the primary`,
    { target: destination },
  );
}
