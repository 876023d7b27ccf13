import type { Step } from '../model/plan.ts';
import type { JobName, TaskRole } from '../tasks/index.ts';
import { describeAccess, sameAccess, sameDacl } from './access.ts';
import { removeEmptyFolder } from './folder-store.ts';
import type { Found } from './items.ts';
import type { SetupEntry } from './record.ts';
import type { SetupStores } from './stores.ts';

export interface RemovalStep extends Step {
  readonly entry: SetupEntry;
}

export interface Removal {
  /** In the order in which they are taken back: the last that was made first. */
  readonly steps: readonly RemovalStep[];
  /** Things that are not taken back, and why. */
  readonly kept: readonly { readonly entry: SetupEntry; readonly why: string }[];
  /** The record without the role, and without what is gone or has been changed by others since. */
  readonly entries: readonly SetupEntry[];
}

/**
 * What is taken back of what set-up made for a role. Each thing is compared with what was made:
 *
 * | the thing | then |
 * |---|---|
 * | is needed by another role | stays; the record drops the role |
 * | is gone | the record drops it |
 * | is other than it was made | stays; the record drops it |
 * | was made | is removed, a folder only if it is empty |
 * | was there, and was changed | gets back what it had |
 */
export function planRemoval(entries: readonly SetupEntry[], role: TaskRole, found: Found): Removal {
  const steps: RemovalStep[] = [];
  const kept: { entry: SetupEntry; why: string }[] = [];
  const left: SetupEntry[] = [];
  for (const entry of entries.toReversed()) {
    if (!entry.roles.includes(role)) {
      left.push(entry);
      continue;
    }
    const roles = entry.roles.filter((one) => one !== role);
    if (roles.length > 0) {
      left.push({ ...entry, roles });
      kept.push({ entry, why: `it is needed as ${roles.join(' and ')}` });
      continue;
    }
    const state = stateOf(entry, found);
    if (state === 'gone') continue;
    if (state === 'changed') {
      kept.push({ entry, why: 'it was changed since it was set up' });
      continue;
    }
    left.push(entry);
    const { kind, name } = entry;
    steps.push({ id: `${kind} ${name}`, target: name, action: words(entry), entry });
  }
  return { steps, kept, entries: left.toReversed() };
}

function stateOf(entry: SetupEntry, found: Found): 'gone' | 'changed' | 'ours' {
  const { kind, name } = entry;
  switch (kind) {
    case 'Folder': {
      const access = found.folders.get(name);
      if (access === undefined) return 'gone';
      return entry.access === undefined || sameAccess(access, entry.access) ? 'ours' : 'changed';
    }
    case 'Share': {
      const share = found.shares.get(name.toLowerCase());
      if (share === undefined) return 'gone';
      const same = share.path.toLowerCase() === entry.path?.toLowerCase();
      return same && sameDacl(share.sddl, entry.sddl ?? '') ? 'ours' : 'changed';
    }
    case 'EventSource':
      return found.eventSources.has(name.toLowerCase()) ? 'ours' : 'gone';
    case 'Task': {
      const task = found.tasks.get(name);
      if (task === undefined) return 'gone';
      return task.definition === entry.definition ? 'ours' : 'changed';
    }
    case 'Settings':
      return 'gone'; // never recorded: a settings file is the administrator's
  }
}

function words({ kind, before, sddlBefore }: SetupEntry): string {
  switch (kind) {
    case 'Folder':
      return before === undefined
        ? 'Remove the folder if it is empty'
        : `Give back the access it had (${describeAccess(before)})`;
    case 'Share':
      return sddlBefore === undefined ? 'Stop sharing; the files stay' : 'Give back the access it had';
    case 'EventSource':
      return 'Remove the source of events; its events stay in the log';
    case 'Task':
      return 'Unregister the scheduled task';
    case 'Settings':
      return 'Keep';
  }
}

/** False where a folder is not empty, and stays. */
export async function takeBack(entry: SetupEntry, stores: SetupStores): Promise<boolean> {
  const { kind, name, before, sddlBefore } = entry;
  switch (kind) {
    case 'Folder':
      if (before === undefined) return removeEmptyFolder(name);
      await stores.folders.write(name, before);
      return true;
    case 'Share':
      if (sddlBefore === undefined) await stores.windows!.shares.remove(name);
      else await stores.windows!.shares.restrict(name, sddlBefore);
      return true;
    case 'EventSource':
      await stores.windows!.eventSources.remove(name);
      return true;
    case 'Task':
      await stores.tasks.unregister(name as JobName);
      return true;
    case 'Settings':
      return true;
  }
}
