import { createHash } from 'node:crypto';
import { type FleetSite, serverOf } from '../failover/fleet.ts';
import { answerLatency, type Observation, savedProbe } from '../failover/observe.ts';
import { savedHealth } from '../failover/saved-health.ts';
import type { SiteView } from '../failover/site-decision.ts';
import type { Target } from '../failover/switch-plan.ts';
import { type Decision, nextHealth, type ServerHealth, unknownHealth } from '../health/index.ts';
import type { ServerRole, SiteState } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { SiteEvent } from './events.ts';

interface WatchedServer {
  readonly name: string;
  readonly addresses: readonly string[];
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
  readonly servers: Readonly<Record<ServerRole, WatchedServer>>;
  /** Ends the watching of this site. */
  readonly controller = new AbortController();
  /** Where its records pointed when they were last read; in shadow mode where they would point. */
  target: Target = 'unknown';
  /** Its zones did not all point to the same server then. */
  split = false;
  /** Where its records were seen to point, which in shadow mode may be elsewhere. */
  seenTarget: Target = 'unknown';
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

  constructor(site: FleetSite, loaded: LoadedSettings, now: number) {
    const watched = (role: ServerRole): WatchedServer => {
      const { name, addresses } = serverOf(loaded, role);
      return { name, addresses, health: unknownHealth(now), seen: undefined, known: false };
    };
    this.site = site;
    this.servers = { primary: watched('primary'), failover: watched('failover') };
    this.fingerprint = fingerprintOf(site, loaded);
  }

  /** Takes a check into account. */
  observe(role: ServerRole, seen: Observation, now: number): void {
    const server = this.servers[role];
    const { attempts, upAfter } = this.site.verification;
    server.health = nextHealth(server.health, seen.health, { downAfter: attempts, upAfter }, now);
    server.seen = seen;
    server.known ||= server.health.state !== 'unknown';
  }

  /** What was seen before says nothing any more. */
  forget(now: number): void {
    for (const role of ['primary', 'failover'] as const) this.servers[role].health = unknownHealth(now);
  }

  view(now: Date): SiteView {
    const { primary, failover } = this.servers;
    const { site, target, split } = this;
    const state = { ...this.state, ...this.simulated };
    return { site, target, split, primary: primary.health, failover: failover.health, state, now };
  }

  /**
   * True where a server's state or the reason is not what was last reported; then it counts as reported. While the
   * site is suspended its servers' states are no news.
   */
  isNews(decision: Decision): boolean {
    const { primary, failover } = this.servers;
    // Nothing is news before everything was seen once.
    if (!primary.known || !failover.known || !this.asked) return false;
    const states = `${primary.health.state} ${failover.health.state}`;
    // What a failback waits for is for the administrator to act on, also where it is another reason now.
    const detail = decision.reason === 'FailbackGated' ? decision.message : decision.reason;
    const words = decision.reason === 'Suspended' ? decision.message : `${states} ${detail}`;
    if (words === this.#reported) return false;
    this.#reported = words;
    return true;
  }

  event(kind: SiteEvent['kind'], decision: Decision, time: Date): SiteEvent {
    const report = (role: ServerRole) => {
      const { health, seen } = this.servers[role];
      return {
        state: health.state,
        error: seen?.result.error ?? seen?.result.warning ?? null,
        latencyMs: seen === undefined ? null : answerLatency(seen),
      };
    };
    return {
      kind,
      time,
      site: this.site.name,
      target: this.target,
      primary: report('primary'),
      failover: report('failover'),
      decision,
      planned: undefined,
      result: undefined,
      error: undefined,
    };
  }

  /** For the state file; undefined before both servers were checked. */
  saved(): Partial<SiteState> | undefined {
    const { primary, failover } = this.servers;
    if (primary.seen === undefined || failover.seen === undefined) return undefined;
    return {
      probes: { primary: savedProbe(primary.seen), failover: savedProbe(failover.seen) },
      health: { primary: savedHealth(primary.health), failover: savedHealth(failover.health) },
    };
  }
}

/** A digest: thousands of sites are held for months. */
export function fingerprintOf(site: FleetSite, loaded: LoadedSettings): string {
  const text = JSON.stringify([site, serverOf(loaded, 'primary'), serverOf(loaded, 'failover')]);
  return createHash('sha256').update(text).digest('base64');
}
