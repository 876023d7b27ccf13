import { join } from 'node:path';
import { readIfPresent, replaceFile, sha256 } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import type { TaskRole } from '../tasks/index.ts';
import type { Access } from './access.ts';
import { itemKey, type SetupKind } from './items.ts';

/** Something that set-up made or changed on this server, and is to be taken back. */
export interface SetupEntry {
  readonly kind: SetupKind;
  readonly name: string;
  /** The roles it was made for; it stays while one of them is left. */
  readonly roles: readonly TaskRole[];
  /** Folder: who could use it before, where it was there already. */
  readonly before?: Access | undefined;
  /** Folder: whom it was given to. */
  readonly access?: Access;
  /** Share: what it shares, its DACL, and the DACL before where it was there already. */
  readonly path?: string;
  readonly sddl?: string;
  readonly sddlBefore?: string | undefined;
  /** EventSource. */
  readonly log?: string;
  /** Task: what the scheduler lists it as. */
  readonly definition?: string;
}

/** setup.json in the state folder: in the order in which the things were made. */
export interface SetupRecord {
  readonly entries: readonly SetupEntry[];
  /** Hash of the file, null where there is none. */
  readonly hash: string | null;
}

export function recordPath(stateFolder: string): string {
  return join(stateFolder, 'setup.json');
}

/** @throws FailoverError SetupRecordUnreadable */
export async function readRecord(stateFolder: string): Promise<SetupRecord> {
  const path = recordPath(stateFolder);
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return { entries: [], hash: null };
  try {
    const file = JSON.parse(bytes.toString('utf8')) as { format: number; entries: SetupEntry[] };
    if (file.format !== 1 || !Array.isArray(file.entries))
      throw new Error('it is not a record of set-up of format 1');
    return { entries: file.entries, hash: sha256(bytes) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure('SetupRecordUnreadable', { path, why }, { target: path, cause: error });
  }
}

/**
 * Writes the record in the place of the one that was read.
 * @throws FailoverError FileChangedMeanwhile where another set-up wrote it since
 */
export async function writeRecord(
  stateFolder: string,
  before: SetupRecord,
  entries: readonly SetupEntry[],
): Promise<SetupRecord> {
  const text = `${JSON.stringify({ format: 1, entries }, undefined, 2)}\n`;
  await replaceFile(recordPath(stateFolder), text, { expected: before.hash });
  return { entries, hash: sha256(text) };
}

/**
 * The entries with one that was made now. Of something that an earlier set-up made or changed, the state before that
 * one is kept.
 */
export function withEntry(entries: readonly SetupEntry[], entry: SetupEntry): SetupEntry[] {
  const index = entries.findIndex((one) => itemKey(one) === itemKey(entry));
  const known = entries[index];
  if (known === undefined) return [...entries, entry];
  const { before, sddlBefore } = known;
  const roles = [...new Set([...known.roles, ...entry.roles])];
  return entries.with(index, { ...entry, before, sddlBefore, roles });
}

/** The entries where this role needs these things as well; the same object where nothing is new. */
export function withRole(
  entries: readonly SetupEntry[],
  keys: ReadonlySet<string>,
  role: TaskRole,
): readonly SetupEntry[] {
  const lacks = (entry: SetupEntry): boolean => keys.has(itemKey(entry)) && !entry.roles.includes(role);
  if (!entries.some(lacks)) return entries;
  return entries.map((entry) => (lacks(entry) ? { ...entry, roles: [...entry.roles, role] } : entry));
}
