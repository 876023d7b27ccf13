import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FailoverError, failure } from '../model/failover-error.ts';
import { guardDeletes } from './delete-guard.ts';
import type { Excluded } from './exclude.ts';
import { kindOf } from './folder.ts';
import { below, examineSync, listSync } from './folder-sync.ts';
import type { ContentRoot } from './roots.ts';
import type { SyncIndex, SyncedFile } from './sync-index.ts';
import { isOwnName } from './temporary.ts';
import { type ConflictPolicy, decide, type ReverseAction, type Versions } from './three-way.ts';

/** A file that was changed on the standby since the last sync. Paths are relative, `/` between names. */
export interface ReverseItem {
  readonly path: string;
  readonly versions: Versions;
  readonly action: ReverseAction;
  /** It was changed on the primary as well. */
  readonly isConflict: boolean;
}

/** What bringing back would do, as data. `source` is the primary's folder and `destination` the standby's, as ever. */
export interface ReversePlan extends ContentRoot {
  readonly items: readonly ReverseItem[];
  /** Changed on both sides, and left alone. */
  readonly unresolved: readonly { readonly path: string; readonly versions: Versions }[];
  /** Folders that only the standby has and that were made there, parents first. */
  readonly newFolders: readonly string[];
  /** Folders that were deleted on the standby, parents first; they go where nothing is left in them. */
  readonly goneFolders: readonly string[];
  readonly unchanged: number;
  /** Files that only the primary changed: they are the next copy's to the standby. */
  readonly primaryChanged: number;
  readonly problems: readonly FailoverError[];
  /** What both sides will have in common whatever is done, by folder: name, size, mtime, name, size, … as JSON. */
  readonly settled: ReadonlyMap<string, string>;
  /** Folders of which nothing is known, because they could not be read. */
  readonly unknown: readonly string[];
  readonly tolerance: number;
}

export interface ReverseOptions {
  readonly policy: ConflictPolicy;
  /** Milliseconds by which equal times may differ. */
  readonly tolerance?: number;
  readonly isExcluded?: Excluded;
  /** Also where there is no index (what is only on one side is then taken for new), or much would be deleted. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Compares both sides with the index of the last sync, and changes nothing.
 * @throws FailoverError SyncIndexMissing, ContentSourceMissing, ContentDeleteRefused, SyncIndexUnreadable; the signal's
 * reason
 */
export async function planReverse(
  root: ContentRoot,
  index: SyncIndex | undefined,
  options: ReverseOptions,
): Promise<ReversePlan> {
  const known = index?.header.source === root.source ? index : undefined;
  if (known === undefined && options.force !== true)
    throw failure(
      'SyncIndexMissing',
      { site: root.site, destination: root.destination },
      { target: root.site },
    );
  for (const side of [root.source, root.destination]) requireFolder(side, root.site);
  const comparison = new ReverseComparison(root, known, options);
  await comparison.run();
  return comparison.plan();
}

/**
 * True where the standby holds something that the primary has not: failing back now would hide it. It is also true
 * where a part could not be read, because nobody knows.
 */
export function hasUnsyncedStandbyWrites({
  items,
  unresolved,
  newFolders,
  problems,
}: Pick<ReversePlan, 'items' | 'unresolved' | 'newFolders' | 'problems'>): boolean {
  return items.length + unresolved.length + newFolders.length + problems.length > 0;
}

type Kind = 'file' | 'folder' | 'other';

interface Found {
  readonly kind: Kind;
  readonly version: SyncedFile;
}

class ReverseComparison {
  readonly #root: ContentRoot;
  readonly #index: SyncIndex | undefined;
  readonly #options: ReverseOptions;
  readonly #tolerance: number;
  readonly #items: ReverseItem[] = [];
  readonly #unresolved: { path: string; versions: Versions }[] = [];
  readonly #newFolders: string[] = [];
  readonly #goneFolders: string[] = [];
  readonly #problems: FailoverError[] = [];
  readonly #settled = new Map<string, string>();
  readonly #unknown: string[] = [];
  #unchanged = 0;
  #primaryChanged = 0;
  #primaryFiles = 0;

  constructor(root: ContentRoot, index: SyncIndex | undefined, options: ReverseOptions) {
    this.#root = root;
    this.#index = index;
    this.#options = options;
    this.#tolerance = options.tolerance ?? 0.01;
  }

  async run(): Promise<void> {
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.#options.signal?.throwIfAborted();
      await setImmediate();
      try {
        folders.push(...(await this.#compareFolder(folder)));
      } catch (error) {
        if (!(error instanceof FailoverError) || error.id === 'SyncIndexUnreadable') throw error;
        this.#problems.push(error);
        this.#unknown.push(folder);
      }
    }
  }

  /** @throws FailoverError ContentDeleteRefused */
  plan(): ReversePlan {
    const { site, path, source, destination } = this.#root;
    const deletedFiles = this.#items.filter(({ action }) => action === 'removeOnPrimary').length;
    if (this.#options.force !== true)
      guardDeletes(
        { site, path, source: destination, destination: source },
        { sourceEntries: listSync(destination).length, destinationFiles: this.#primaryFiles, deletedFiles },
      );
    return {
      ...this.#root,
      items: this.#items,
      unresolved: this.#unresolved,
      newFolders: this.#newFolders,
      goneFolders: this.#goneFolders,
      unchanged: this.#unchanged,
      primaryChanged: this.#primaryChanged,
      problems: this.#problems,
      settled: this.#settled,
      unknown: this.#unknown,
      tolerance: this.#tolerance,
    };
  }

  async #compareFolder(folder: string): Promise<string[]> {
    const primary = this.#entries(this.#root.source, folder);
    const standby = this.#entries(this.#root.destination, folder);
    const base = (await this.#index?.folder(folder))?.files ?? new Map<string, SyncedFile>();
    if (folder !== '') this.#noteFolder(folder, primary !== undefined, standby !== undefined);
    const settled: (string | number)[] = [];
    const subfolders: string[] = [];
    for (const name of namesOf(primary, standby, base)) {
      const path = below(folder, name).replace(/^\//, '');
      const [ours, theirs] = [primary?.get(name), standby?.get(name)];
      if (ours?.kind === 'other' || theirs?.kind === 'other') continue;
      const isFolder = ours?.kind === 'folder' || theirs?.kind === 'folder';
      if (this.#options.isExcluded?.(path, isFolder) === true) continue;
      if (isFolder && (ours?.kind === 'file' || theirs?.kind === 'file'))
        this.#problems.push(this.#kindConflict(path));
      else if (isFolder) subfolders.push(path);
      else
        this.#compareFile(
          path,
          { base: base.get(name), primary: ours?.version, standby: theirs?.version },
          settled,
        );
    }
    this.#settled.set(folder, JSON.stringify(settled));
    return subfolders;
  }

  #compareFile(path: string, versions: Versions, settled: (string | number)[]): void {
    const { base, primary } = versions;
    if (primary !== undefined) this.#primaryFiles++;
    const decision = decide(versions, this.#options.policy, this.#tolerance);
    if (decision.kind === 'act') {
      this.#items.push({ path, versions, action: decision.action, isConflict: decision.isConflict });
      return;
    }
    // What is not settled stays as the last sync left it, so that the next comparison finds it again.
    const kept = decision.kind === 'same' ? primary : base;
    if (kept !== undefined) settled.push(path.slice(path.lastIndexOf('/') + 1), kept.size, kept.mtimeMs);
    if (decision.kind === 'same' && primary !== undefined) this.#unchanged++;
    if (decision.kind === 'primary') this.#primaryChanged++;
    if (decision.kind === 'report') this.#unresolved.push({ path, versions });
  }

  #noteFolder(folder: string, onPrimary: boolean, onStandby: boolean): void {
    const wasSynced = this.#index?.has(folder) === true;
    if (onStandby && !onPrimary && !wasSynced) this.#newFolders.push(folder);
    if (onPrimary && !onStandby && wasSynced) this.#goneFolders.push(folder);
  }

  /** Undefined where the folder is not there. @throws FailoverError FileUnreadable */
  #entries(side: string, folder: string): Map<string, Found> | undefined {
    const place = below(side, folder);
    if (examineSync(place)?.isDirectory() !== true && folder !== '') return undefined;
    const found = new Map<string, Found>();
    for (const name of listSync(place)) {
      if (isOwnName(name)) continue;
      const stats = examineSync(below(place, name));
      if (stats === undefined) continue;
      const kind = kindOf(stats);
      found.set(name, {
        kind: kind === 'file' || kind === 'folder' ? kind : 'other',
        version: { size: stats.size, mtimeMs: stats.mtimeMs },
      });
    }
    return found;
  }

  #kindConflict(path: string): FailoverError {
    const place = join(this.#root.source, path);
    return failure('ContentKindConflict.sides', { path: place }, { target: place });
  }
}

function requireFolder(path: string, site: string): void {
  if (examineSync(`${path}/.`)?.isDirectory() === true) return;
  throw failure('ContentSourceMissing.unread', { site, source: path }, { target: site });
}

function namesOf(...sides: readonly (ReadonlyMap<string, unknown> | undefined)[]): Set<string> {
  return new Set(sides.flatMap((side) => [...(side?.keys() ?? [])]));
}
