import { FailoverError } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { findBindingConflicts } from './binding-conflicts.ts';
import type { Configuration } from './configuration.ts';
import { compareDefaults } from './defaults.ts';
import { desiredSite } from './desired.ts';
import { planLocations } from './location-changes.ts';
import { planPools, type PoolPlan } from './pool-changes.ts';
import { serverDefaultPool } from './read.ts';
import { providerFingerprints } from './secrets.ts';
import { SiteIds } from './site-ids.ts';
import { type ElementChange, elementChange, writeChanges } from './target-changes.ts';
import type { RestoreOptions, RestorePlan, SiteBackup, SiteChange, SiteRestorePlan } from './types.ts';

interface SiteWork {
  readonly plan: SiteRestorePlan;
  readonly changes: readonly ElementChange[];
}

/**
 * Computes what a restore of these backups changes in a configuration: for each site its element, the pools it runs
 * in and its location blocks. Only what differs in meaning is a change, so a plan for a file that was restored
 * already is empty. A site with a finding of severity error is refused and changes nothing.
 * @throws FailoverError BackupInvalid (two backups of one site, or a damaged one)
 */
export function planRestore(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  options: RestoreOptions = {},
): RestorePlan {
  const restored = new Set<string>();
  for (const { name } of backups) {
    if (restored.has(nameKey(name)))
      throw new FailoverError('BackupInvalid', `There are two backups of the site ${name}`, { target: name });
    restored.add(nameKey(name));
  }
  const providers = providerFingerprints(configuration);
  const pools = planPools(configuration, backups, options, providers, restored);
  const ids = new SiteIds(configuration, backups);
  const work = backups.map((backup) => planSite(configuration, backup, options, providers, pools, ids));
  const conflicts = findBindingConflicts(configuration, work.flatMap(siteText), restored);
  const sites = work.map(({ plan }) => {
    const found = conflicts.get(plan.name);
    return found === undefined ? plan : { ...plan, findings: [...plan.findings, ...found] };
  });
  return {
    sites,
    findings: compareDefaults(configuration, backups),
    text: (approved) => {
      const wanted = new Set(approved.map(nameKey));
      const changes = work.filter(({ plan }) => wanted.has(nameKey(plan.name))).flatMap((one) => one.changes);
      return writeChanges(configuration, [...new Set(changes)]);
    },
  };
}

function planSite(
  configuration: Configuration,
  backup: SiteBackup,
  options: RestoreOptions,
  providers: ReadonlyMap<string, string>,
  pools: PoolPlan,
  ids: SiteIds,
): SiteWork {
  const { document } = configuration;
  const existing = configuration.sites.get(nameKey(backup.name))?.element;
  const { id, findings: idFindings } = ids.of(backup);
  const site = desiredSite(
    { backup, options, providers, existing: existing && { document, element: existing }, label: 'site' },
    id,
    serverDefaultPool(configuration),
  );
  const locations = planLocations(configuration, backup, options, providers);
  const ownPools = pools.of(backup);
  const findings = [...idFindings, ...site.findings, ...ownPools.findings, ...locations.findings];
  const refused = findings.some(({ severity }) => severity === 'error');
  const siteChange = elementChange(document, existing, 'site', backup.name, site.xml);
  const changes = refused ? [] : [...ownPools.changes, ...siteChange, ...locations.changes];
  return { plan: { name: backup.name, id, changes: changes.map(described), findings, refused }, changes };
}

function described({ action, element, name }: ElementChange): SiteChange {
  return { action, element, name };
}

function siteText({ plan, changes }: SiteWork): { name: string; xml: string }[] {
  return changes.flatMap((change) =>
    change.element === 'site' && change.action !== 'remove' ? [{ name: plan.name, xml: change.xml }] : [],
  );
}
