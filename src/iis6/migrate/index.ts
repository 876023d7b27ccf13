import type { Configuration } from '../../iis/configuration.ts';
import type { RestoreOptions, SiteBackup } from '../../iis/types.ts';
import type { Finding } from '../../model/finding.ts';
import { nameKey } from '../../model/site.ts';
import { poolsOf } from '../export.ts';
import { migrateLocations } from './locations.ts';
import { migratePool, poolRuntimes } from './pool.ts';
import { applicationsOf, migratedName, migratedPool, migrateSite } from './site.ts';
import { MigrationSource } from './source.ts';
import { reportTheRest } from './untranslated.ts';

export interface Migration {
  /** In the order given; those of IIS 6 as backups of IIS 7, the others as they were. */
  readonly backups: readonly SiteBackup[];
  /** What has no translation, by the name of the site in `backups`. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
}

/**
 * Translates backups of IIS 6 sites into what a restore into an applicationHost.config takes. What IIS 7 has no like of
 * is reported, never dropped without a word.
 * @throws FailoverError BackupInvalid
 */
export function migrateBackups(
  backups: readonly SiteBackup[],
  target: Configuration,
  options: RestoreOptions = {},
): Migration {
  const sources = backups.map((backup) => (backup.kind === 'IIS6' ? new MigrationSource(backup) : undefined));
  const old = sources.filter((source) => source !== undefined);
  if (old.length === 0) return { backups, findings: new Map() };
  const runtimes = poolRuntimes(old, applicationsOf);
  const findings = new Map<string, readonly Finding[]>();
  const migrated = backups.map((backup, index) => {
    const source = sources[index];
    if (source === undefined) return backup;
    const name = migratedName(backup.name);
    if (name !== backup.name) source.report('SiteRenamed', 'site/@name', { name });
    const result: SiteBackup = {
      ...backup,
      kind: undefined,
      name,
      site: migrateSite(source).toXml(),
      applicationPools: poolsOf(source.metabase, source.site).flatMap((pool) => {
        const element = migratePool(source, pool, runtimes.get(nameKey(pool)) ?? '', target);
        return element === undefined ? [] : [{ name: migratedPool(pool), xml: element.toXml() }];
      }),
      locations: migrateLocations(source, target, options),
      defaults: [],
    };
    reportTheRest(source);
    findings.set(
      name,
      source.findings.map((finding) => ({ ...finding, site: name })),
    );
    return result;
  });
  return { backups: migrated, findings };
}
