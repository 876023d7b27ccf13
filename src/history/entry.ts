import { resolve } from 'node:path';

/** One element that a run added, updated or removed. */
export interface RecordedChange {
  readonly site: string;
  readonly action: 'add' | 'update' | 'remove';
  /** `site`, `applicationPool` or `location`; for other kinds of files what they are made of. */
  readonly element: string;
  readonly name: string;
  /** Whether the module owned the element before and owns it after the run (see ownership.ts). */
  readonly owned: { readonly before: boolean; readonly after: boolean };
}

/** The manifest of one run that changed a configuration file. It holds no secret. */
export interface HistoryEntry {
  readonly format: 1;
  /** From 1, rising. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly command: 'restore' | 'undo';
  /** The entry that this undo reverted. */
  readonly undoes?: number;
  readonly configurationFile: string;
  /** What kind of file it is, for the planner of an undo. */
  readonly kind: FileKind;
  readonly changes: readonly RecordedChange[];
  /** SHA-256 of the file before and after. */
  readonly before: string;
  readonly after: string;
  /** The bytes [start, end) of the old file that the run replaced by those it keeps beside it. */
  readonly replaced: { readonly start: number; readonly end: number };
  /** False until the file is known to have been replaced. */
  readonly settled: boolean;
}

export type FileKind = 'applicationHost' | 'metabase';

export type HistoryState = 'Current' | 'Superseded' | 'Undone';

/** Tells configuration files apart; Windows takes no regard of case. */
export function fileKey(path: string): string {
  const full = resolve(path);
  return process.platform === 'win32' ? full.toLowerCase() : full;
}

/**
 * Whether the run of an entry was killed before it replaced the file, by the hash of the file now:
 *
 * | the file is | the run | entry |
 * |---|---|---|
 * | as before | did not replace it | is dropped |
 * | as after | replaced it | is settled |
 * | neither | may have, and another program has changed it since | is settled: an undo looks at each element |
 */
export function wasDropped(entry: HistoryEntry, currentHash: string | undefined): boolean {
  return !entry.settled && currentHash === entry.before;
}

/**
 * The entries that were undone: an undo that was undone itself does not count.
 * @param entries oldest first, here and below
 */
export function undoneIds(entries: readonly HistoryEntry[]): Set<number> {
  const undone = new Set<number>();
  for (const entry of [...entries].reverse())
    if (entry.undoes !== undefined && !undone.has(entry.id)) undone.add(entry.undoes);
  return undone;
}

/** Current: the file is what this run left. Superseded: other changes came after it. */
export function stateOf(
  entry: HistoryEntry,
  undone: ReadonlySet<number>,
  currentHash: string | undefined,
): HistoryState {
  if (undone.has(entry.id)) return 'Undone';
  return currentHash === entry.after ? 'Current' : 'Superseded';
}

/** What an undo without a number reverts: the last restore that is still in force. */
export function lastInForce(entries: readonly HistoryEntry[]): HistoryEntry | undefined {
  const undone = undoneIds(entries);
  return entries.findLast((entry) => entry.command === 'restore' && !undone.has(entry.id));
}
