import { chown } from 'node:fs/promises';
import { replaceFile } from '../edge/files.ts';
import type { Secret } from '../model/secret.ts';
import type { TaskRole } from '../tasks/index.ts';
import { makeFolder } from './folder-store.ts';
import type { Found } from './items.ts';
import type { SetupStep } from './plan.ts';
import type { SetupEntry } from './record.ts';
import type { SetupStores } from './stores.ts';

export interface ApplyOptions {
  readonly role: TaskRole;
  /** Of the tasks' account. */
  readonly password: Secret | undefined;
  /** On POSIX, the group that may read a new settings file. */
  readonly settingsGroup: number | undefined;
}

/** Makes one thing and gives the entry of the record that takes it back; undefined where nothing takes it back. */
export async function applyStep(
  { item, change }: SetupStep,
  found: Found,
  stores: SetupStores,
  { role, password, settingsGroup }: ApplyOptions,
): Promise<SetupEntry | undefined> {
  const entry = { kind: item.kind, name: item.name, roles: [role] };
  switch (item.kind) {
    case 'Folder': {
      await makeFolder(item.name);
      await stores.folders.write(item.name, item.access);
      return { ...entry, access: item.access, before: found.folders.get(item.name) };
    }
    case 'Settings':
      await replaceFile(item.name, item.text, { expected: null, mode: 0o640 });
      if (settingsGroup !== undefined) await chown(item.name, -1, settingsGroup);
      return undefined;
    case 'Share': {
      const shares = stores.windows!.shares;
      const { name, path, sddl } = item;
      if (change === 'Create') await shares.create(name, path, sddl);
      else await shares.restrict(name, sddl);
      return { ...entry, path, sddl, sddlBefore: found.shares.get(name.toLowerCase())?.sddl };
    }
    case 'EventSource':
      await stores.windows!.eventSources.create(item.log, item.name);
      return { ...entry, log: item.log };
    case 'Task':
      await stores.tasks.register(item.task, password);
      return { ...entry, definition: item.definition };
  }
}
