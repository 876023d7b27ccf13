import { readRequired, sha256 } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { fileKey, type FileKind, type HistoryEntry, type RecordedChange } from './entry.ts';
import { type History, type Replacement, replaceRecorded } from './replace-recorded.ts';
import { readRevisions, type Revisions } from './store.ts';

/** What an undo does to one element. */
export type Reverted = Replacement['changes'][number];

/**
 * Reverts the changes of one run in a file that was changed since. Each kind of file has its own.
 * @throws FailoverError UndoConflict where an element that the run touched was changed since
 */
export type Revert = (
  revisions: Revisions & { readonly current: Buffer },
  changes: readonly RecordedChange[],
  path: string,
) => { readonly content: string | Buffer; readonly changes: readonly Reverted[] };

export type Reverts = Partial<Readonly<Record<FileKind, Revert>>>;

export interface UndoPlan {
  readonly entry: HistoryEntry;
  /** SHA-256 of the file it was made for. */
  readonly expected: string;
  readonly content: Buffer;
  readonly changes: readonly Reverted[];
}

/**
 * What reverts one run in `current`: the bytes that the run replaced where nothing was changed since, else what the
 * kind's `Revert` makes of it.
 * @throws FailoverError UndoConflict, HistoryDamaged
 */
export async function planUndo(
  stateFolder: string,
  entry: HistoryEntry,
  current: Buffer,
  reverts: Reverts,
): Promise<UndoPlan> {
  const { configurationFile: path, changes, after } = entry;
  const revisions = await readRevisions(stateFolder, entry);
  const expected = sha256(current);
  if (expected === after)
    return { entry, expected, content: revisions.before, changes: changes.map(inverse) };
  const revert = reverts[entry.kind];
  if (revert === undefined) throw failure('UndoConflict.file', { path }, { target: path });
  const reverted = revert({ ...revisions, current }, changes, path);
  return { entry, expected, content: Buffer.from(reverted.content), changes: reverted.changes };
}

function inverse({ site, element, name, action, owned }: RecordedChange): Reverted {
  const inverted = ({ add: 'remove', remove: 'add', update: 'update' } as const)[action];
  return { site, element, name, action: inverted, ownedAfter: owned.before };
}

/**
 * Plans the undo of several runs, each on top of those before it.
 * @param entries newest first, as later runs stand on earlier ones
 */
export async function planUndos(
  stateFolder: string,
  entries: readonly HistoryEntry[],
  reverts: Reverts,
): Promise<UndoPlan[]> {
  const files = new Map<string, Buffer>();
  const plans: UndoPlan[] = [];
  for (const entry of entries) {
    const key = fileKey(entry.configurationFile);
    const current = files.get(key) ?? (await readRequired(entry.configurationFile));
    const plan = await planUndo(stateFolder, entry, current, reverts);
    files.set(key, plan.content);
    plans.push(plan);
  }
  return plans;
}

/** Makes a planned undo, which is recorded and can be undone as a restore can. */
export function applyUndo(history: History, plan: UndoPlan, time: Date): Promise<HistoryEntry> {
  const { id, configurationFile, kind } = plan.entry;
  return replaceRecorded(history, {
    path: configurationFile,
    kind,
    expected: plan.expected,
    content: plan.content,
    time,
    command: 'undo',
    undoes: id,
    changes: plan.changes,
  });
}
