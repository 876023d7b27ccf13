import type { FailoverError } from '../model/failover-error.ts';
import type { ContentRoot } from './roots.ts';

/** A file of the source that the destination has not, or has with another size or time. */
export interface FileToCopy {
  /** Relative to both roots, with the separators of this system. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly isNew: boolean;
}

/** Something in the source that is no file and no folder. */
export interface SkippedItem {
  readonly path: string;
  readonly kind: 'link' | 'special';
}

/** What a copy would do, as data. Of the files only those that need a copy are kept. */
export interface ContentPlan extends ContentRoot {
  /** Folders that the destination has not, relative, parents first; an empty path is the root itself. */
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly FileToCopy[];
  /** Bytes to copy. */
  readonly bytes: number;
  /** Files that are the same on both sides. */
  readonly unchanged: number;
  /**
   * Files and folders that only the destination has; a folder counts as one, whatever it holds. They stay: content
   * that was deleted on the primary remains on the standby.
   */
  readonly extra: number;
  readonly skipped: readonly SkippedItem[];
  /** One for each item that cannot be read or stands in the way; the rest is copied. */
  readonly problems: readonly FailoverError[];
  /** Unfinished files of killed runs at the destination, relative. */
  readonly leftovers: readonly string[];
}

/** True where applying the plan would change nothing. */
export function isEmptyPlan(plan: ContentPlan): boolean {
  return plan.files.length + plan.folders.length + plan.leftovers.length === 0;
}

/** What ShouldProcess asks: `Copy 12 new and 3 changed files (4.5 MB) from X to Y`. */
export function describePlan(plan: ContentPlan): string {
  const added = plan.files.filter((file) => file.isNew).length;
  const changed = plan.files.length - added;
  const places = `from ${plan.source} to ${plan.destination}`;
  if (plan.files.length > 0) {
    const noun = plan.files.length === 1 ? 'file' : 'files';
    const counts =
      added === 0
        ? `${changed} changed`
        : changed === 0
          ? `${added} new`
          : `${added} new and ${changed} changed`;
    return `Copy ${counts} ${noun} (${formatBytes(plan.bytes)}) ${places}`;
  }
  if (plan.folders.length > 0)
    return `Copy ${plan.folders.length} new ${plan.folders.length === 1 ? 'folder' : 'folders'} ${places}`;
  if (plan.leftovers.length > 0) return `Remove unfinished files of earlier runs in ${plan.destination}`;
  return `Copy nothing ${places}`;
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
