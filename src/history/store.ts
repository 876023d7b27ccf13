import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import {
  errorCode,
  readIfPresent,
  readRequired,
  replaceFile,
  sha256,
  writeError,
  reason,
} from '../edge/files.ts';
import { protectFolder } from '../edge/protect-folder.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { fileKey, type HistoryEntry, type HistoryState, stateOf, undoneIds, wasDropped } from './entry.ts';

const manifestName = 'manifest.json';
const changedName = 'changed.bin';

/** The folder of the history, in the state folder. */
export function historyFolder(stateFolder: string): string {
  return join(stateFolder, 'restores');
}

/** The configuration file as it was before the run of an entry. */
export function previousFile(stateFolder: string, { id, configurationFile }: HistoryEntry): string {
  return join(historyFolder(stateFolder), String(id), `previous${extname(configurationFile)}`);
}

/** All entries, oldest first, settled or not. Damaged ones are reported and left out. */
export async function readHistory(
  stateFolder: string,
  report: (error: FailoverError) => void = () => undefined,
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const id of await entryIds(historyFolder(stateFolder))) {
    try {
      entries.push(await readEntry(stateFolder, id));
    } catch (error) {
      report(toFailoverError(error, String(id)));
    }
  }
  return entries;
}

/** A view of the history with the hash of each file as it is now. */
export interface CurrentHistory {
  /** Oldest first, without those of killed runs that did not come to replace the file. */
  readonly entries: readonly HistoryEntry[];
  readonly stateOf: (entry: HistoryEntry) => HistoryState;
}

/** The history as an administrator should see it. It changes nothing: what is unsettled the next run settles. */
export async function currentHistory(
  stateFolder: string,
  report?: (error: FailoverError) => void,
): Promise<CurrentHistory> {
  const all = await readHistory(stateFolder, report);
  const hashes = new Map<string, string | undefined>();
  for (const { configurationFile } of all) {
    if (hashes.has(fileKey(configurationFile))) continue;
    const bytes = await readIfPresent(configurationFile).catch(() => undefined);
    hashes.set(fileKey(configurationFile), bytes && sha256(bytes));
  }
  const hashOf = (entry: HistoryEntry): string | undefined => hashes.get(fileKey(entry.configurationFile));
  const entries = all.filter((entry) => !wasDropped(entry, hashOf(entry)));
  const undone = undoneIds(entries);
  return { entries, stateOf: (entry) => stateOf(entry, undone, hashOf(entry)) };
}

/** @throws FailoverError HistoryDamaged */
async function readEntry(stateFolder: string, id: number): Promise<HistoryEntry> {
  const path = join(historyFolder(stateFolder), String(id), manifestName);
  try {
    const entry = JSON.parse((await readRequired(path)).toString('utf8')) as HistoryEntry;
    if (entry.format !== 1 || entry.id !== id || !Array.isArray(entry.changes))
      throw new Error('it is not a manifest of format 1');
    return entry;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure('HistoryDamaged.manifest', { path, why }, { target: String(id), cause: error });
  }
}

/** The file before and after the run of an entry, proved by their hashes. */
export interface Revisions {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** @throws FailoverError HistoryDamaged */
export async function readRevisions(stateFolder: string, entry: HistoryEntry): Promise<Revisions> {
  const previous = previousFile(stateFolder, entry);
  const changed = join(historyFolder(stateFolder), String(entry.id), changedName);
  const before = await readIfPresent(previous);
  const text = await readIfPresent(changed);
  const { start, end } = entry.replaced;
  const after = before && text && Buffer.concat([before.subarray(0, start), text, before.subarray(end)]);
  if (!before || !after || sha256(before) !== entry.before || sha256(after) !== entry.after)
    throw failure('HistoryDamaged.content', { previous, changed }, { target: String(entry.id) });
  return { before, after };
}

/** Keeps the old file and what replaces it. The entry is there whole or not at all, and not settled. */
export async function addEntry(
  stateFolder: string,
  entry: Omit<HistoryEntry, 'format' | 'id' | 'replaced' | 'settled'>,
  revisions: Revisions,
): Promise<HistoryEntry> {
  const folder = historyFolder(stateFolder);
  try {
    await makeHistoryFolder(folder);
    const temporary = join(folder, temporaryName());
    try {
      await mkdir(temporary, { mode: 0o700 });
      const { start, end, text } = difference(revisions);
      await replaceFile(join(temporary, `previous${extname(entry.configurationFile)}`), revisions.before);
      await replaceFile(join(temporary, changedName), text);
      for (let id = ((await entryIds(folder)).at(-1) ?? 0) + 1; ; id++) {
        const full: HistoryEntry = { ...entry, format: 1, id, replaced: { start, end }, settled: false };
        await replaceFile(join(temporary, manifestName), format(full));
        try {
          await rename(temporary, join(folder, String(id)));
          return full;
        } catch (error) {
          // A run for another file may have taken the number.
          if (!(await entryIds(folder)).includes(id)) throw error;
        }
      }
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw writeError(error, folder);
  }
}

/** A folder of that name is protected, whenever its maker is killed. */
async function makeHistoryFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(folder), temporaryName());
  try {
    await mkdir(temporary, { mode: 0o700 });
    await protectFolder(temporary);
    await rename(temporary, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error; // another run was first
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes what killed runs left unfinished; whoever made it an hour ago does not work on it any more. */
export async function removeUnfinished(stateFolder: string, now: Date): Promise<void> {
  const folder = historyFolder(stateFolder);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^\.[0-9a-f]{12}\.tmp$/.test(name)) continue;
    const made = await stat(join(folder, name)).catch(() => undefined);
    if (made !== undefined && now.getTime() - made.mtimeMs > 3_600_000)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function temporaryName(): string {
  return `.${randomBytes(6).toString('hex')}.tmp`;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The entry's run has replaced the file. */
export async function settleEntry(stateFolder: string, entry: HistoryEntry): Promise<HistoryEntry> {
  const settled = { ...entry, settled: true };
  await replaceFile(join(historyFolder(stateFolder), String(entry.id), manifestName), format(settled));
  return settled;
}

/** Takes an entry away at once, then its files. */
export async function dropEntry(stateFolder: string, id: number): Promise<void> {
  const folder = historyFolder(stateFolder);
  const gone = join(folder, temporaryName());
  try {
    await rename(join(folder, String(id)), gone);
    await rm(gone, { recursive: true });
  } catch (error) {
    throw writeError(error, join(folder, String(id)));
  }
}

async function entryIds(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw failure(
      'FileUnreadable.file',
      { path: folder, why: reason(error) },
      { target: folder, cause: error },
    );
  });
  return names
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function format(entry: HistoryEntry): string {
  return `${JSON.stringify(entry, undefined, 2)}\n`;
}

/** The bytes between the common beginning and the common end of the two. */
function difference({ before, after }: Revisions): { start: number; end: number; text: Buffer } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  return { start, end: before.length - tail, text: after.subarray(start, after.length - tail) };
}
