import { readIfPresent, replaceFile, sha256 } from '../edge/files.ts';
import { readPageAssets } from '../edge/report-assets.ts';
import { failure } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import { conditionOf } from '../report/data.ts';
import { renderPage } from '../report/page.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { gatherReport, type ReportRequest } from './support/report.ts';

interface ReportPlan extends Plan {
  readonly path: string;
  readonly request: ReportRequest;
  /** Hash of the file that is replaced; null where there is none. */
  readonly expected: string | null;
}

const defaultDays = 7;
const dayMs = 86_400_000;

export const exportFailoverReport = change({
  kind: 'change',
  verb: 'Export',
  noun: 'FailoverReport',
  synopsis: 'Writes a page that shows the state of every site, its history, readiness and latency.',
  description: [
    'One HTML file that needs nothing else: it asks no server for anything and can be mailed or archived. It shows what ' +
      'Get-FailoverSite, Get-FailoverEvent and Test-FailoverReadiness show, and how long the servers took to answer ' +
      'the monitor.',
    'The history and the latencies are those of the logs of this server: run it on the monitoring server. Times are in ' +
      'UTC. Invoke-FailoverMonitor -Continuous -DashboardAddress serves the same page live.',
    'The page names sites, servers, addresses and errors, and no secrets.',
  ],
  parameters: {
    Path: { type: 'path', mandatory: true, position: 0, help: 'The file to write.' },
    Name: { ...nameParameter('Sites of the report.', 'All sites of the settings.'), position: 1 },
    Since: { type: 'datetime', help: 'Where the history begins.', defaultText: '7 days ago.' },
    Password: {
      type: 'securestring',
      help: 'The password of the backups, for the check of the configuration.',
      defaultText: 'The secret that the setting backup.password refers to.',
    },
    NoReadiness: { type: 'switch', help: 'Leaves the checks of readiness out, which probe the servers.' },
    Force: { type: 'switch', help: 'Replaces a file that exists.' },
  },
  output: output(
    'IisFailover.Report',
    {
      Path: { type: 'string', help: 'The file.' },
      SiteCount: { type: 'int', help: 'The sites in it.' },
      AttentionCount: { type: 'int', help: 'Those that are down, without a standby or not known.' },
      FailedCheckCount: { type: 'int', help: 'Checks of readiness that failed; empty where none were made.' },
      EventCount: { type: 'int', help: 'The events in it.' },
      Length: { type: 'long', help: 'Its size in bytes.' },
    },
    [
      { property: 'SiteCount', width: 9, align: 'Right' },
      { property: 'AttentionCount', width: 14, align: 'Right' },
      { property: 'FailedCheckCount', width: 16, align: 'Right' },
      { property: 'Path' },
    ],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: 'A report of the last week',
      code: 'Export-FailoverReport -Path .\\report.html -SettingsPath .\\failover.json',
      explanation: 'Open report.html with any browser.',
    },
    {
      title: 'Each morning, over the report of the day before',
      code:
        'Export-FailoverReport -Path .\\today.html -Since ([datetime]::Now.AddDays(-1)) -Force ' +
        '-SettingsPath .\\failover.json | Where-Object AttentionCount -gt 0',
      explanation: 'Gives an object only where a site needs attention, for a script that mails the file.',
    },
  ],
  related: ['Get-FailoverSite', 'Get-FailoverEvent', 'Test-FailoverReadiness', 'Invoke-FailoverMonitor'],

  async plan(parameters, context): Promise<ReportPlan> {
    const path = parameters.Path;
    const existing = await readIfPresent(path);
    if (existing !== undefined && parameters.Force !== true)
      throw failure('ReportExists', { path }, { target: path });
    const now = context.clock.now();
    const since = parameters.Since ?? new Date(now.getTime() - defaultDays * dayMs);
    if (since >= now)
      throw failure('ParameterInvalid.since', { since: since.toISOString() }, { target: 'Since' });
    await context.settings();
    return {
      steps: [{ id: path, target: path, action: 'Write a report' }],
      path,
      request: {
        names: parameters.Name,
        since,
        password: parameters.Password,
        checks: parameters.NoReadiness !== true,
      },
      expected: existing === undefined ? null : sha256(existing),
    };
  },

  async *apply(approved, { path, request, expected }, context) {
    if (approved.length === 0) return;
    const data = await gatherReport(request, await context.settings(), context);
    const page = renderPage(data, await readPageAssets());
    await replaceFile(path, page, { expected, mode: 0o640 });
    for (const words of data.warnings) context.warning(words);
    const levels = data.sites.map((site) => conditionOf(site).level);
    yield {
      Path: path,
      SiteCount: data.sites.length,
      AttentionCount: levels.filter((level) => level === 'critical' || level === 'warning').length,
      FailedCheckCount: data.readiness?.filter(({ outcome }) => outcome === 'Failed').length ?? null,
      EventCount: data.events.length,
      Length: Buffer.byteLength(page),
    };
  },
});
