import type { ServerRole, SiteState } from '../model/state.ts';
import type { PartialSwitch, ReportServer, ReportSite } from './data.ts';

export interface SiteFacts {
  readonly name: string;
  readonly hostNames: readonly string[];
  readonly target: ServerRole | 'unknown';
  readonly addresses: readonly string[];
  /** What the state file has of it. */
  readonly state: SiteState;
  readonly now: Date;
}

/** A site as a report shows it. */
export function reportSite({ state, now, ...facts }: SiteFacts): ReportSite {
  const { primary, failover } = state.probes ?? {};
  const date = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  const lastProbe = [primary?.time, failover?.time]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const until = date(state.suspended?.until);
  return {
    ...facts,
    primary: reportServer(state, 'primary'),
    failover: reportServer(state, 'failover'),
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

function reportServer({ probes, health }: SiteState, role: ServerRole): ReportServer {
  const probe = probes?.[role];
  const seen = probe === undefined ? 'unknown' : probe.healthy ? 'up' : 'down';
  return {
    state: health?.[role]?.state ?? seen,
    error: probe?.error ?? null,
    latencyMs: probe?.latencyMs ?? null,
  };
}
