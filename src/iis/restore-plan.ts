import { migrateBackups } from '../iis6/migrate/index.ts';
import type { Finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import { findBindingConflicts, type WrittenSite } from './binding-conflicts.ts';
import type { Configuration } from './configuration.ts';
import { compareDefaults } from './defaults.ts';
import { desiredSite } from './desired.ts';
import { materializeDefaults } from './materialize.ts';
import { planLocations } from './location-changes.ts';
import { planPools, type PoolPlan } from './pool-changes.ts';
import { findNeededCertificates } from './preflight/certificates.ts';
import { compareServerKeys } from './machine-keys.ts';
import { compareFeatures } from './preflight/features.ts';
import { preflightSite } from './preflight/site.ts';
import { type TargetServer, targetServer } from './preflight/target-server.ts';
import { planPrune } from './prune-plan.ts';
import { isRefused, refuseTwice, withoutRefused } from './refused.ts';
import { serverDefaultPool } from './read.ts';
import { providerFingerprints } from './secrets.ts';
import { SiteIds } from './site-ids.ts';
import { type ElementChange, elementChange, writeChanges } from './target-changes.ts';
import type { RestoreOptions, RestorePlan, SiteBackup, SiteChange, SiteRestorePlan } from './types.ts';

interface SiteWork {
  readonly backup: SiteBackup;
  readonly id: number;
  readonly changes: readonly ElementChange[];
  readonly findings: readonly Finding[];
}

/** What the sites of one plan have in common. */
interface PlanContext {
  /** What a site of IIS 6 lost on its way to IIS 7, by name. */
  readonly migration: ReadonlyMap<string, readonly Finding[]>;
  readonly configuration: Configuration;
  readonly options: RestoreOptions;
  readonly providers: ReadonlyMap<string, string>;
  readonly target: TargetServer;
}

/**
 * Computes what a restore of these backups changes in a configuration: for each site its element, the pools it runs
 * in and its location blocks. Only what differs in meaning is a change, so a plan for a file that was restored
 * already is empty. A site with a finding of severity error is refused and changes nothing. Backups of IIS 6 are
 * translated first.
 * @throws FailoverError BackupInvalid (two backups of one site, or a damaged one)
 */
export function planRestore(
  configuration: Configuration,
  given: readonly SiteBackup[],
  options: RestoreOptions = {},
): RestorePlan {
  const { backups: translated, findings: migration } = migrateBackups(given, configuration, options);
  refuseTwice(translated);
  const withDefaults = translated.filter(({ name }) => !migration.has(name)); // IIS 6 has none of these elements
  const prepared = translated.map((backup) =>
    options.materializeDefaults && withDefaults.includes(backup)
      ? materializeDefaults(configuration, backup)
      : { backup, findings: [] },
  );
  const backups = prepared.map(({ backup }) => backup);
  const made = new Map(prepared.map(({ backup, findings }) => [nameKey(backup.name), findings]));
  const context: PlanContext = {
    configuration,
    migration,
    options,
    providers: providerFingerprints(configuration),
    target: targetServer(configuration, options),
  };
  const prune = options.prune && planPrune(configuration, backups, options.prune);
  const pruned = prune?.sites ?? [];
  const work = withoutRefused(backups, (left) => planSites(context, left, pruned));
  const sites = work.map(({ backup, id, changes, findings: found }) => {
    const findings = [...(made.get(nameKey(backup.name)) ?? []), ...found];
    const refused = isRefused(findings);
    return { name: backup.name, id, changes: refused ? [] : changes.map(described), findings, refused };
  });
  const chosen = (approved: readonly string[]): { site: string; change: ElementChange }[] => {
    const wanted = new Set(approved.map(nameKey));
    const restored = work.filter(
      ({ backup, findings }) => wanted.has(nameKey(backup.name)) && !isRefused(findings),
    );
    return [
      ...restored.flatMap(({ backup, changes }) => changes.map((change) => ({ site: backup.name, change }))),
      ...(prune?.changes(wanted) ?? []),
    ];
  };
  return {
    sites: [...sites, ...pruned],
    findings: [
      ...(options.materializeDefaults ? [] : compareDefaults(configuration, withDefaults)),
      ...compareFeatures(configuration, backups),
      ...compareServerKeys(backups, options.machineKeys),
    ],
    text: (approved) =>
      writeChanges(configuration, [...new Set(chosen(approved).map(({ change }) => change))]),
    changes: (approved) => chosen(approved).map(({ site, change }) => ({ site, ...described(change) })),
  };
}

function planSites(
  context: PlanContext,
  backups: readonly SiteBackup[],
  pruned: readonly SiteRestorePlan[],
): SiteWork[] {
  const { configuration, options, providers } = context;
  // What is removed in the same run stands in no site's way.
  const restored = new Set([...backups, ...pruned].map(({ name }) => nameKey(name)));
  const pools = planPools(configuration, backups, options, providers, restored);
  const ids = new SiteIds(configuration, backups);
  const work = backups.map((backup) => planSite(context, backup, pools, ids));
  const conflicts = findBindingConflicts(configuration, work.flatMap(writtenSite), restored);
  return work.map((site) => ({
    ...site,
    findings: [...site.findings, ...(conflicts.get(site.backup.name) ?? [])],
  }));
}

function planSite(context: PlanContext, backup: SiteBackup, pools: PoolPlan, ids: SiteIds): SiteWork {
  const { configuration, options, providers, target, migration } = context;
  const { document } = configuration;
  const element = configuration.sites.get(nameKey(backup.name))?.element;
  const existing = element && { document, element };
  const { id, findings: idFindings } = ids.of(backup);
  const site = desiredSite(
    { backup, options, providers, existing, label: 'site' },
    id,
    serverDefaultPool(configuration),
  );
  const locations = planLocations(configuration, backup, options, providers);
  const ownPools = pools.of(backup);
  const siteChange = elementChange(document, element, 'site', backup.name, site.xml);
  const changes = [...ownPools.changes, ...siteChange, ...locations.changes];
  const findings = [
    ...(migration.get(backup.name) ?? []),
    ...idFindings,
    ...site.findings,
    ...ownPools.findings,
    ...locations.findings,
    ...preflightSite(target, backup, { site: site.xml, locations: locations.desired }),
    ...(siteChange.length === 0 ? [] : findNeededCertificates(backup, site.xml, existing)),
  ];
  return { backup, id, changes, findings };
}

function described({ action, element, name }: ElementChange): SiteChange {
  return { action, element, name };
}

function writtenSite({ backup: { name, source }, changes }: SiteWork): WrittenSite[] {
  return changes.flatMap((change) =>
    change.element === 'site' && change.action !== 'remove' ? [{ name, source, xml: change.xml }] : [],
  );
}
