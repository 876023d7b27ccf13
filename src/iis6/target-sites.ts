import type { SiteBackup } from '../iis/types.ts';
import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import type { Metabase, MetabaseSite } from './metabase.ts';

export interface TargetSites {
  /** Each site of the target under a key of its own: nameKey, or `id:5` for one that shares its name. */
  readonly sites: ReadonlyMap<string, MetabaseSite>;
  /** Names that several sites of the target have and no id decides between. */
  findings(backup: SiteBackup): Finding[];
}

/**
 * Which site of the target is which of the backups. ServerComments need not be unique: of several sites with the name
 * of a backup, it is the one with its id, and where none has that, the backup is refused.
 */
export function targetSites(metabase: Metabase, backups: readonly SiteBackup[]): TargetSites {
  const groups = new Map<string, MetabaseSite[]>();
  for (const site of metabase.sites) {
    const key = nameKey(site.name);
    groups.set(key, [...(groups.get(key) ?? []), site]);
  }
  const wanted = new Map(backups.map((backup) => [nameKey(backup.name), backup.id]));
  const sites = new Map<string, MetabaseSite>();
  const ambiguous = new Map<string, MetabaseSite[]>();
  for (const [key, group] of groups) {
    const chosen = group.length === 1 ? group[0] : group.find(({ id }) => id === wanted.get(key));
    for (const site of group) sites.set(site === chosen && key !== '' ? key : `id:${site.id}`, site);
    if (chosen === undefined) ambiguous.set(key, group);
  }
  // An id below W3SVC that is no site's is not free either.
  const ids = new Set(metabase.sites.map(({ id }) => id));
  for (const [id, [node]] of metabase.nodesOfSites)
    if (node !== undefined && !ids.has(id)) sites.set(`id:${id}`, { id, name: '', node });
  return {
    sites,
    findings: ({ name }) => {
      const group = ambiguous.get(nameKey(name));
      if (group === undefined) return [];
      const ids = group.map(({ id }) => id).join(', ');
      return [finding('SiteAmbiguous', name, '@ServerComment', { count: group.length, name, ids })];
    },
  };
}
