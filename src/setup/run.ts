import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sep } from 'node:path';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import { type ApplyOptions, applyStep } from './apply.ts';
import { makeFolder } from './folder-store.ts';
import { type Found, itemKey, type SetupItem } from './items.ts';
import type { SetupStep } from './plan.ts';
import { readRecord, recordPath, withEntry, withRole, writeRecord } from './record.ts';
import { type Removal, type RemovalStep, takeBack } from './removal.ts';
import type { SetupStores } from './stores.ts';

export interface SetupRun extends ApplyOptions {
  readonly stateFolder: string;
  readonly items: readonly SetupItem[];
  readonly found: Found;
  readonly stores: SetupStores;
  readonly onError: (error: FailoverError) => void;
}

/**
 * Makes what was approved and yields each step that is done. After each one the record is written, so that a run that
 * is killed is taken back like one that ended. A step that fails is reported, and the rest goes on.
 */
export async function* applySetup(
  approved: readonly SetupStep[],
  { stateFolder, items, found, stores, onError, ...options }: SetupRun,
): AsyncGenerator<SetupStep> {
  let record = await readRecord(stateFolder);
  let entries = record.entries;
  const save = async (): Promise<void> => {
    if (entries !== record.entries) record = await writeRecord(stateFolder, record, entries);
  };
  for (const step of approved) {
    try {
      const entry = await applyStep(step, found, stores, options);
      if (entry !== undefined) entries = withEntry(entries, entry);
      // The state folder itself comes second; a declined one is made below.
      if (existsSync(stateFolder)) await save();
      yield step;
    } catch (error) {
      onError(toFailoverError(error, step.target));
    }
  }
  entries = withRole(entries, new Set(items.map(itemKey)), options.role);
  if (entries !== record.entries) await makeFolder(stateFolder);
  await save();
}

/**
 * Takes back what was approved, and yields each step and whether it is done: a folder that is not empty stays, and is
 * its content's from now on. What failed or was declined stays in the record.
 */
export async function* applyRemoval(
  approved: readonly RemovalStep[],
  removal: Removal,
  stateFolder: string,
  stores: SetupStores,
  onError: (error: FailoverError) => void,
): AsyncGenerator<{ readonly step: RemovalStep; readonly done: boolean }> {
  let record = await readRecord(stateFolder);
  if (record.hash === null) return;
  let { entries } = removal;
  const save = async (): Promise<void> => {
    record = await writeRecord(stateFolder, record, entries);
  };
  const removeRecord = async (): Promise<void> => {
    await rm(recordPath(stateFolder), { force: true });
    record = { entries: [], hash: null };
  };
  for (const step of approved) {
    try {
      // The record is in the way of its own folder.
      if (step.entry.kind === 'Folder' && isAround(step.entry.name, stateFolder)) await removeRecord();
      const done = await takeBack(step.entry, stores);
      entries = entries.filter((one) => itemKey(one) !== itemKey(step.entry));
      if (record.hash !== null) await save();
      yield { step, done };
    } catch (error) {
      onError(toFailoverError(error, step.target));
    }
  }
  if (entries.length === 0) return removeRecord();
  await makeFolder(stateFolder);
  await save();
}

function isAround(folder: string, inner: string): boolean {
  return `${inner}${sep}`.startsWith(`${folder}${sep}`);
}
