import { basename, dirname } from 'node:path';
import {
  readIfPresent,
  readRequired,
  removeLeftovers,
  replaceFile,
  type ReplaceOptions,
  sha256,
} from '../edge/files.ts';
import { withLock } from '../edge/lock.ts';
import { failure } from '../model/failover-error.ts';
import { fileKey, type FileKind, type HistoryEntry, type RecordedChange, wasDropped } from './entry.ts';
import { readOwnership, recordOwnership } from './ownership.ts';
import { addEntry, dropEntry, readHistory, removeUnfinished, settleEntry } from './store.ts';

/** Where runs are recorded, and how many of them are kept for each configuration file. */
export interface History {
  readonly stateFolder: string;
  readonly keep: number;
  /** See ReplaceOptions; for the configuration files alone. */
  readonly adopt?: ReplaceOptions['adopt'];
}

export const defaultKeep = 20;

/** A configuration file that is to be replaced. */
export interface Replacement {
  readonly path: string;
  readonly kind: FileKind;
  /** SHA-256 of the bytes that the new content was made from. */
  readonly expected: string;
  readonly content: string | Uint8Array;
  readonly time: Date;
  readonly command: HistoryEntry['command'];
  readonly undoes?: number;
  /** An undo says who owns the element afterwards; else what was added is owned and what was removed is not. */
  readonly changes: readonly (Omit<RecordedChange, 'owned'> & { readonly ownedAfter?: boolean })[];
}

/**
 * Replaces a configuration file whole, under its lock and only while it still is what was read, and keeps what it
 * was in the history. A run that is killed at any instant leaves the old or the new file; what it left unsettled in
 * the history the next run settles.
 * @throws FailoverError FileChangedMeanwhile, FileNotWritable, DiskFull, LockHeld; the file is untouched then
 */
export async function replaceRecorded(history: History, replacement: Replacement): Promise<HistoryEntry> {
  const { path, expected } = replacement;
  const { adopt } = history;
  return withLock(path, async () => {
    await removeLeftovers(dirname(path), (name) => name === basename(path));
    await settleHistory(history.stateFolder, path);
    const entry = await addReplacement(history, replacement);
    try {
      // An undo of what was taken back by hand changes nothing, and IIS need not read the file again.
      if (entry.after !== expected)
        await replaceFile(path, replacement.content, { expected, ...(adopt && { adopt }) });
    } catch (error) {
      await settleHistory(history.stateFolder, path).catch(() => undefined); // the first error is the one to tell
      throw error;
    }
    const settled = await settle(history.stateFolder, entry);
    await dropOldest(history, path);
    await removeUnfinished(history.stateFolder, replacement.time);
    return settled;
  });
}

/** Settles or drops the entries that killed runs left of a file. Call it under the file's lock. */
async function settleHistory(stateFolder: string, path: string): Promise<void> {
  const pending = (await entriesOf(stateFolder, path)).filter(({ settled }) => !settled);
  if (pending.length === 0) return;
  const current = await readIfPresent(path);
  const hash = current && sha256(current);
  for (const entry of pending) {
    if (wasDropped(entry, hash)) await dropEntry(stateFolder, entry.id);
    else await settle(stateFolder, entry);
  }
}

async function addReplacement(history: History, replacement: Replacement): Promise<HistoryEntry> {
  const { path, kind, expected, time, command, undoes } = replacement;
  const before = await readRequired(path);
  if (sha256(before) !== expected) throw failure('FileChangedMeanwhile.byOther', { path }, { target: path });
  const after = Buffer.from(replacement.content);
  const ownership = await readOwnership(history.stateFolder, path);
  const changes = replacement.changes.map(({ ownedAfter, ...change }): RecordedChange => {
    const owned = ownership.owns(change.element, change.name);
    const implied = change.action === 'update' ? owned : change.action === 'add';
    return { ...change, owned: { before: owned, after: ownedAfter ?? implied } };
  });
  return addEntry(
    history.stateFolder,
    {
      time: time.toISOString(),
      command,
      ...(undoes !== undefined && { undoes }),
      configurationFile: path,
      kind,
      changes,
      before: expected,
      after: sha256(after),
    },
    { before, after },
  );
}

async function settle(stateFolder: string, entry: HistoryEntry): Promise<HistoryEntry> {
  await recordOwnership(stateFolder, entry.configurationFile, entry.changes);
  return settleEntry(stateFolder, entry);
}

async function dropOldest({ stateFolder, keep }: History, path: string): Promise<void> {
  const entries = await entriesOf(stateFolder, path);
  for (const { id } of entries.slice(0, Math.max(0, entries.length - keep))) await dropEntry(stateFolder, id);
}

async function entriesOf(stateFolder: string, path: string): Promise<HistoryEntry[]> {
  return (await readHistory(stateFolder)).filter(
    ({ configurationFile }) => fileKey(configurationFile) === fileKey(path),
  );
}
