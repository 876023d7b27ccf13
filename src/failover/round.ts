import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { siteState } from '../edge/state.ts';
import {
  afterFailover,
  type Decision,
  nextHealth,
  type Prober,
  type Reach,
  type ServerHealth,
} from '../health/index.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { SiteState, State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { FailbackGate } from './failback-gate.ts';
import { type FleetSite, type SiteServer, siteServer } from './fleet.ts';
import { massFailure, ReferenceTargets } from './guards.ts';
import { type MonitorPolicy, monitorPolicy, sitePolicies } from './monitor-policy.ts';
import { observe, type Observation, probeQueue, savedProbe } from './observe.ts';
import { flapHistoryOf, savedByServer, savedFlapping, savedHealth, savedHealthOf } from './saved-health.ts';
import { decideSite } from './site-decision.ts';
import {
  planSiteSwitch,
  readRecords,
  type SiteRecords,
  type SiteSwitch,
  type Target,
} from './switch-plan.ts';

/** What a round saw of one server for a site, and what it holds of it now. */
export interface ServerSeen extends Observation {
  readonly server: SiteServer;
  readonly held: ServerHealth;
}

/** What one round of the monitor saw and decided for one site. */
export interface SiteRound {
  readonly site: string;
  readonly settings: FleetSite;
  readonly target: Target;
  /** Name of the server that its records point to. */
  readonly server: string | undefined;
  readonly primary: ServerSeen;
  /** In the order of the site's failover servers. */
  readonly standbys: readonly ServerSeen[];
  readonly decision: Decision;
  /** Set where the decision is to switch and the plan was not refused. */
  readonly planned: SiteSwitch | undefined;
  /** The records could not be read, or the switch was refused. */
  readonly error: FailoverError | undefined;
}

export interface RoundContext {
  readonly loaded: LoadedSettings;
  readonly provider: DnsProvider;
  readonly prober: Prober;
  readonly reach: Reach;
  readonly state: State;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gate?: FailbackGate;
}

/** A site that was decided on but not planned yet. */
interface SiteSeen {
  readonly site: FleetSite;
  readonly records: SiteRecords | FailoverError;
  readonly round: Omit<SiteRound, 'planned' | 'error'>;
}

/** Observes all sites at the same time and decides on each; changes nothing. */
export async function planRound(sites: readonly FleetSite[], context: RoundContext): Promise<SiteRound[]> {
  const queue = probeQueue();
  const { loaded, prober, clock, signal } = context;
  const policyOf = sitePolicies(loaded.settings.monitor, 'round');
  const references = new ReferenceTargets(
    loaded.settings.monitor?.referenceTargets ?? [],
    context.reach,
    clock,
  );
  const look = async (site: FleetSite, server: SiteServer): Promise<ServerSeen> => {
    const seen = await observe(queue, prober, site, server.addresses, clock, signal);
    const doubt = seen.health === 'down' ? await references.doubt(server.name, signal) : undefined;
    const believed: Observation =
      doubt === undefined ? seen : { ...seen, health: 'unknown', result: { ...seen.result, error: doubt } };
    return { ...believed, server, held: held(site, server, believed, context) };
  };
  const seen = await Promise.all(
    sites.map(async (site): Promise<SiteSeen> => {
      const [records, primary, ...standbys] = await Promise.all([
        recordsOf(site, context),
        look(site, site.primary),
        ...site.standbys.map((standby) => look(site, standby)),
      ]);
      return decideOn(site, records, primary, standbys, policyOf(site), context);
    }),
  );
  const guarded = guardMass(seen, monitorPolicy(loaded.settings.monitor, 'round'));
  const leaving = new Set(
    guarded
      .filter(({ round }) => round.decision.action === 'failback')
      .map(({ site }) => site.name.toLowerCase()),
  );
  return guarded.map((one) => planSite(one, leaving, context));
}

/** A failure was verified: it stands for as many checks as that took. */
function held(
  site: FleetSite,
  server: SiteServer,
  seen: Observation,
  { state, clock }: RoundContext,
): ServerHealth {
  const now = clock.now().getTime();
  const before = savedHealthOf(siteState(state, site.name), site, server, now);
  const { attempts, upAfter } = site.verification;
  const times = seen.health === 'down' ? seen.attempts : 1;
  return nextHealth(before, seen.health, { downAfter: attempts, upAfter }, now, times);
}

async function recordsOf(site: FleetSite, context: RoundContext): Promise<SiteRecords | FailoverError> {
  try {
    return await readRecords(site, context.loaded, context.provider, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    return toFailoverError(error, site.name);
  }
}

const unread = { target: 'unknown', server: undefined, split: [] } as const;

async function decideOn(
  site: FleetSite,
  records: SiteRecords | FailoverError,
  primary: ServerSeen,
  standbys: readonly ServerSeen[],
  policy: MonitorPolicy,
  { state, clock, gate, signal }: RoundContext,
): Promise<SiteSeen> {
  const { target, server, split } = records instanceof FailoverError ? unread : records;
  const view = {
    site,
    server,
    split,
    primary: primary.held,
    standbys: standbys.map((standby) => standby.held),
    state: siteState(state, site.name),
    now: clock.now(),
  };
  const decision = await decideSite(view, policy, gate, signal);
  return {
    site,
    records,
    round: { site: site.name, settings: site, target, server, primary, standbys, decision },
  };
}

function guardMass(seen: readonly SiteSeen[], policy: MonitorPolicy): SiteSeen[] {
  const isFailing = ({ round }: SiteSeen): boolean => round.decision.reason === 'PrimaryDown';
  const refusal = massFailure(
    seen.filter(isFailing).map(({ site }) => site.primary.name),
    seen.map(({ site }) => site.primary.name),
    policy.mass,
  );
  if (refusal === undefined) return [...seen];
  const decision: Decision = { action: 'none', reason: 'MassFailure', message: refusal };
  return seen.map((one) => (isFailing(one) ? { ...one, round: { ...one.round, decision } } : one));
}

function planSite(
  { site, records, round }: SiteSeen,
  leaving: ReadonlySet<string>,
  { state, loaded }: RoundContext,
): SiteRound {
  const suspended = round.decision.reason === 'Suspended'; // Then nothing about the site is an alert.
  if (records instanceof FailoverError && !suspended) return { ...round, planned: undefined, error: records };
  const to = siteServer(site, round.decision.to);
  if (records instanceof FailoverError || to === undefined) {
    const [unreadable] = records instanceof FailoverError || suspended ? [] : records.unreadable;
    return { ...round, planned: undefined, error: unreadable?.error };
  }
  try {
    const planned = planSiteSwitch(site, to, records, state, loaded, leaving);
    return { ...round, planned, error: undefined };
  } catch (error) {
    return { ...round, planned: undefined, error: toFailoverError(error, site.name) };
  }
}

/** What the next round and Get-FailoverSite need to know of what this one saw. */
export function stateSeen({ primary, standbys }: SiteRound): Partial<SiteState> {
  const all = [primary, ...standbys];
  return {
    probes: savedByServer(all.map((seen) => [seen.server, savedProbe(seen)])),
    health: savedByServer(all.map(({ server, held }) => [server, savedHealth(held)])),
  };
}

/** What is to be remembered of automatic failovers that were made. */
export function stateSwitched(
  before: SiteState,
  policy: MonitorPolicy,
  now: Date,
): Pick<SiteState, 'flapping'> {
  return { flapping: savedFlapping(afterFailover(flapHistoryOf(before), policy.flap, now.getTime())) };
}
