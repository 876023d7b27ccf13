import { describeZone, type DnsProvider, inView, type RecordSet, type ZoneChange } from '../dns/index.ts';
import type { SiteRecords } from '../failover/switch-plan.ts';
import { toFailoverError } from '../model/failover-error.ts';
import { type CheckResult, type ReadinessLimits, result } from './result.ts';

/** Where a site's records point, and how long resolvers keep them. */
export function checkRecords(site: string, records: SiteRecords, limits: ReadinessLimits): CheckResult[] {
  const results = records.unreadable.map(({ error }) =>
    result('DnsRecord', site, 'Failed', error.message, error.remedy),
  );
  if (records.target === 'unknown')
    results.push(
      result(
        'DnsRecord',
        site,
        'Failed',
        'Its records point to neither server, or to both',
        'Correct the records, or the addresses in the settings: Get-FailoverSite shows both.',
      ),
    );
  const slow = records.zones.flatMap(({ hostNames, current, view }) =>
    current
      .filter((set) => isSwitched(set, hostNames) && set.ttl > limits.ttl)
      .map((set) => ({ set, where: view === undefined ? '' : ` in the view ${view}` })),
  );
  for (const { set, where } of slow)
    results.push(
      result(
        'DnsRecord',
        site,
        'Warning',
        `${set.name} ${set.type} has a TTL of ${set.ttl} s${where}: visitors stay that long on a dead server`,
        `Set it to ${limits.ttl} s or less.`,
      ),
    );
  if (results.length > 0) return results;
  return [result('DnsRecord', site, 'Passed', `Its records point to the ${records.target} server`)];
}

/**
 * Whether an update of the site's records would be taken: a signed one that replaces a record set by itself, with what is
 * there as its prerequisite. Nothing is changed by it, whatever the answer is.
 */
export async function checkPermission(
  site: string,
  records: SiteRecords,
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const place of records.zones) {
    const { zone, hostNames, current } = place;
    const sets = current.filter((set) => isSwitched(set, hostNames));
    if (sets.length === 0) continue;
    const change: ZoneChange = {
      zone,
      changes: sets.map((set) => ({ name: set.name, type: set.type, before: set, after: set })),
      guards: [],
    };
    try {
      await inView(provider, place.view).apply(change, signal);
      results.push(
        result('DnsPermission', site, 'Passed', `Zone ${describeZone(place)} takes updates of its records`),
      );
    } catch (error) {
      signal.throwIfAborted();
      const { message, remedy } = toFailoverError(error, site);
      results.push(result('DnsPermission', site, 'Failed', message, remedy));
    }
  }
  return results;
}

function isSwitched(set: RecordSet, hostNames: readonly string[]): boolean {
  const names = hostNames.map((name) => name.toLowerCase());
  return (set.type === 'A' || set.type === 'AAAA') && names.includes(set.name);
}
