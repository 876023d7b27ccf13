import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { siteState } from '../edge/state.ts';
import { countSuccesses, decide, type Decision, type Prober } from '../health/index.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type FleetSite, serverOf } from './fleet.ts';
import { observe, type Observation, probeQueue } from './observe.ts';
import {
  planSiteSwitch,
  readRecords,
  type SiteRecords,
  type SiteSwitch,
  type Target,
} from './switch-plan.ts';

/** What one round of the monitor saw and decided for one site. */
export interface SiteRound {
  readonly site: string;
  readonly target: Target;
  readonly primary: Observation;
  readonly failover: Observation;
  readonly primarySuccesses: number;
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
  readonly state: State;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Observes all sites at the same time and decides on each; changes nothing. */
export async function planRound(sites: readonly FleetSite[], context: RoundContext): Promise<SiteRound[]> {
  const queue = probeQueue();
  const { loaded, prober, clock, signal } = context;
  const look = (site: FleetSite, role: 'primary' | 'failover'): Promise<Observation> =>
    observe(queue, prober, site, serverOf(loaded, role).addresses, clock, signal);
  const seen = await Promise.all(
    sites.map(async (site): Promise<SiteSeen> => {
      const [records, primary, failover] = await Promise.all([
        recordsOf(site, context),
        look(site, 'primary'),
        look(site, 'failover'),
      ]);
      return decideSite(site, records, primary, failover, context);
    }),
  );
  const leaving = new Set(
    seen
      .filter(({ round }) => round.decision.action === 'failback')
      .map(({ site }) => site.name.toLowerCase()),
  );
  return seen.map((one) => planSite(one, leaving, context));
}

/** A site that was decided on but not planned yet. */
interface SiteSeen {
  readonly site: FleetSite;
  readonly records: SiteRecords | FailoverError;
  readonly round: Omit<SiteRound, 'planned' | 'error'>;
}

async function recordsOf(site: FleetSite, context: RoundContext): Promise<SiteRecords | FailoverError> {
  try {
    return await readRecords(site, context.loaded, context.provider, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    return toFailoverError(error, site.name);
  }
}

function decideSite(
  site: FleetSite,
  records: SiteRecords | FailoverError,
  primary: Observation,
  failover: Observation,
  { state, loaded }: RoundContext,
): SiteSeen {
  const before = siteState(state, site.name);
  const { failback, failbackAfter } = loaded.settings.monitor ?? {};
  const target = records instanceof FailoverError ? 'unknown' : records.target;
  const primarySuccesses = countSuccesses(before.primarySuccesses ?? 0, primary.health);
  const decision = decide({
    target,
    primary: primary.health,
    failover: failover.health,
    forced: before.forced ?? 'none',
    failback: { mode: failback ?? 'automatic', after: failbackAfter ?? 1 },
    primarySuccesses,
  });
  return { site, records, round: { site: site.name, target, primary, failover, primarySuccesses, decision } };
}

function planSite(
  { site, records, round }: SiteSeen,
  leaving: ReadonlySet<string>,
  { state, loaded }: RoundContext,
): SiteRound {
  if (records instanceof FailoverError) return { ...round, planned: undefined, error: records };
  if (round.decision.action === 'none') return { ...round, planned: undefined, error: undefined };
  try {
    const to = round.decision.action === 'failover' ? 'failover' : 'primary';
    const planned = planSiteSwitch(site, to, records, state, loaded, leaving);
    return { ...round, planned, error: undefined };
  } catch (error) {
    return { ...round, planned: undefined, error: toFailoverError(error, site.name) };
  }
}
