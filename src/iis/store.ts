import { readRequired } from '../edge/files.ts';
import type { FileKind } from '../history/index.ts';
import { exportMetabaseSite } from '../iis6/export.ts';
import { isMetabase, parseMetabase } from '../iis6/metabase.ts';
import { planMetabaseRestore } from '../iis6/restore-plan.ts';
import { siteModel } from '../iis6/site-model.ts';
import type { Site } from '../model/site.ts';
import { type Configuration, parseConfiguration } from './configuration.ts';
import { exportSite, type ExportOptions } from './export.ts';
import { listSites } from './read.ts';
import { refuseRedirected } from './redirection.ts';
import { planRestore } from './restore-plan.ts';
import type { XmlDocument } from './scan.ts';
import type { RestoreOptions, RestorePlan, SiteBackup } from './types.ts';

/** A site of a store. Only in IIS 6 may several have one name, or none. */
export interface StoredSite {
  readonly name: string;
  readonly id: number;
}

/** A configuration file of IIS of any version, as it was read. */
export interface SiteStore {
  readonly kind: FileKind;
  readonly path: string;
  readonly sha256: string;
  readonly document: XmlDocument;
  /** Set for an applicationHost.config. */
  readonly configuration?: Configuration;
  /** In the order of the file. */
  readonly sites: readonly StoredSite[];
  /** All of them, in the same order. */
  readSites(): Site[];
  /** @throws FailoverError SiteNotFound, SiteInvalid */
  exportSite(site: StoredSite, options: ExportOptions): SiteBackup;
  planRestore(backups: readonly SiteBackup[], options?: RestoreOptions): RestorePlan;
}

/**
 * Reads a configuration file: by what it holds, a MetaBase.xml of IIS 6 or an applicationHost.config.
 * @throws FailoverError as openConfiguration and parseMetabase
 */
export async function openSiteStore(path: string): Promise<SiteStore> {
  await refuseRedirected(path);
  const bytes = await readRequired(path);
  if (isMetabase(bytes)) return metabaseStore(bytes, path);
  const configuration = parseConfiguration(bytes, path);
  return {
    kind: 'applicationHost',
    path,
    sha256: configuration.sha256,
    document: configuration.document,
    configuration,
    sites: [...configuration.sites.values()],
    readSites: () => listSites(configuration),
    exportSite: ({ name }, options) => exportSite(configuration, name, options),
    planRestore: (backups, options) => planRestore(configuration, backups, options),
  };
}

function metabaseStore(bytes: Buffer, path: string): SiteStore {
  const metabase = parseMetabase(bytes, path);
  const byId = new Map(metabase.sites.map((site) => [site.id, site]));
  return {
    kind: 'metabase',
    path,
    sha256: metabase.sha256,
    document: metabase.document,
    sites: metabase.sites,
    readSites: () => metabase.sites.map((site) => siteModel(metabase, site)),
    exportSite: ({ id }, options) => exportMetabaseSite(metabase, byId.get(id)!, options),
    planRestore: (backups, options) => planMetabaseRestore(metabase, backups, options),
  };
}
