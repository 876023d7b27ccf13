import type { Ownership } from '../history/index.ts';
import { failure } from '../model/failover-error.ts';
import { nameKey, type Site } from '../model/site.ts';
import type { Configuration } from './configuration.ts';
import { listSites, poolNames, serverDefaultPool } from './read.ts';
import type { ElementChange } from './target-changes.ts';
import type { SiteBackup, SiteRestorePlan } from './types.ts';

/** What a prune goes by. */
export interface PruneRequest {
  /** The sites that stay: those of the site list, whether or not they are restored. */
  readonly listed: readonly string[];
  readonly ownership: Ownership;
  /** Prunes more sites at once than is plausible. */
  readonly force: boolean;
}

export interface PrunePlan {
  /** The sites that are removed. */
  readonly sites: readonly SiteRestorePlan[];
  /** What is removed where these sites (by nameKey) are. */
  changes(approved: ReadonlySet<string>): { readonly site: string; readonly change: ElementChange }[];
}

/** A list that lost more of its sites at once than these is taken for a mistake. */
const plausiblePercent = 30;

interface PoolRemoval {
  readonly change: ElementChange;
  /** By nameKey; the pool goes with the last of them. */
  readonly users: readonly string[];
}

/**
 * What becomes of the sites of a configuration that are not in the list:
 *
 * | | result |
 * |---|---|
 * | the module did not create the site | stays |
 * | the module created it | removed, with all its location blocks |
 * | pool of removed sites alone, created by the module | removed with the last of them |
 * | any other pool | stays |
 *
 * @throws FailoverError PruneImplausible
 */
export function planPrune(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  { listed, ownership, force }: PruneRequest,
): PrunePlan {
  const staying = new Set([...listed, ...backups.map(({ name }) => name)].map(nameKey));
  const all = listSites(configuration);
  const pruned = all.filter(({ name }) => ownership.owns('site', name) && !staying.has(nameKey(name)));
  if (!force) refuseImplausible(configuration.path, pruned, listed.length);

  const removals = poolRemovals(configuration, all, pruned, backups, ownership);
  const siteChanges = new Map(pruned.map((site) => [site, changesOf(configuration, site)]));
  return {
    sites: pruned.map((site) => {
      const pools = removals.filter(({ users }) => users.at(-1) === nameKey(site.name));
      const changes = [...siteChanges.get(site)!, ...pools.map(({ change }) => change)];
      return {
        name: site.name,
        id: site.id,
        changes: changes.map(({ action, element, name }) => ({ action, element, name })),
        findings: [],
        refused: false,
      };
    }),
    changes: (approved) =>
      pruned
        .filter(({ name }) => approved.has(nameKey(name)))
        .flatMap((site) => {
          const pools = removals.filter(
            ({ users }) => users.at(-1) === nameKey(site.name) && users.every((user) => approved.has(user)),
          );
          const changes = [...siteChanges.get(site)!, ...pools.map(({ change }) => change)];
          return changes.map((change) => ({ site: site.name, change }));
        }),
  };
}

function refuseImplausible(path: string, pruned: readonly Site[], listed: number): void {
  if (pruned.length * 100 <= listed * plausiblePercent) return;
  const names = pruned.slice(0, 3).map(({ name }) => name);
  if (pruned.length > names.length) names.push('…');
  const values = { count: pruned.length, path, names: names.join(', '), listed, percent: plausiblePercent };
  const form = listed === 0 ? 'emptyList' : 'shortList';
  throw failure(`PruneImplausible.${form}`, values, { target: path });
}

function changesOf(configuration: Configuration, { name }: Site): ElementChange[] {
  const { document, sites, locations } = configuration;
  const blocks = locations.get(nameKey(name)) ?? [];
  return [
    { action: 'remove', element: 'site', name, existing: sites.get(nameKey(name))!.element },
    ...blocks.map((existing): ElementChange => ({
      action: 'remove',
      element: 'location',
      name: document.attribute(existing, 'path') ?? '',
      existing,
    })),
  ];
}

function poolRemovals(
  configuration: Configuration,
  all: readonly Site[],
  pruned: readonly Site[],
  backups: readonly SiteBackup[],
  ownership: Ownership,
): PoolRemoval[] {
  const inUse = new Set([
    nameKey(serverDefaultPool(configuration)),
    ...backups.flatMap((backup) => backup.applicationPools.map(({ name }) => nameKey(name))),
    ...all.filter((site) => !pruned.includes(site)).flatMap((site) => poolNames(site).map(nameKey)),
  ]);
  const users = new Map<string, string[]>();
  for (const site of pruned)
    for (const key of poolNames(site).map(nameKey))
      users.set(key, [...(users.get(key) ?? []), nameKey(site.name)]);
  return [...users].flatMap(([key, sites]): PoolRemoval[] => {
    const existing = configuration.pools.get(key);
    if (existing === undefined || inUse.has(key) || !ownership.owns('applicationPool', key)) return [];
    const name = configuration.document.attribute(existing, 'name') ?? key;
    return [{ change: { action: 'remove', element: 'applicationPool', name, existing }, users: sites }];
  });
}
