import { parseXml } from '../iis/gate.ts';
import { isRefused, refuseTwice, withoutRefused } from '../iis/refused.ts';
import { SiteIds } from '../iis/site-ids.ts';
import type { RestoreOptions, RestorePlan, SiteBackup, SiteChange } from '../iis/types.ts';
import { failure } from '../model/failover-error.ts';
import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import { metabaseOfBackup } from './backup-metabase.ts';
import { findBindingConflicts, type WrittenSite } from './binding-conflicts.ts';
import { desiredNode } from './desired-node.ts';
import { certificateFindings, editFindings, localAccountFindings } from './findings.ts';
import { siteKey } from './location.ts';
import type { Metabase } from './metabase.ts';
import { type NodeChange, nodeChange, writeNodes } from './node-changes.ts';
import { planPools, type PoolPlan } from './pool-changes.ts';
import { targetSites, type TargetSites } from './target-sites.ts';

interface SiteWork {
  readonly backup: SiteBackup;
  readonly id: number;
  readonly changes: readonly NodeChange[];
  readonly findings: readonly Finding[];
}

/** What the sites of one plan have in common. */
interface PlanContext {
  readonly metabase: Metabase;
  readonly options: RestoreOptions;
  readonly sites: TargetSites;
  readonly ids: SiteIds;
  readonly pools: PoolPlan;
}

/**
 * Computes what a restore of these backups changes in a metabase: for each site its nodes and the pools it uses. As
 * the plan for an applicationHost.config (src/iis/restore-plan.ts): only what differs in meaning is a change, and a
 * site with a finding of severity error is refused.
 * @throws FailoverError BackupInvalid (two backups of one site, or a damaged one), MetabaseInvalid
 */
export function planMetabaseRestore(
  metabase: Metabase,
  backups: readonly SiteBackup[],
  options: RestoreOptions = {},
): RestorePlan {
  if (!metabase.nodes.has('lm/w3svc'))
    throw failure('MetabaseInvalid.noSites', { path: metabase.path }, { target: metabase.path });
  refuseTwice(backups);
  const work = withoutRefused(backups, (left) => planSites(metabase, left, options));
  const sites = work.map(({ backup, id, changes, findings }) => {
    const refused = isRefused(findings);
    return { name: backup.name, id, changes: refused ? [] : changes.map(described), findings, refused };
  });
  return {
    sites,
    findings: sites.some(({ changes }) => changes.length > 0) ? editFindings(metabase) : [],
    text: (approved) => {
      const wanted = new Set(approved.map(nameKey));
      const changes = work
        .filter(({ backup, findings }) => wanted.has(nameKey(backup.name)) && !isRefused(findings))
        .flatMap((one) => one.changes);
      return writeNodes(metabase, [...new Set(changes)]);
    },
  };
}

function planSites(metabase: Metabase, backups: readonly SiteBackup[], options: RestoreOptions): SiteWork[] {
  const own = backups.filter(({ kind }) => kind === 'IIS6');
  const sites = targetSites(metabase, own);
  const restored = new Set(own.map(({ name }) => nameKey(name)));
  const context: PlanContext = {
    metabase,
    options,
    sites,
    ids: new SiteIds(sites, own),
    pools: planPools(metabase, own, options, restored),
  };
  const work = backups.map((backup) => (backup.kind === 'IIS6' ? planSite(context, backup) : ofIis7(backup)));
  const ids = new Set(own.flatMap(({ name }) => sites.sites.get(nameKey(name))?.id ?? []));
  const conflicts = findBindingConflicts(metabase, work.flatMap(writtenSite), ids);
  return work.map((site) => ({
    ...site,
    findings: [...site.findings, ...(conflicts.get(site.backup.name) ?? [])],
  }));
}

function ofIis7(backup: SiteBackup): SiteWork {
  const findings = [finding('BackupOfIis7', backup.name, 'site')];
  return { backup, id: backup.id, changes: [], findings };
}

function planSite({ metabase, options, sites, ids, pools }: PlanContext, backup: SiteBackup): SiteWork {
  const { name } = backup;
  const { metabase: source, site } = metabaseOfBackup(backup);
  const { id, findings: idFindings } = ids.of(backup);
  const written = new Set<string>();
  const planned = (source.nodesOfSites.get(site.id) ?? []).map((node) => {
    const key = siteKey(id) + node.key.slice(siteKey(site.id).length);
    written.add(key);
    const element = metabase.nodes.get(key)?.element;
    const existing = element && { document: metabase.document, element };
    const desired = desiredNode(source.document, node, {
      siteName: name,
      id: { from: site.id, to: id },
      options,
      existing,
    });
    const kind =
      key === siteKey(id)
        ? ({ element: 'site', name } as const)
        : ({ element: 'location', name: desired.location } as const);
    return {
      changes: nodeChange(metabase, kind, desired.location, desired.xml),
      findings: [
        ...desired.findings,
        ...localAccountFindings(source.document, node, name),
        ...certificateFindings(source.document, node, name, metabase, metabase.nodes.get(key)),
      ],
    };
  });
  const surplus = (sites.sites.has(nameKey(name)) ? (metabase.nodesOfSites.get(id) ?? []) : [])
    .filter(({ key }) => !written.has(key))
    .map(({ element, location }): NodeChange => {
      return { action: 'remove', element: 'location', name: location, location, existing: element };
    });
  const ownPools = pools.of(backup);
  return {
    backup,
    id,
    changes: [...ownPools.changes, ...planned.flatMap((one) => one.changes), ...surplus],
    findings: [
      ...sites.findings(backup),
      ...idFindings,
      ...ownPools.findings,
      ...planned.flatMap((one) => one.findings),
    ],
  };
}

function described({ action, element, name }: NodeChange): SiteChange {
  return { action, element, name };
}

function writtenSite({ backup: { name }, id, changes }: SiteWork): WrittenSite[] {
  return changes.flatMap((change) => {
    if (change.element !== 'site' || change.action === 'remove') return [];
    const document = parseXml(change.xml, name, 'BackupInvalid');
    return [{ name, id, document, element: document.root }];
  });
}
