import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent, replaceFile, writeError } from './files.ts';
import { withLock } from './lock.ts';
import { FailoverError } from '../model/failover-error.ts';
import type { SiteState, State } from '../model/state.ts';

const fileName = 'state.json';

/**
 * What earlier runs on this machine left behind; empty where nothing ran yet.
 * @throws FailoverError StateUnreadable: a damaged file is never taken for an empty one
 */
export async function readState(folder: string): Promise<State> {
  const path = join(folder, fileName);
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return { format: 1, sites: {} };
  try {
    const state = JSON.parse(bytes.toString('utf8')) as State;
    if (state.format !== 1 || typeof state.sites !== 'object')
      throw new Error('it is not a state file of format 1');
    return state;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FailoverError('StateUnreadable', `Cannot read ${path}: ${why}`, { target: path, cause: error });
  }
}

/** Site names are compared without regard to case, as IIS does. */
export function siteState(state: State, name: string): SiteState {
  return state.sites[name.toLowerCase()] ?? {};
}

/** Merges what is new of some sites into the state file, under its lock; undefined removes a value. */
export async function updateState(
  folder: string,
  changes: ReadonlyMap<string, Partial<SiteState>>,
): Promise<void> {
  if (changes.size === 0) return;
  const path = join(folder, fileName);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw writeError(error, folder);
  });
  await withLock(path, async () => {
    const state = await readState(folder);
    const sites = { ...state.sites };
    for (const [name, change] of changes) {
      sites[name.toLowerCase()] = { ...sites[name.toLowerCase()], ...change };
    }
    await replaceFile(path, `${JSON.stringify({ ...state, sites }, undefined, 2)}\n`);
  });
}
