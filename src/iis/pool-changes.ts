import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import type { Configuration } from './configuration.ts';
import { desiredFragment, primaryDefaultPool } from './desired.ts';
import { poolLabel } from './element-path.ts';
import { parseXml } from './gate.ts';
import { applicationsOf, listSites, poolNames } from './read.ts';
import { type ElementChange, elementChange } from './target-changes.ts';
import type { NamedFragment, RestoreOptions, SiteBackup } from './types.ts';

export interface PoolPlan {
  /** What the pools of this site need. A pool of two sites is one and the same change object. */
  of(backup: SiteBackup): { changes: ElementChange[]; findings: Finding[] };
}

interface Planned {
  readonly changes: ElementChange[];
  readonly findings: readonly Finding[];
}

/**
 * What becomes of each pool that the restored sites run in:
 *
 * | pool on the target | result |
 * |---|---|
 * | is not there | added |
 * | means the same | nothing |
 * | differs and is DefaultAppPool | left alone, warning: it is the server's own |
 * | differs and serves sites that are not restored | the site is refused |
 * | differs otherwise | updated |
 */
export function planPools(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  options: RestoreOptions,
  providers: ReadonlyMap<string, string>,
  restored: ReadonlySet<string>,
): PoolPlan {
  const newest = newestForms(backups);
  const planned = new Map<string, Planned>();
  let otherUsers: Map<string, string> | undefined; // reading all sites pays only where a pool differs

  const plan = (key: string, { backup, pool }: PoolForm): Planned => {
    const element = configuration.pools.get(key);
    const existing = element && { document: configuration.document, element };
    const label = poolLabel(pool.name);
    const desired = desiredFragment(pool.xml, { backup, options, providers, existing, label });
    const changes = elementChange(configuration.document, element, 'applicationPool', pool.name, desired.xml);
    const differs = changes.some(({ action }) => action === 'update');
    if (differs && key === 'defaultapppool') {
      return { changes: [], findings: [finding('PoolDiffers', backup.name, label)] };
    }
    otherUsers ??= differs ? usersOfPools(configuration, restored) : undefined;
    const user = differs ? otherUsers?.get(key) : undefined;
    if (user !== undefined) {
      return {
        changes: [],
        findings: [finding('PoolShared', backup.name, label, { pool: pool.name, user })],
      };
    }
    return { changes, findings: desired.findings };
  };

  return {
    of: (backup) => {
      const changes: ElementChange[] = [];
      const findings: Finding[] = [];
      for (const pool of backup.applicationPools) {
        const key = nameKey(pool.name);
        const form = newest.get(key) ?? { backup, pool };
        const known = planned.get(key) ?? plan(key, form);
        planned.set(key, known);
        changes.push(...known.changes);
        findings.push(...known.findings.map((one) => ({ ...one, site: backup.name })));
      }
      findings.push(...missingPools(configuration, backup));
      return { changes, findings };
    },
  };
}

interface PoolForm {
  readonly backup: SiteBackup;
  readonly pool: NamedFragment;
}

/** Backups of different times may hold different forms of a pool: the latest counts. */
function newestForms(backups: readonly SiteBackup[]): Map<string, PoolForm> {
  const newest = new Map<string, PoolForm>();
  for (const backup of backups)
    for (const pool of backup.applicationPools) {
      const other = newest.get(nameKey(pool.name));
      if (other === undefined || other.backup.created < backup.created)
        newest.set(nameKey(pool.name), { backup, pool });
    }
  return newest;
}

/** A site that is not restored, for each pool that has one. */
function usersOfPools(configuration: Configuration, restored: ReadonlySet<string>): Map<string, string> {
  const users = new Map<string, string>();
  for (const site of listSites(configuration)) {
    if (restored.has(nameKey(site.name))) continue;
    for (const pool of poolNames(site)) users.set(nameKey(pool), site.name);
  }
  return users;
}

/** Pools that the site's applications name, but that exist neither on the primary nor here. */
function missingPools(configuration: Configuration, backup: SiteBackup): Finding[] {
  const document = parseXml(backup.site, `The backup of ${backup.name}`, 'BackupInvalid');
  const carried = new Set(backup.applicationPools.map(({ name }) => nameKey(name)));
  return applicationsOf(document, document.root, primaryDefaultPool(backup))
    .map(({ applicationPool }) => applicationPool)
    .filter((name, index, all) => all.indexOf(name) === index)
    .filter((name) => !carried.has(nameKey(name)) && !configuration.pools.has(nameKey(name)))
    .map((name) => {
      return finding('PoolMissing', backup.name, poolLabel(name), { pool: name });
    });
}
