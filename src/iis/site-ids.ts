import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import type { SiteBackup } from './types.ts';

/** The sites of a target by nameKey. */
interface TargetSites {
  readonly sites: ReadonlyMap<string, { readonly id: number }>;
}

/**
 * Gives each restored site its id on the target. The first that applies:
 *
 * | the target has | id |
 * |---|---|
 * | a site of that name | the id of that site |
 * | no site with the backup's id | the backup's id |
 * | another site with it | the lowest free id, and a finding |
 */
export class SiteIds {
  readonly #configuration: TargetSites;
  readonly #given = new Map<string, number>();

  constructor(configuration: TargetSites, backups: readonly SiteBackup[]) {
    this.#configuration = configuration;
    const used = new Set([...configuration.sites.values()].map(({ id }) => id));
    const displaced: SiteBackup[] = [];
    for (const backup of backups) {
      const existing = configuration.sites.get(nameKey(backup.name));
      if (existing === undefined && (used.has(backup.id) || backup.id === 0)) displaced.push(backup);
      else this.#given.set(nameKey(backup.name), existing?.id ?? backup.id);
      used.add(existing?.id ?? backup.id);
    }
    let free = 1;
    for (const backup of displaced) {
      while (used.has(free)) free++;
      used.add(free);
      this.#given.set(nameKey(backup.name), free);
    }
  }

  of(backup: SiteBackup): { id: number; findings: Finding[] } {
    const id = this.#given.get(nameKey(backup.name)) ?? backup.id;
    if (id === backup.id || this.#configuration.sites.has(nameKey(backup.name))) return { id, findings: [] };
    return { id, findings: [finding('SiteIdRemapped', backup.name, 'site/@id', { from: backup.id, id })] };
  }
}
