import { existsSync } from 'node:fs';
import type { Access } from './access.ts';
import type { Found, SetupItem, ShareState } from './items.ts';
import type { SetupStores } from './stores.ts';

/** Names of things, as items and entries of the record have them. */
export type Named = Pick<SetupItem, 'kind' | 'name'> & { readonly log?: string };

/** What is there of these things. Only the kinds that occur are asked for. */
export async function findItems(items: readonly Named[], stores: SetupStores): Promise<Found> {
  const of = (kind: SetupItem['kind']): Named[] => items.filter((item) => item.kind === kind);
  const folders = new Map<string, Access>();
  for (const { name } of of('Folder')) {
    const access = await stores.folders.read(name);
    if (access !== undefined) folders.set(name, access);
  }
  const shares = new Map<string, ShareState>();
  for (const { name } of of('Share')) {
    const share = await stores.windows?.shares.read(name);
    if (share !== undefined) shares.set(name.toLowerCase(), share);
  }
  const eventSources = new Set<string>();
  for (const { name, log = '' } of of('EventSource'))
    if (await stores.windows?.eventSources.exists(log, name)) eventSources.add(name.toLowerCase());
  const tasks = of('Task').length === 0 ? [] : await stores.tasks.list();
  return {
    folders,
    settings: new Set(of('Settings').flatMap(({ name }) => (existsSync(name) ? [name] : []))),
    shares,
    eventSources,
    tasks: new Map(tasks.map((task) => [task.job, task])),
  };
}
