import { createHash } from 'node:crypto';
import type { FleetSite, SiteServer } from '../failover/fleet.ts';
import { leadingStandby } from '../failover/leading-standby.ts';
import { answerLatency, type Observation, savedProbe } from '../failover/observe.ts';
import { savedByServer, savedHealth } from '../failover/saved-health.ts';
import type { SiteView } from '../failover/site-decision.ts';
import type { Target } from '../failover/switch-plan.ts';
import { type Decision, nextHealth, type ServerHealth, unknownHealth } from '../health/index.ts';
import type { SiteState } from '../model/state.ts';
import type { ServerReport, SiteEvent } from './events.ts';

/** One of the servers of a site. */
export interface WatchedServer {
  readonly server: SiteServer;
  health: ServerHealth;
  /** The last check, and whether any has led to a state yet. */
  seen: Observation | undefined;
  known: boolean;
}

/** All that the continuous monitor holds of one site. */
export class WatchedSite {
  readonly site: FleetSite;
  /** Says whether settings that were read anew mean the same watching. */
  readonly fingerprint: string;
  readonly primary: WatchedServer;
  readonly standbys: readonly WatchedServer[];
  /** All of them. */
  readonly servers: readonly WatchedServer[];
  /** Ends the watching of this site. */
  readonly controller = new AbortController();
  /** Where its records pointed when they were last read; in shadow mode where they would point. */
  target: Target = 'unknown';
  server: string | undefined;
  /** The servers that its zones pointed to then, where they were several. */
  split: readonly string[] = [];
  /** The server that its records were seen to point to, which in shadow mode may be another. */
  seenServer: string | undefined;
  /** What the state file would hold in shadow mode, had its switches been made. */
  simulated: Pick<SiteState, 'lastSwitch' | 'flapping'> = {};
  /** Of the state file: what other commands write as well. */
  state: SiteState = {};
  /** Switches that failed in a row, and the monotonic time before which none is tried again. */
  failures = 0;
  notBefore = 0;
  /** Whether its records were read, or could not be, at least once. */
  asked = false;
  /** Id of the error that reading its records gave last. */
  readError: string | undefined;
  /** Time of its last failover by this monitor, monotonic. */
  failedOverAt = -Infinity;
  #reported = '';

  constructor(site: FleetSite, now: number) {
    const watched = (server: SiteServer): WatchedServer => ({
      server,
      health: unknownHealth(now),
      seen: undefined,
      known: false,
    });
    this.site = site;
    this.primary = watched(site.primary);
    this.standbys = site.standbys.map(watched);
    this.servers = [this.primary, ...this.standbys];
    this.fingerprint = fingerprintOf(site);
  }

  /** Takes a check into account. */
  observe(server: WatchedServer, seen: Observation, now: number): void {
    const { attempts, upAfter } = this.site.verification;
    const thresholds = { downAfter: attempts, upAfter };
    server.health = nextHealth(server.health, seen.health, thresholds, now, seen.attempts);
    server.seen = seen;
    server.known ||= server.health.state !== 'unknown';
  }

  /** What was seen before says nothing any more. */
  forget(now: number): void {
    for (const server of this.servers) server.health = unknownHealth(now);
  }

  view(now: Date): SiteView {
    const { site, server, split } = this;
    const state = { ...this.state, ...this.simulated };
    const standbys = this.standbys.map(({ health }) => health);
    return { site, server, split, primary: this.primary.health, standbys, state, now };
  }

  /**
   * True where a server's state or the reason is not what was last reported; then it counts as reported. While the
   * site is suspended its servers' states are no news.
   */
  isNews(decision: Decision): boolean {
    // Nothing is news before everything was seen once.
    if (!this.asked || this.servers.some(({ known }) => !known)) return false;
    const states = this.servers.map(({ health }) => health.state).join(' ');
    // What a failback waits for is for the administrator to act on, also where it is another reason now.
    const detail = decision.reason === 'FailbackGated' ? decision.message : decision.reason;
    const words = decision.reason === 'Suspended' ? decision.message : `${states} ${detail}`;
    if (words === this.#reported) return false;
    this.#reported = words;
    return true;
  }

  event(kind: SiteEvent['kind'], decision: Decision, time: Date): SiteEvent {
    const report = ({ server, health, seen }: WatchedServer): ServerReport => {
      return {
        server: server.name,
        state: health.state,
        error: seen?.result.error ?? seen?.result.warning ?? null,
        latencyMs: seen === undefined ? null : answerLatency(seen),
      };
    };
    const standbys = this.standbys.map(report);
    return {
      kind,
      time,
      site: this.site.name,
      target: this.target,
      server: this.server,
      primary: report(this.primary),
      failover: leadingStandby(standbys, this.server),
      standbys,
      decision,
      planned: undefined,
      result: undefined,
      error: undefined,
    };
  }

  /** For the state file; undefined before all servers were checked. */
  saved(): Partial<SiteState> | undefined {
    const probes = this.servers.flatMap(({ server, seen }) =>
      seen === undefined ? [] : [[server, savedProbe(seen)] as const],
    );
    if (probes.length < this.servers.length) return undefined;
    return {
      probes: savedByServer(probes),
      health: savedByServer(this.servers.map(({ server, health }) => [server, savedHealth(health)])),
    };
  }
}

/** A digest: thousands of sites are held for months. */
export function fingerprintOf(site: FleetSite): string {
  return createHash('sha256').update(JSON.stringify(site)).digest('base64');
}
