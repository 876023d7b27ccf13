import { checkNames, type CheckName, type CheckResult, type Outcome } from '../readiness/index.ts';
import type { Level } from './data.ts';
import { type Html, markup } from './html.ts';
import { badge } from './summary.ts';

const outcomes: readonly Outcome[] = ['Failed', 'Warning', 'Skipped', 'Passed'];
const levels: Readonly<Record<Outcome, Level>> = {
  Failed: 'critical',
  Warning: 'warning',
  Skipped: 'notice',
  Passed: 'ok',
};
const titles: Readonly<Record<CheckName, string>> = {
  BackupAge: 'Age of the backups',
  RestoreAge: 'Age of the restores',
  ContentAge: 'Age of the content',
  Configuration: 'Configuration like the primary\u2019s',
  Standby: 'The failover server serves the sites',
  DnsRecord: 'DNS records',
  DnsPermission: 'Permission to update DNS',
  Clock: 'Clocks',
  DiskSpace: 'Disk space',
  Task: 'Scheduled tasks',
  Heartbeat: 'The monitor',
};

/** One group for each check; groups that found something are open, and what passed is only counted. */
export function readinessHtml(results: readonly CheckResult[] | undefined): Html {
  if (results === undefined) return markup`<p>The checks were not made.</p>`;
  return markup`${checkNames.map((check) =>
    group(
      check,
      results.filter((one) => one.check === check),
    ),
  )}`;
}

function group(check: CheckName, results: readonly CheckResult[]): Html | undefined {
  if (results.length === 0) return undefined;
  const counts = outcomes
    .map((outcome) => ({ outcome, count: results.filter((one) => one.outcome === outcome).length }))
    .filter(({ count }) => count > 0);
  const found = results
    .filter(({ outcome }) => outcome !== 'Passed')
    .sort((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome));
  const heading = markup`<h3>${titles[check]}</h3>
    ${counts.map(({ outcome, count }) => markup`${badge(levels[outcome], `${count} ${outcome.toLowerCase()}`)} `)}`;
  if (found.length === 0) return markup`<div class="check">${heading}</div>`;
  const isOpen = found.some(({ outcome }) => outcome === 'Failed' || outcome === 'Warning');
  return markup`<details class="check" ${isOpen ? 'open' : ''} data-key="${check}">
    <summary>${heading}</summary>
    <ul>
      ${found.map(finding)}
    </ul>
  </details>`;
}

function finding({ outcome, site, message, remedy }: CheckResult): Html {
  return markup`<li>
    ${badge(levels[outcome], outcome)}
    ${
      site === undefined
        ? undefined
        : markup`<b><bdi>${site}</bdi></b
            >: `
    }<bdi>${message}</bdi>${remedy === '' ? undefined : markup` <p class="remedy"><bdi>${remedy}</bdi></p>`}
  </li>`;
}
