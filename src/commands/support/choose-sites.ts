import type { SiteStore, StoredSite } from '../../iis/store.ts';
import { failure, type FailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import { selectByName } from './wildcard.ts';

/**
 * The sites of a configuration file that the patterns name: by name with wildcards, or by id as `id:1` or `1`, unless
 * a site has that very name. Names that several sites have are reported as SiteAmbiguous, with the ids.
 */
export function chooseStoredSites(
  patterns: readonly string[],
  { path, sites }: SiteStore,
  report: (error: FailoverError) => void,
): StoredSite[] {
  const names = new Set(sites.map(({ name }) => nameKey(name)));
  const chosen = new Set<StoredSite>();
  const asNames = patterns.filter((pattern) => {
    const id = /^(?:id:)?(\d{1,10})$/i.exec(pattern)?.[1];
    const site = id === undefined ? undefined : sites.find((one) => one.id === Number(id));
    if (site === undefined || names.has(nameKey(pattern))) return true;
    chosen.add(site);
    return false;
  });
  for (const site of selectByName(asNames, sites, ({ name }) => name, path, report)) chosen.add(site);
  return unambiguous([...chosen], path, report);
}

/** A folder has one backup for each name, so of several sites with one name none can be meant by it. */
function unambiguous(
  chosen: readonly StoredSite[],
  path: string,
  report: (error: FailoverError) => void,
): StoredSite[] {
  const groups = new Map<string, StoredSite[]>();
  for (const site of chosen) {
    const key = site.name === '' ? `id:${site.id}` : nameKey(site.name);
    groups.set(key, [...(groups.get(key) ?? []), site]);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ name }] = group as [StoredSite];
    if (group.length === 1) return group;
    const ids = group.map(({ id }) => id).join(', ');
    report(failure('SiteAmbiguous', { path, count: group.length, name, ids }, { target: name }));
    return [];
  });
}
