import { type FleetSite, type SiteServer, siteServers } from '../failover/fleet.ts';
import { leadingStandby } from '../failover/leading-standby.ts';
import { savedProbeOf, savedStateOf } from '../failover/saved-health.ts';
import type { ServerRole, SiteState } from '../model/state.ts';
import type { PartialSwitch, ReportServer, ReportSite } from './data.ts';

export interface SiteFacts {
  readonly site: FleetSite;
  readonly target: ServerRole | 'unknown';
  readonly server: string | undefined;
  readonly addresses: readonly string[];
  /** What the state file has of it. */
  readonly state: SiteState;
  readonly now: Date;
}

/** A site as a report shows it. */
export function reportSite({ site, state, now, ...facts }: SiteFacts): ReportSite {
  const date = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  const lastProbe = siteServers(site)
    .flatMap((server) => savedProbeOf(state, site, server)?.time ?? [])
    .sort()
    .at(-1);
  const standbys = site.standbys.map((server) => reportServer(state, site, server));
  const until = date(state.suspended?.until);
  return {
    ...facts,
    name: site.name,
    hostNames: site.hostNames,
    primary: reportServer(state, site, site.primary),
    failover: leadingStandby(standbys, facts.server),
    standbys,
    partial: partialSwitch(state),
    forced: state.forced,
    suspendedUntil: until !== undefined && until > now ? until : undefined,
    lastProbe: date(lastProbe),
    lastSwitch: date(state.lastSwitch),
    lastBackup: date(state.lastBackup),
    lastRestore: date(state.lastRestore),
    lastCopy: date(state.lastCopy),
  };
}

function partialSwitch({ pending, unconfirmed = [] }: SiteState): PartialSwitch | undefined {
  if (pending !== undefined) return { missing: 'zones' };
  if (unconfirmed.length === 0) return undefined;
  return { missing: 'nameServers', servers: [...new Set(unconfirmed.flatMap(({ servers }) => servers))] };
}

function reportServer(state: SiteState, site: FleetSite, server: SiteServer): ReportServer {
  const probe = savedProbeOf(state, site, server);
  const seen = probe === undefined ? 'unknown' : probe.healthy ? 'up' : 'down';
  return {
    server: server.name,
    state: savedStateOf(state, site, server) ?? seen,
    error: probe?.error ?? null,
    latencyMs: probe?.latencyMs ?? null,
  };
}
