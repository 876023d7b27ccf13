import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from '../../build/bundle.ts';
import type { ReportData, ReportServer, ReportSite } from '../../src/report/data.ts';
import { LatencyHistory } from '../../src/report/latency.ts';
import type { PageAssets } from '../../src/report/page.ts';
import { result } from '../../src/readiness/index.ts';

export const now = new Date('2026-03-01T12:00:00Z');
const minutes = (count: number): Date => new Date(now.getTime() - count * 60_000);

export const up: ReportServer = { server: 'WEB02', state: 'up', error: null, latencyMs: 12 };
export const down: ReportServer = {
  server: 'WEB02',
  state: 'down',
  error: 'The server refused the connection',
  latencyMs: null,
};

export function site(name: string, facts: Partial<ReportSite> = {}): ReportSite {
  return {
    name,
    hostNames: [name, `www.${name}`],
    target: 'primary',
    server: 'WEB01',
    addresses: ['10.1.1.1'],
    primary: up,
    failover: up,
    partial: undefined,
    standbys: [facts.failover ?? up],
    forced: undefined,
    suspendedUntil: undefined,
    lastProbe: minutes(3),
    lastSwitch: undefined,
    lastBackup: minutes(400),
    lastRestore: minutes(370),
    lastCopy: minutes(200),
    ...facts,
  };
}

/** A fleet in which each sort of trouble occurs, with two days of history. */
export function fleet(count: number): ReportData {
  const sites = Array.from({ length: count }, (_, index) => {
    const name = `site${index + 1}.example.com`;
    if (index % 50 === 3) return site(name, { target: 'failover', primary: down, lastSwitch: minutes(90) });
    if (index % 50 === 7) return site(name, { failover: down });
    if (index % 200 === 11) return site(name, { primary: down, failover: down });
    if (index % 200 === 13) return site(name, { target: 'unknown', addresses: [] });
    if (index % 200 === 17)
      return site(name, { forced: 'primary', suspendedUntil: new Date('2026-03-01T14:00:00Z') });
    return site(name);
  });
  const latency = new LatencyHistory(48 * 3_600_000, count);
  for (const [index, { name }] of sites.entries())
    for (let hour = 0; hour < 48; hour++) {
      const wave = 30 + 20 * Math.sin((hour + index) / 4) + (index % 17);
      latency.add(name, 'primary', minutes(hour * 60), wave);
      if (hour > 3) latency.add(name, 'failover', minutes(hour * 60), wave / 2 + 10);
    }
  const kinds = ['backup', 'transition', 'copy', 'switch', 'restore', 'error'];
  return {
    generated: now,
    since: minutes(48 * 60),
    servers: { primary: ['WEB01'], failover: ['WEB02'] },
    sites,
    events: Array.from({ length: 60 }, (_, index) => ({
      time: minutes((60 - index) * 47),
      site: sites[index % sites.length]?.name,
      command: 'Invoke-FailoverMonitor',
      event: kinds[index % kinds.length]!,
      message: `${sites[index % sites.length]?.name}: what happened, in a sentence of some length`,
    })),
    olderEvents: 12,
    readiness: sites
      .flatMap(({ name }, index) => [
        result('BackupAge', name, 'Passed', 'The backup is 6 hours old'),
        index % 20 === 5
          ? result(
              'Standby',
              name,
              'Failed',
              'The failover server does not serve it: HTTP 503',
              'Start its pool.',
            )
          : result('Standby', name, 'Passed', 'The failover server serves it'),
      ])
      .concat(result('Task', undefined, 'Skipped', 'This server has no tasks')),
    latency: latency.series(
      sites.map(({ name }) => name),
      now,
    ),
    warnings: [],
  };
}

export const noAssets: PageAssets = { script: '', style: '' };

/** The script and the style sheet of the page, as the build makes them. */
export async function pageAssets(): Promise<PageAssets> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-page-'));
  try {
    await bundlePage(folder);
    return {
      script: await readFile(join(folder, 'report-page.js'), 'utf8'),
      style: await readFile(join(folder, 'report-page.css'), 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
