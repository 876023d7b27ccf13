import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent, replaceFile, writeError } from './files.ts';
import { withLock } from './lock.ts';
import { failure } from '../model/failover-error.ts';
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
    throw failure('StateUnreadable.file', { path, why }, { target: path, cause: error });
  }
}

/** Site names are compared without regard to case, as IIS does. */
export function siteState(state: State, name: string): SiteState {
  return state.sites[name.toLowerCase()] ?? {};
}

/** The state file as a run has written it. */
export interface WrittenState {
  readonly state: State;
  /** Its time of modification. */
  readonly mtimeMs: number;
}

/**
 * Merges what is new of some sites into the state file, under its lock; undefined removes a value. Nothing is written,
 * and the answer is undefined, where there is no change.
 */
export async function updateState(
  folder: string,
  changes: ReadonlyMap<string, Partial<SiteState>>,
): Promise<WrittenState | undefined> {
  if (changes.size === 0) return undefined;
  const path = join(folder, fileName);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw writeError(error, folder);
  });
  return withLock(path, async () => {
    const before = await readState(folder);
    const sites = { ...before.sites };
    for (const [name, change] of changes) {
      sites[name.toLowerCase()] = { ...sites[name.toLowerCase()], ...change };
    }
    const state = { ...before, sites };
    await replaceFile(path, formatState(state));
    return { state, mtimeMs: (await stat(path)).mtimeMs };
  });
}

/** One line for each site: ten thousand of them are read and written every minute. */
function formatState({ sites, ...rest }: State): string {
  const head = JSON.stringify(rest).slice(0, -1);
  const lines = Object.entries(sites).map(
    ([name, site]) => `${JSON.stringify(name)}: ${JSON.stringify(site)}`,
  );
  return `${head},"sites":{\n${lines.join(',\n')}\n}}\n`;
}
