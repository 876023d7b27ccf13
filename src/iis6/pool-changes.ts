import type { RestoreOptions, SiteBackup } from '../iis/types.ts';
import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import { metabaseOfBackup } from './backup-metabase.ts';
import { desiredNode } from './desired-node.ts';
import { poolsOf } from './export.ts';
import { localAccountFindings } from './findings.ts';
import { poolKey } from './location.ts';
import type { Metabase } from './metabase.ts';
import { type NodeChange, nodeChange } from './node-changes.ts';

export interface PoolPlan {
  /** What the pools of this site need. A pool of two sites is one and the same change object. */
  of(backup: SiteBackup): { changes: NodeChange[]; findings: Finding[] };
}

type Planned = ReturnType<PoolPlan['of']>;

/**
 * What becomes of each pool that the restored sites run in; the same table as for IIS 7 (src/iis/pool-changes.ts): a
 * pool that is not there is added, one that means the same stays, DefaultAppPool stays with a warning, one that serves
 * a site that is not restored refuses the site, any other is updated. Of two forms the newest counts.
 */
export function planPools(
  metabase: Metabase,
  backups: readonly SiteBackup[],
  options: RestoreOptions,
  restored: ReadonlySet<string>,
): PoolPlan {
  const newest = new Map<string, SiteBackup>();
  for (const backup of backups)
    for (const name of poolsIn(backup)) {
      const other = newest.get(poolKey(name));
      if (other === undefined || other.created < backup.created) newest.set(poolKey(name), backup);
    }
  const planned = new Map<string, Planned>();
  let users: Map<string, string> | undefined;

  const plan = (name: string, backup: SiteBackup): Planned => {
    const key = poolKey(name);
    const { metabase: of } = metabaseOfBackup(backup);
    const node = of.nodes.get(key);
    if (node === undefined) {
      const findings = metabase.nodes.has(key)
        ? []
        : [finding('PoolMissing', backup.name, label(name), { pool: name })];
      return { changes: [], findings };
    }
    const element = metabase.nodes.get(key)?.element;
    const existing = element && { document: metabase.document, element };
    const id = { from: backup.id, to: backup.id };
    const desired = desiredNode(of.document, node, { siteName: backup.name, id, options, existing });
    const kind = { element: 'applicationPool', name } as const;
    const changes = nodeChange(metabase, kind, node.location, desired.xml);
    const differs = changes.some(({ action }) => action === 'update');
    if (differs && nameKey(name) === 'defaultapppool') {
      return { changes: [], findings: [finding('PoolDiffers', backup.name, label(name))] };
    }
    users ??= differs ? usersOfPools(metabase, restored) : undefined;
    const user = differs ? users?.get(nameKey(name)) : undefined;
    if (user !== undefined) {
      return {
        changes: [],
        findings: [finding('PoolShared', backup.name, label(name), { pool: name, user })],
      };
    }
    return {
      changes,
      findings: [...desired.findings, ...localAccountFindings(of.document, node, backup.name)],
    };
  };

  return {
    of: (backup) => {
      const plans = poolsIn(backup).map((name) => {
        const key = poolKey(name);
        const known = planned.get(key) ?? plan(name, newest.get(key) ?? backup);
        planned.set(key, known);
        return known;
      });
      return {
        changes: plans.flatMap(({ changes }) => changes),
        findings: plans.flatMap(({ findings }) => findings.map((one) => ({ ...one, site: backup.name }))),
      };
    },
  };
}

function poolsIn(backup: SiteBackup): string[] {
  const { metabase, site } = metabaseOfBackup(backup);
  return poolsOf(metabase, site);
}

/** A site that is not restored, for each pool that has one. */
function usersOfPools(metabase: Metabase, restored: ReadonlySet<string>): Map<string, string> {
  const users = new Map<string, string>();
  for (const site of metabase.sites) {
    if (restored.has(nameKey(site.name))) continue;
    for (const pool of poolsOf(metabase, site)) users.set(nameKey(pool), site.name || `id:${site.id}`);
  }
  return users;
}

function label(name: string): string {
  return `/LM/W3SVC/AppPools/${name}`;
}
