import { join } from 'node:path';
import PQueue from 'p-queue';
import {
  type ContentRoot,
  hasUnsyncedStandbyWrites,
  planReverse,
  type ReversePlan,
  SyncIndex,
  syncIndexPath,
} from '../../content/index.ts';
import { excludedBy } from '../../content/exclude.ts';
import type { FailbackGate } from '../../failover/failback-gate.ts';
import { readSiteList, type SiteListEntry, siteListName } from '../../iis/index.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { rootsInside } from './content-copy.ts';
import { contentRoots } from './content-roots.ts';
import { backupFolder } from './places.ts';

/** Comparisons at the same time: more would only make disks slower. */
const atOnce = 2;

interface SyncedRoot {
  readonly root: ContentRoot;
  readonly index: SyncIndex;
  /** Relative paths of other roots inside of it. */
  readonly otherRoots: readonly string[];
}

/**
 * Closed while the failover server holds what was written there and is not on the primary yet. This machine can tell
 * where it copies the content: there are the list of sites, the index of the last copy, and both folders.
 * @param required whether the gate is closed where it cannot tell
 */
export function contentGate(loaded: LoadedSettings, stateFolder: string, required: boolean): FailbackGate {
  const queue = new PQueue({ concurrency: atOnce });
  return {
    closed: (site, signal) =>
      queue.add(async () => {
        const roots = await syncedRoots(site.name, loaded, stateFolder);
        if (typeof roots === 'string')
          return required ? `It is not known whether the content is in step: ${roots}.` : undefined;
        const isExcluded = excludedBy(loaded.settings.content?.exclude ?? []);
        for (const { root, index, otherRoots } of roots) {
          const plan = await planReverse(root, index, {
            policy: 'Report',
            isExcluded: (path, isFolder) => otherRoots.includes(path) || isExcluded(path, isFolder),
            signal,
          });
          if (hasUnsyncedStandbyWrites(plan)) return describe(plan);
        }
        return undefined;
      }),
  };
}

/** The site's roots with what the last copy left in them; a text where this machine does not copy them. */
async function syncedRoots(
  site: string,
  loaded: LoadedSettings,
  stateFolder: string,
): Promise<SyncedRoot[] | string> {
  let list: SiteListEntry[];
  try {
    list = await readSiteList(join(backupFolder(undefined, loaded, 'Source'), siteListName));
  } catch (error) {
    return toFailoverError(error, site).message;
  }
  const entry = list.find(({ name }) => nameKey(name) === nameKey(site));
  if (entry === undefined) return 'the backup folder holds no such site';
  const { roots, problems } = await contentRoots(list, loaded);
  const problem = problems.find(({ target }) => target === entry.name);
  if (problem !== undefined) return problem.message;
  const synced: SyncedRoot[] = [];
  for (const root of roots.filter((one) => one.site === entry.name)) {
    const index = await SyncIndex.open(syncIndexPath(stateFolder, root));
    if (index === undefined || index.header.source !== root.source)
      return `this machine has not copied ${root.source}`;
    synced.push({ root, index, otherRoots: rootsInside(root, roots) });
  }
  return synced;
}

function describe({ items, unresolved, newFolders, problems, destination, site }: ReversePlan): string {
  const [problem] = problems;
  const paths = [...items, ...unresolved].map(({ path }) => path);
  const [first] = [...paths, ...newFolders];
  if (first === undefined) return `It is not known whether the content is in step: ${problem?.message}.`;
  const count = paths.length + newFolders.length;
  return (
    `${count} ${count === 1 ? 'change' : 'changes'} in ${destination} on the failover server (${first}) ` +
    `${count === 1 ? 'is' : 'are'} not on the primary server yet: run Copy-FailoverContent ${site} -Reverse.`
  );
}
