import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { siteState } from '../edge/state.ts';
import { countSuccesses, decide, type Decision, type Prober } from '../health/index.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
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
  return Promise.all(
    sites.map(async (site) => {
      const [records, primary, failover] = await Promise.all([
        recordsOf(site, context),
        look(site, 'primary'),
        look(site, 'failover'),
      ]);
      return decideRound(site, records, primary, failover, context);
    }),
  );
}

async function recordsOf(site: FleetSite, context: RoundContext): Promise<SiteRecords | FailoverError> {
  try {
    return await readRecords(site, context.loaded, context.provider, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    return toFailoverError(error, site.name);
  }
}

function decideRound(
  site: FleetSite,
  records: SiteRecords | FailoverError,
  primary: Observation,
  failover: Observation,
  { state, loaded }: RoundContext,
): SiteRound {
  const before = siteState(state, site.name);
  const { failback, failbackAfter } = loaded.settings.monitor ?? {};
  const target = 'target' in records && 'zones' in records ? records.target : 'unknown';
  const primarySuccesses = countSuccesses(before.primarySuccesses ?? 0, primary.health);
  const decision = decide({
    target,
    primary: primary.health,
    failover: failover.health,
    forced: before.forced ?? 'none',
    failback: { mode: failback ?? 'automatic', after: failbackAfter ?? 1 },
    primarySuccesses,
  });
  const round = { site: site.name, target, primary, failover, primarySuccesses, decision };
  if (!('zones' in records)) return { ...round, planned: undefined, error: records };
  if (decision.action === 'none') return { ...round, planned: undefined, error: undefined };
  try {
    const to = decision.action === 'failover' ? 'failover' : 'primary';
    return { ...round, planned: planSiteSwitch(site, to, records, state, loaded), error: undefined };
  } catch (error) {
    return { ...round, planned: undefined, error: toFailoverError(error, site.name) };
  }
}
