/**
 * Sites of IIS 7-10 configuration files: read, taken out into backup files, and put into another file by replacing
 * exactly their part of the text.
 */
export { applyRestore } from './apply-restore.ts';
export { readBackup } from './backup-file.ts';
export {
  type BackupResult,
  type ListedBackup,
  readListedBackup,
  requireOwnFolder,
  writeBackups,
  type WriteOptions,
} from './backup-folder.ts';
export { compareSites, type Difference } from './compare/index.ts';
export { fileAt, listVersions } from './backup-versions.ts';
export { type Configuration, findSite, openConfiguration, parseConfiguration } from './configuration.ts';
export { exportSite, type ExportOptions } from './export.ts';
export { backupFileName, checkSiteName } from './file-name.ts';
export { contentRoots, listPools, listSites, readSite } from './read.ts';
export { machineKeysFor, readMachineKeys, windowsFolderOf } from './machine-keys.ts';
export type { CarriedCertificate } from './certificates.ts';
export { openSecrets } from './open-secrets.ts';
export type { PruneRequest } from './prune-plan.ts';
export { planProtected } from './protect-secrets.ts';
export { planRestore } from './restore-plan.ts';
export { SuppliedSecrets } from './supplied-secrets.ts';
export type { OpenedSecret, SecretPlace, SecretStore } from './secret-store.ts';
export {
  readSiteList,
  readSiteNames,
  type SiteListEntry,
  type SiteListName,
  siteListName,
} from './site-list.ts';
export { openSiteStore, type SiteStore, type StoredSite } from './store.ts';
export type {
  CarriedSecret,
  NamedFragment,
  RestoreOptions,
  RestorePlan,
  SiteBackup,
  SiteChange,
  SiteRestorePlan,
} from './types.ts';
export { revertConfiguration } from './undo.ts';
