import type { Stats } from 'node:fs';
import { FailoverError } from '../model/failover-error.ts';
import { type Excluded, excludedBy } from './exclude.ts';
import { type EntryKind, kindOf } from './folder.ts';
import type { PosixStore } from '../acl/posix-store.ts';
import { below, examineSync, listSync } from './folder-sync.ts';
import { hashFile } from './hash.ts';
import {
  type AclDifference,
  type FolderScan,
  type FolderState,
  type FolderToScan,
  type Problem,
  type Removal,
  type ScanJob,
  type ScanResult,
  type Sides,
  toProblem,
} from './job.ts';
import { permissionsOf } from './permissions.ts';
import { syncIndexLine } from './sync-index.ts';
import { isOwnName, isTemporary } from './temporary.ts';

/** Compares folders, depth first, until the slice is over. Nothing is taken for granted: each file is looked at on both sides. */
export function scanFolders({ sides, folders, sliceMs }: ScanJob): ScanResult {
  const until = performance.now() + sliceMs;
  const rest = [...folders];
  const scanned: FolderScan[] = [];
  const excluded = excludedBy(sides.exclude);
  do {
    const folder = rest.pop();
    if (folder === undefined) break;
    const scan = new FolderComparison(sides, folder, excluded);
    scanned.push(scan.run());
    for (const subfolder of scan.subfolders) rest.push(subfolder);
  } while (performance.now() < until);
  return { scanned, rest };
}

export function folderState({ mtimeMs, mode }: Stats): FolderState {
  return { mtimeMs, mode };
}

const modeBits = 0o7777;

/** Whether a folder or file lacks the mode it should have; Windows has attributes and ACLs in its place. */
export function hasOtherMode(ours: FolderState, theirs: FolderState): boolean {
  return process.platform !== 'win32' && ((ours.mode ^ theirs.mode) & modeBits) !== 0;
}

class FolderComparison {
  readonly subfolders: FolderToScan[] = [];
  readonly #sides: Sides;
  readonly #folder: FolderToScan;
  readonly #excluded: Excluded;
  readonly #files: (string | number)[] = [];
  readonly #added: number[] = [];
  readonly #changed: [number, number, number][] = [];
  readonly #modes: [number, number][] = [];
  readonly #renamed: [string, string][] = [];
  readonly #extra: Removal[] = [];
  readonly #obstacles: Removal[] = [];
  readonly #skipped: FolderScan['skipped'][number][] = [];
  readonly #leftovers: string[] = [];
  readonly #problems: Problem[] = [];
  readonly #acls: AclDifference[] = [];
  readonly #aclProblems: Problem[] = [];
  readonly #permissions: PosixStore | undefined;
  /** What the standby has and the primary has not, so far. */
  #theirs = new Set<string>();
  #byCase: Map<string, string> | undefined;
  #bytesToCopy = 0;
  #destinationFiles = 0;

  constructor(sides: Sides, folder: FolderToScan, excluded: Excluded) {
    this.#sides = sides;
    this.#folder = folder;
    this.#excluded = excluded;
    this.#permissions = permissionsOf(sides);
  }

  run(): FolderScan {
    const { path, theirs } = this.#folder;
    let isKnown = true;
    try {
      const names = listSync(below(this.#sides.source, path));
      if (theirs !== undefined) this.#theirs = new Set(listSync(below(this.#sides.destination, path)));
      this.#compare(names);
    } catch (error) {
      this.#problems.push(problemOf(error));
      isKnown = false;
    }
    const files = this.#files.length / 3;
    return {
      ...this.#folder,
      line: syncIndexLine(path, this.#folder.ours.mtimeMs, this.#files),
      files,
      bytesToCopy: this.#bytesToCopy,
      added: files > 0 && this.#added.length === files ? 'all' : this.#added,
      changed: this.#changed,
      modes: this.#modes,
      renamed: this.#renamed,
      extra: this.#extra,
      obstacles: this.#obstacles,
      skipped: this.#skipped,
      leftovers: this.#leftovers,
      problems: this.#problems,
      acls: this.#acls,
      aclProblems: this.#aclProblems,
      isKnown,
      destinationFiles: this.#destinationFiles,
    };
  }

  #compare(listed: readonly string[]): void {
    const names = listed.filter((name) => !isOwnName(name));
    const unmatched = names.filter((name) => !this.#theirs.delete(name));
    const isUnmatched = new Set(unmatched);
    for (const name of names) {
      try {
        this.#compareEntry(name, isUnmatched.has(name));
      } catch (error) {
        this.#problems.push(problemOf(error));
      }
    }
    for (const name of this.#theirs) {
      try {
        this.#judgeExtra(name);
      } catch (error) {
        this.#problems.push(problemOf(error));
      }
    }
  }

  #compareEntry(name: string, isUnmatched: boolean): void {
    const path = this.#path(name);
    if (this.#sides.otherRoots.includes(path)) return;
    const ours = examineSync(below(this.#sides.source, path));
    if (ours === undefined) return; // gone since it was listed; its copy stays until the next run
    const kind = kindOf(ours);
    if (this.#excluded(path, kind === 'folder')) return;
    if (kind === 'link' || kind === 'special') {
      this.#skipped.push({ path, kind });
      return;
    }
    let theirs = isUnmatched ? this.#inOtherCase(name) : examineSync(below(this.#sides.destination, path));
    if (theirs !== undefined && kindOf(theirs) !== kind) {
      this.#obstacles.push(this.#removal(path, kindOf(theirs)));
      theirs = undefined;
    }
    if (kind === 'folder') {
      const there = theirs === undefined ? {} : { theirs: folderState(theirs) };
      if (theirs !== undefined) this.#compareAcl(path, ours, theirs);
      this.subfolders.push({ path, ours: folderState(ours), ...there });
    } else {
      this.#compareFile(name, ours, theirs);
    }
  }

  #compareFile(name: string, ours: Stats, theirs: Stats | undefined): void {
    const number = this.#files.length / 3;
    this.#files.push(name, ours.size, ours.mtimeMs);
    if (theirs !== undefined) this.#destinationFiles++;
    if (theirs === undefined) this.#added.push(number);
    else if (!this.#isSame(name, ours, theirs)) this.#changed.push([number, theirs.size, theirs.mtimeMs]);
    else {
      this.#compareAcl(this.#path(name), ours, theirs);
      if (hasOtherMode(ours, theirs)) this.#modes.push([number, ours.mode & modeBits]);
      return;
    }
    this.#bytesToCopy += ours.size;
  }

  /** What is copied gets its permissions then. */
  #compareAcl(path: string, ours: Stats, theirs: Stats): void {
    if (this.#permissions === undefined) return;
    const { source, destination } = this.#sides;
    try {
      const permissions = this.#permissions.difference(
        below(source, path),
        ours,
        below(destination, path),
        theirs,
      );
      if (permissions === undefined) return;
      // A copy, since a message takes the whole pool that a small buffer is part of.
      this.#acls.push({ path, isFolder: ours.isDirectory(), permissions: new Uint8Array(permissions) });
    } catch (error) {
      this.#aclProblems.push(problemOf(error));
    }
  }

  #isSame(name: string, ours: Stats, theirs: Stats): boolean {
    if (ours.size !== theirs.size) return false;
    if (Math.abs(ours.mtimeMs - theirs.mtimeMs) > this.#sides.timeTolerance) return false;
    if (!this.#sides.verify) return true;
    const path = this.#path(name);
    return hashFile(below(this.#sides.source, path)) === hashFile(below(this.#sides.destination, path));
  }

  /** A volume that ignores case answers for `Index.htm` though it lists `index.htm`: the name has to be changed. */
  #inOtherCase(name: string): Stats | undefined {
    if (this.#theirs.size === 0) return undefined;
    this.#byCase ??= new Map(Array.from(this.#theirs, (other) => [other.toLowerCase(), other]));
    const other = this.#byCase.get(name.toLowerCase());
    if (other === undefined || !this.#theirs.has(other)) return undefined;
    const theirs = examineSync(below(this.#sides.destination, this.#path(name)));
    if (theirs === undefined) return undefined;
    this.#theirs.delete(other);
    this.#renamed.push([this.#path(other), this.#path(name)]);
    return theirs;
  }

  #judgeExtra(name: string): void {
    const path = this.#path(name);
    if (isTemporary(name)) this.#leftovers.push(path);
    else if (this.#sides.otherRoots.includes(path)) return;
    else if (!isOwnName(name)) {
      const theirs = examineSync(below(this.#sides.destination, path));
      if (theirs === undefined) return;
      for (const removal of this.#removable(path, kindOf(theirs))) this.#extra.push(removal);
    }
  }

  /** The item, or what may be removed in it where something in it is excluded or a root of its own. */
  #removable(path: string, kind: EntryKind): Removal[] {
    if (this.#excluded(path, kind === 'folder') || this.#sides.otherRoots.includes(path)) return [];
    if (kind !== 'folder' || !this.#holdsProtected(path)) return [this.#removal(path, kind)];
    return this.#entriesOf(path).flatMap((entry) => this.#removable(entry.path, entry.kind));
  }

  #holdsProtected(folder: string): boolean {
    if (
      this.#sides.exclude.length === 0 &&
      !this.#sides.otherRoots.some((root) => root.startsWith(`${folder}/`))
    )
      return false;
    return this.#entriesOf(folder).some(
      ({ path, kind }) =>
        this.#excluded(path, kind === 'folder') ||
        this.#sides.otherRoots.includes(path) ||
        (kind === 'folder' && this.#holdsProtected(path)),
    );
  }

  #removal(path: string, kind: EntryKind): Removal {
    const files = kind === 'folder' ? this.#countFiles(path) : 1;
    this.#destinationFiles += files;
    return { path, kind, files };
  }

  #countFiles(folder: string): number {
    return this.#entriesOf(folder).reduce(
      (sum, { path, kind }) => sum + (kind === 'folder' ? this.#countFiles(path) : 1),
      0,
    );
  }

  /** What a folder of the standby holds. */
  #entriesOf(folder: string): { path: string; kind: EntryKind }[] {
    return listSync(below(this.#sides.destination, folder)).flatMap((name) => {
      const path = `${folder}/${name}`;
      const theirs = examineSync(below(this.#sides.destination, path));
      return theirs === undefined ? [] : [{ path, kind: kindOf(theirs) }];
    });
  }

  #path(name: string): string {
    return this.#folder.path === '' ? name : `${this.#folder.path}/${name}`;
  }
}

/** A FailoverError is one item's problem; anything else is a defect and ends the run. */
function problemOf(error: unknown): Problem {
  if (error instanceof FailoverError) return toProblem(error);
  throw error;
}
