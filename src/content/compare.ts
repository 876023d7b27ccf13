import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AclChange } from '../acl/plan.ts';
import { reason } from '../edge/files.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { guardDeletes } from './delete-guard.ts';
import { FileList, type PlannedFolder } from './file-list.ts';
import { list, requireSeparate, statIfPresent } from './folder.ts';
import { examineSync } from './folder-sync.ts';
import { type FolderScan, type FolderToScan, fromProblem, type Removal, type Sides } from './job.ts';
import { permissionsOf, preparePermissions } from './permissions.ts';
import type { ContentPlan, SkippedItem } from './plan.ts';
import type { ContentRoot } from './roots.ts';
import { folderState, hasOtherMode } from './scan.ts';
import { quarantineName } from './temporary.ts';
import { ContentWorkers } from './workers.ts';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  /**
   * Times that differ by no more than this many milliseconds are the same. Default 0.01: Node sets times as floating
   * seconds, which loses a microsecond. FAT volumes keep even seconds: use 2000 there.
   */
  readonly timeTolerance?: number;
  /** gitignore patterns of what is neither copied nor deleted. */
  readonly exclude?: readonly string[];
  /** Folders below the root, relative with `/`, that are roots of their own. */
  readonly otherRoots?: readonly string[];
  /** Reads files that seem equal and compares their SHA-256. */
  readonly verify?: boolean;
  /** Where deleted content goes. Default: beside the destination. */
  readonly quarantine?: string;
  /** Deletes also when that looks like a mistake. */
  readonly force?: boolean;
  /** Compares permissions of this kind as well, and gives them to what is copied. */
  readonly permissions?: 'posix';
  readonly workers?: ContentWorkers;
}

/** How long a thread works on its folders before it gives back what it found. */
const sliceMs = 8;

/**
 * Compares a content root with its destination by size and modification time and changes nothing. Both sides are read
 * as they are now: nothing that an earlier run saw is believed. Memory holds names, sizes and times as text, about 50
 * bytes a file.
 * @throws FailoverError ContentSourceMissing, ContentSourceVanished, FileUnreadable (the root itself),
 * ContentDestinationInvalid, ContentKindConflict, ContentDeleteRefused; the signal's reason
 */
export async function planContentCopy(root: ContentRoot, options: CompareOptions = {}): Promise<ContentPlan> {
  options.signal?.throwIfAborted();
  const ours = await requireSource(root);
  await requireSeparate(root.source, root.destination, root.site);
  const theirs = await statIfPresent(root.destination);
  if (theirs !== undefined && !theirs.isDirectory())
    throw failure(
      'ContentKindConflict.destination',
      { destination: root.destination },
      { target: root.destination },
    );
  // Read first, so that a root that cannot be listed fails as a whole and not as one of its items.
  const sourceEntries = (await list(root.source)).length;
  const sides: Sides = {
    source: root.source,
    destination: root.destination,
    timeTolerance: options.timeTolerance ?? 0.01,
    exclude: options.exclude ?? [],
    otherRoots: options.otherRoots ?? [],
    verify: options.verify ?? false,
    ...(options.permissions === undefined ? {} : { permissions: options.permissions }),
  };
  const workers = options.workers ?? new ContentWorkers();
  const comparison = new Comparison(root, sides, options.quarantine ?? besideDestination(root));
  try {
    await preparePermissions({ sides });
    comparison.compareRootAcl();
    const there = theirs === undefined ? {} : { theirs: folderState(theirs) };
    await comparison.run(workers, { path: '', ours: folderState(ours), ...there }, options.signal);
  } finally {
    if (options.workers === undefined) await workers.close();
  }
  await requireSameSource(root, ours);
  const { plan, destinationFiles, deletedFiles } = comparison;
  if (options.force !== true) guardDeletes(root, { sourceEntries, destinationFiles, deletedFiles });
  return plan;
}

function besideDestination({ destination }: ContentRoot): string {
  return join(dirname(destination), quarantineName);
}

class Comparison {
  destinationFiles = 0;
  readonly #root: ContentRoot;
  readonly #sides: Sides;
  readonly #quarantine: string;
  readonly #scanned: PlannedFolder[] = [];
  readonly #unknown: string[] = [];
  readonly #folders: { path: string; mode: number }[] = [];
  readonly #extra: Removal[] = [];
  readonly #obstacles: Removal[] = [];
  readonly #renamed: (readonly [string, string])[] = [];
  readonly #modes: { path: string; mode: number }[] = [];
  readonly #skipped: SkippedItem[] = [];
  readonly #problems: FailoverError[] = [];
  readonly #leftovers: string[] = [];
  readonly #acls: AclChange[] = [];
  readonly #aclProblems: FailoverError[] = [];
  #bytes = 0;
  #unchanged = 0;
  #folderChanges = 0;

  constructor(root: ContentRoot, sides: Sides, quarantine: string) {
    this.#root = root;
    this.#sides = sides;
    this.#quarantine = quarantine;
  }

  get deletedFiles(): number {
    return [...this.#extra, ...this.#obstacles].reduce((sum, { files }) => sum + files, 0);
  }

  get plan(): ContentPlan {
    return {
      ...this.#root,
      sides: this.#sides,
      scanned: this.#scanned,
      unknown: this.#unknown,
      folders: this.#folders,
      files: new FileList(this.#scanned),
      bytes: this.#bytes,
      unchanged: this.#unchanged,
      extra: this.#extra,
      obstacles: this.#obstacles,
      renamed: this.#renamed,
      modes: this.#modes,
      folderChanges: this.#folderChanges,
      acls: this.#acls,
      aclProblems: this.#aclProblems,
      skipped: this.#skipped,
      problems: this.#problems,
      leftovers: this.#leftovers,
      quarantine: this.#quarantine,
    };
  }

  /** The root is in no folder that is scanned. A root that is a link has no permissions of its own. */
  compareRootAcl(): void {
    const { source, destination } = this.#root;
    const ours = examineSync(source);
    const theirs = examineSync(destination);
    if (ours?.isDirectory() !== true || theirs?.isDirectory() !== true) return;
    try {
      const permissions = permissionsOf(this.#sides)?.difference(source, ours, destination, theirs);
      if (permissions !== undefined) this.#acls.push({ path: '', isFolder: true, permissions });
    } catch (error) {
      this.#aclProblems.push(toFailoverError(error, source));
    }
  }

  /** Shares the folders among the threads: each gets a part of those that are waiting, and gives back what it finds. */
  async run(workers: ContentWorkers, root: FolderToScan, signal: AbortSignal | undefined): Promise<void> {
    const waiting: FolderToScan[] = [root];
    const running = new Set<Promise<void>>();
    const scan = async (folders: readonly FolderToScan[]): Promise<void> => {
      const isLong = this.#sides.verify;
      const { scanned, rest } = await workers.run(
        { kind: 'scan', sides: this.#sides, folders, sliceMs },
        isLong,
      );
      for (const folder of scanned) this.#add(folder);
      append(waiting, rest);
    };
    while (waiting.length + running.size > 0) {
      signal?.throwIfAborted();
      while (waiting.length > 0 && running.size < workers.capacity) {
        const share = Math.ceil(waiting.length / (workers.capacity - running.size));
        const work = scan(waiting.splice(-share)).finally(() => running.delete(work));
        running.add(work);
      }
      await Promise.race(running);
    }
  }

  #add(scan: FolderScan): void {
    const { path, ours, theirs, line, files, added, changed, isKnown } = scan;
    this.#problems.push(...scan.problems.map(fromProblem));
    this.#aclProblems.push(...scan.aclProblems.map(fromProblem));
    for (const { permissions, ...item } of scan.acls)
      this.#acls.push({ ...item, permissions: Buffer.from(permissions) });
    if (!isKnown) {
      this.#unknown.push(path);
      return;
    }
    const folder = { path, ours, line, files, added, changed, ...(theirs === undefined ? {} : { theirs }) };
    this.#scanned.push(folder);
    if (theirs === undefined) this.#folders.push({ path, mode: ours.mode });
    else if (this.#isOtherFolder(scan)) this.#folderChanges++;
    const { f } = scan.modes.length === 0 ? { f: [] } : (JSON.parse(line) as { f: string[] });
    for (const [file, mode] of scan.modes)
      this.#modes.push({ path: path === '' ? f[file * 3]! : `${path}/${f[file * 3]}`, mode });
    this.#bytes += scan.bytesToCopy;
    this.#unchanged += files - (added === 'all' ? files : added.length) - changed.length;
    this.destinationFiles += scan.destinationFiles;
    append(this.#extra, scan.extra);
    append(this.#obstacles, scan.obstacles);
    append(this.#renamed, scan.renamed);
    append(this.#skipped, scan.skipped);
    append(this.#leftovers, scan.leftovers);
  }

  #isOtherFolder({ ours, theirs }: FolderToScan): boolean {
    if (theirs === undefined) return true;
    return (
      Math.abs(ours.mtimeMs - theirs.mtimeMs) > this.#sides.timeTolerance ||
      hasOtherMode({ ...ours, mode: ours.mode | 0o700 }, theirs)
    );
  }
}

/** Spread arguments have a limit. */
function append<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item);
}

async function requireSource({ site, source }: ContentRoot): Promise<Stats> {
  const found = await stat(source).catch((error: unknown) => {
    const values = { site, source, problem: reason(error) };
    throw failure('ContentSourceMissing.because', values, { target: site });
  });
  if (found.isDirectory()) return found;
  throw failure('ContentSourceMissing.notFolder', { site, source }, { target: site });
}

/** A share that went away, or was put in the place of another one, must not look like content that was deleted. */
export async function requireSameSource(
  root: ContentRoot,
  before: Pick<Stats, 'dev' | 'ino'>,
): Promise<void> {
  const now = await stat(root.source).catch(() => undefined);
  if (now?.isDirectory() === true && now.dev === before.dev && now.ino === before.ino) return;
  throw failure(
    'ContentSourceVanished.reading',
    { site: root.site, source: root.source },
    { target: root.site },
  );
}
