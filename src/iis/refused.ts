import { failure } from '../model/failover-error.ts';
import type { Finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import type { SiteBackup } from './types.ts';

interface PlannedSite {
  readonly backup: SiteBackup;
  readonly findings: readonly Finding[];
}

export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/**
 * A site that is refused stays on the target as it is: its pools and bindings count against the others as those of a
 * site that is not restored. So sites are planned again until no further one is refused.
 */
export function withoutRefused<Site extends PlannedSite>(
  backups: readonly SiteBackup[],
  planSites: (left: readonly SiteBackup[]) => readonly Site[],
): Site[] {
  const refused = new Map<string, Site>();
  for (;;) {
    const left = backups.filter(({ name }) => !refused.has(nameKey(name)));
    const work = planSites(left);
    const before = refused.size;
    for (const site of work) if (isRefused(site.findings)) refused.set(nameKey(site.backup.name), site);
    if (refused.size > before) continue;
    const planned = new Map(work.map((site) => [nameKey(site.backup.name), site]));
    return backups.flatMap(({ name }) => refused.get(nameKey(name)) ?? planned.get(nameKey(name)) ?? []);
  }
}

/** @throws FailoverError BackupInvalid */
export function refuseTwice(backups: readonly SiteBackup[]): void {
  const seen = new Set<string>();
  for (const { name } of backups) {
    if (seen.has(nameKey(name))) throw failure('BackupInvalid.twice', { name }, { target: name });
    seen.add(nameKey(name));
  }
}
