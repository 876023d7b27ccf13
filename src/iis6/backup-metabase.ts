import type { SiteBackup } from '../iis/types.ts';
import { failure } from '../model/failover-error.ts';
import { type Metabase, type MetabaseSite, parseMetabase } from './metabase.ts';

interface OpenedBackup {
  readonly metabase: Metabase;
  readonly site: MetabaseSite;
}

/** A plan asks for each backup several times. */
const openedBackups = new WeakMap<SiteBackup, OpenedBackup>();

/**
 * The fragments of a backup of IIS 6 as a small metabase: the site, its pools, and the nodes it inherits from.
 * @throws FailoverError BackupInvalid
 */
export function metabaseOfBackup(backup: SiteBackup): OpenedBackup {
  const opened = openedBackups.get(backup) ?? openBackup(backup);
  openedBackups.set(backup, opened);
  return opened;
}

function openBackup(backup: SiteBackup): OpenedBackup {
  const above = [...backup.defaults, ...backup.applicationPools].map(({ xml }) => xml);
  const nodes = backup.site.replace(/^<MBProperty[^<>]*>|<\/MBProperty>$/g, '');
  const text = ['<configuration><MBProperty>', ...above, nodes, '</MBProperty></configuration>'].join('\n');
  const metabase = parseMetabase(Buffer.from(text), `The backup of ${backup.name}`);
  const [site] = metabase.sites;
  if (site === undefined || site.id !== backup.id)
    throw failure('BackupInvalid.siteMissing', { name: backup.name, id: backup.id }, { target: backup.name });
  return { metabase, site };
}
