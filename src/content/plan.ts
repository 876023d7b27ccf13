import { join } from 'node:path';
import type { AclChange } from '../acl/plan.ts';
import type { FailoverError } from '../model/failover-error.ts';
import type { FileList, PlannedFolder } from './file-list.ts';
import type { Removal, Sides } from './job.ts';
import type { ContentRoot } from './roots.ts';

/** Something in the source that is no file and no folder. */
export interface SkippedItem {
  readonly path: string;
  readonly kind: 'link' | 'special';
}

/** What a copy would do, as data. Paths are relative to the roots. */
export interface ContentPlan extends ContentRoot {
  readonly sides: Sides;
  /** Every folder of the source that could be read, parents first; an empty path is the root itself. */
  readonly scanned: readonly PlannedFolder[];
  /** Folders whose content is not known, because they could not be read: nothing in them is touched. */
  readonly unknown: readonly string[];
  /** Folders that the destination has not, parents first; an empty path is the root itself. */
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  readonly files: FileList;
  /** Bytes to copy. */
  readonly bytes: number;
  /** Files that are the same on both sides. */
  readonly unchanged: number;
  /** Only at the destination: they go to the quarantine. */
  readonly extra: readonly Removal[];
  /** At the destination in the way of a file or folder of another kind: they go to the quarantine first. */
  readonly obstacles: readonly Removal[];
  /** At the destination, names that differ in case only: old and new. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
  /** Files that are the same but for their mode. */
  readonly modes: readonly { readonly path: string; readonly mode: number }[];
  /** How many folders have another time or mode than on the primary. */
  readonly folderChanges: number;
  /** Items that are on both sides with other permissions, where they are compared here (see Sides.permissions). */
  readonly acls: readonly AclChange[];
  readonly aclProblems: readonly FailoverError[];
  readonly skipped: readonly SkippedItem[];
  /** One for each item that cannot be read; the rest is copied. */
  readonly problems: readonly FailoverError[];
  /** Unfinished files of killed runs at the destination, relative. */
  readonly leftovers: readonly string[];
  /** Folder on the volume of the destination in which dated folders keep what is deleted. */
  readonly quarantine: string;
}

/** True where copying would change nothing (deletions are a step of their own). */
export function isNothingToCopy(plan: ContentPlan): boolean {
  const { files, folders, leftovers, obstacles, renamed, modes, folderChanges } = plan;
  const changes = files.length + folders.length + leftovers.length + obstacles.length;
  return changes + renamed.length + modes.length + folderChanges === 0;
}

/** True where applying the plan would change nothing. */
export function isEmptyPlan(plan: ContentPlan): boolean {
  return isNothingToCopy(plan) && plan.extra.length === 0;
}

/** Files that go to the quarantine, in the way of others or only at the destination. */
export function filesIn(removals: readonly Removal[]): number {
  return removals.reduce((sum, { files }) => sum + files, 0);
}

/** What ShouldProcess asks: `Copy 12 new and 3 changed files (4.5 MB) from X to Y`. */
export function describePlan(plan: ContentPlan): string {
  const { files, folders, leftovers, obstacles, renamed, modes, folderChanges, destination } = plan;
  const places = `from ${plan.source} to ${destination}`;
  const replaced =
    obstacles.length > 0
      ? `, replacing ${count(obstacles.length, 'item')} of another kind (to the quarantine)`
      : '';
  if (files.length > 0) {
    const { added, changed } = files;
    const counts =
      added === 0
        ? `${changed} changed`
        : changed === 0
          ? `${added} new`
          : `${added} new and ${changed} changed`;
    const noun = files.length === 1 ? 'file' : 'files';
    return `Copy ${counts} ${noun} (${formatBytes(plan.bytes)}) ${places}${replaced}`;
  }
  if (folders.length > 0) return `Copy ${count(folders.length, 'new folder')} ${places}${replaced}`;
  if (renamed.length > 0) return `Change the case of ${count(renamed.length, 'name')} in ${destination}`;
  if (leftovers.length > 0) return `Remove unfinished files of earlier runs in ${destination}`;
  if (modes.length + folderChanges > 0)
    return `Set times and attributes of ${count(modes.length + folderChanges, 'item')} in ${destination}`;
  return `Copy nothing ${places}`;
}

/** `Delete 3 files and folders (120 files) in Y (to the quarantine Z)` */
export function describeDeletes({ extra, destination, quarantine }: ContentPlan): string {
  return `Delete ${count(filesIn(extra), 'file')} in ${count(extra.length, 'place')} of ${destination} (to the quarantine ${quarantine})`;
}

/** A line for each change, for those who want to see every file. */
export function* planLines(plan: ContentPlan): Iterable<string> {
  for (const [from, to] of plan.renamed) yield `rename ${join(plan.destination, from)} to ${to}`;
  for (const { path, kind } of plan.obstacles) yield `replace the ${kind} ${join(plan.destination, path)}`;
  for (const { path } of plan.folders) yield `new folder ${join(plan.destination, path)}`;
  for (const { path, size, isNew } of plan.files)
    yield `${isNew ? 'new' : 'changed'} ${join(plan.destination, path)} (${formatBytes(size)})`;
  for (const { path } of plan.modes) yield `attributes of ${join(plan.destination, path)}`;
  for (const { path, kind, files } of plan.extra)
    yield `delete ${join(plan.destination, path)}${kind === 'folder' ? ` (folder with ${count(files, 'file')})` : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `4.5 MB`; units of 1024 as Windows shows them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
