import { LogTail } from '../../edge/log-tail.ts';
import { readState, siteState } from '../../edge/state.ts';
import { type FleetSite, serversOf } from '../../failover/fleet.ts';
import type { SiteRecords } from '../../failover/switch-plan.ts';
import type { CheckResult } from '../../readiness/index.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import type { ServerRole } from '../../model/state.ts';
import type { Secret } from '../../model/secret.ts';
import type { ReportData } from '../../report/data.ts';
import { isQuietRound, ReportHistory } from '../../report/history.ts';
import { LatencyHistory } from '../../report/latency.ts';
import { reportSite } from '../../report/site.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { stateFolder } from './places.ts';
import { readinessChecks } from './readiness.ts';
import { addressesIn, recordsOfSites } from './site-records.ts';
import { chosenSites } from './switching.ts';
import { escapeWildcards } from './wildcard.ts';

/** Events of a page. */
const mostEvents = 500;

export interface ReportRequest {
  readonly names: readonly string[] | undefined;
  readonly since: Date;
  readonly password: Secret | undefined;
  /** False leaves the checks of readiness out: they probe servers. */
  readonly checks: boolean;
}

/** Everything for a report, as it is now. Changes nothing. */
export async function gatherReport(
  request: ReportRequest,
  loaded: LoadedSettings,
  context: CommandContext,
): Promise<ReportData> {
  const sites = chosenSites(request.names, loaded, context);
  const warnings: string[] = [];
  const now = context.clock.now();
  const history = reportHistory(sites, request.since, now);
  await new LogTail(stateFolder(context, loaded)).read((entry) => history.add(entry));
  const records = await readNow(sites, loaded, context, (words) => warnings.push(words));
  const readiness = request.checks ? await checkNow(sites, request.password, context) : undefined;
  return {
    ...(await reportNow(sites, records, loaded, context)),
    ...history.events(),
    since: request.since,
    readiness,
    latency: history.latency.series(namesOf(sites), now),
    warnings,
  };
}

/** The state of the sites, from their records and from the state file. */
export async function reportNow(
  sites: readonly FleetSite[],
  records: readonly (SiteRecords | undefined)[],
  loaded: LoadedSettings,
  context: CommandContext,
): Promise<Pick<ReportData, 'generated' | 'servers' | 'sites'>> {
  const state = await readState(stateFolder(context, loaded));
  const now = context.clock.now();
  return {
    generated: now,
    servers: serverNames(loaded),
    sites: sites.map((site, index) =>
      reportSite({
        site,
        target: records[index]?.target ?? 'unknown',
        server: records[index]?.server,
        addresses: addressesIn(records[index]),
        state: siteState(state, site.name),
        now,
      }),
    ),
  };
}

/** The names of the servers by their role, for the head of a page. */
export function serverNames(loaded: LoadedSettings): ReportData['servers'] {
  const names = (role: ServerRole) => serversOf(loaded, role).map(({ name }) => name);
  return { primary: names('primary'), failover: names('failover') };
}

/** Takes events of these sites, and those of no site. */
export function reportHistory(sites: readonly FleetSite[], since: Date, now: Date): ReportHistory {
  const keys = new Set(sites.map(({ name }) => nameKey(name)));
  const latency = new LatencyHistory(Math.max(60_000, now.getTime() - since.getTime()), sites.length);
  return new ReportHistory(
    latency,
    mostEvents,
    (entry) =>
      entry.time >= since &&
      !isQuietRound(entry) &&
      (entry.site === undefined || keys.has(nameKey(entry.site))),
  );
}

/** The records of the sites; a DNS server that does not answer is one warning. */
export async function readNow(
  sites: readonly FleetSite[],
  loaded: LoadedSettings,
  context: CommandContext,
  warn: (words: string) => void,
): Promise<(SiteRecords | undefined)[]> {
  try {
    return await Promise.all(await recordsOfSites(sites, loaded, context, warn));
  } catch (error) {
    context.signal.throwIfAborted();
    warn(toFailoverError(error).message);
    return sites.map(() => undefined);
  }
}

/** The results of all checks of readiness. */
export async function checkNow(
  sites: readonly FleetSite[],
  password: Secret | undefined,
  context: CommandContext,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const request = { Name: namesOf(sites).map(escapeWildcards), Password: password };
  for await (const one of readinessChecks(request, () => true, context)) results.push(one);
  return results;
}

export function namesOf(sites: readonly FleetSite[]): string[] {
  return sites.map(({ name }) => name);
}
