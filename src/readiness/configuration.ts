import {
  compareSites,
  type Configuration,
  planRestore,
  type RestoreOptions,
  type SiteBackup,
} from '../iis/index.ts';
import type { Finding } from '../model/finding.ts';
import { type CheckResult, result } from './result.ts';

/** Whether each site is on the failover server as its backup has it, and what a restore would have to say. */
export function checkConfiguration(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  options: RestoreOptions,
): CheckResult[] {
  const plan = planRestore(configuration, backups, options);
  const found = new Map(plan.sites.map((site) => [site.name, site.findings]));
  const ofServer = plan.findings.map((finding) => findingResult(finding, undefined));
  const ofSites = [...compareSites(configuration, backups, options)].flatMap(({ site, differences }) => {
    const results = (found.get(site) ?? []).map((finding) => findingResult(finding, site));
    if (differences.length > 0) {
      const [first] = differences;
      const severe = differences.some(({ severity }) => severity === 'error');
      results.push(
        result(
          'Configuration',
          site,
          severe ? 'Failed' : 'Warning',
          `${differences.length} differences to the primary, the first at ${first?.path}`,
          `See Compare-FailoverSite ${site}, and run Restore-FailoverSite ${site}.`,
        ),
      );
    }
    const shown = results.filter((one) => one !== undefined);
    return shown.length > 0
      ? shown
      : [result('Configuration', site, 'Passed', 'The site is as on the primary')];
  });
  return [...ofServer.filter((one) => one !== undefined), ...ofSites];
}

/** Information is for who restores, not for who asks whether all is well. */
function findingResult(finding: Finding, site: string | undefined): CheckResult | undefined {
  if (finding.severity === 'information') return undefined;
  const outcome = finding.severity === 'error' ? 'Failed' : 'Warning';
  return result('Configuration', site, outcome, `${finding.message} (${finding.location})`, finding.remedy);
}
