import {
  decide,
  type Decision,
  isLockedOut,
  isWindowOpen,
  type ServerHealth,
  type Suspension,
} from '../health/index.ts';
import type { SiteState } from '../model/state.ts';
import { cannotTell, type FailbackGate } from './failback-gate.ts';
import type { FleetSite } from './fleet.ts';
import type { MonitorPolicy } from './monitor-policy.ts';
import { flapHistoryOf } from './saved-health.ts';
import type { Target } from './switch-plan.ts';

/** What is known of a site when it is decided on. */
export interface SiteView {
  readonly site: FleetSite;
  readonly target: Target;
  /** Its zones do not all point to the same server. */
  readonly split: boolean;
  readonly primary: ServerHealth;
  readonly failover: ServerHealth;
  readonly state: SiteState;
  readonly now: Date;
}

/** The decision of the state table; a gate is asked only where an automatic failback would follow. */
export async function decideSite(
  view: SiteView,
  policy: MonitorPolicy,
  gate: FailbackGate | undefined,
  signal: AbortSignal,
): Promise<Decision> {
  const decision = decideWith(view, policy, undefined);
  if (gate === undefined || decision.action !== 'failback' || decision.reason === 'Forced') return decision;
  if (view.failover.state === 'down') return decision;
  return decideWith(view, policy, await closedGate(gate, view.site, signal));
}

async function closedGate(
  gate: FailbackGate,
  site: FleetSite,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await gate.closed(site, signal);
  } catch (error) {
    signal.throwIfAborted();
    return cannotTell(error, site.name);
  }
}

/**
 * The same without its gate. Where a switch of ours changed only some of the zones, what is decided is what would be
 * if it had changed none, so that it is made again and completed; where that is no switch any more, what would be if
 * it had changed all, so that it is undone. What is said then is what is said of a site on the failover server.
 */
export function decideWith(view: SiteView, policy: MonitorPolicy, gate: string | undefined): Decision {
  const { pending } = view.state;
  if (!view.split || pending === undefined) return decideAt(view.target, view, policy, gate);
  const from = pending === 'failover' ? 'primary' : 'failover';
  const again = decideAt(from, view, policy, gate);
  const back = decideAt(pending, view, policy, gate);
  if (again.action !== 'none') return again;
  return back.action !== 'none' || pending === 'failover' ? back : again;
}

function decideAt(target: Target, view: SiteView, policy: MonitorPolicy, gate: string | undefined): Decision {
  const { primary, failover, state, now } = view;
  const { lastSwitch } = state;
  return decide({
    target,
    primary,
    failover,
    suspended: suspensionOf(state),
    forced: state.forced ?? 'none',
    now: now.getTime(),
    lastSwitch: lastSwitch === undefined ? undefined : Date.parse(lastSwitch),
    lockedOut: isLockedOut(flapHistoryOf(state), policy.flap, now.getTime()),
    policy: policy.switching,
    windowOpen: policy.window === undefined || isWindowOpen(policy.window, now),
    gate,
  });
}

function suspensionOf({ suspended }: SiteState): Suspension | undefined {
  return suspended && { until: Date.parse(suspended.until), reason: suspended.reason };
}

/** The maintenance window that is open at this moment. */
export function openSuspension(state: SiteState, now: Date): Suspension | undefined {
  const suspension = suspensionOf(state);
  return suspension !== undefined && now.getTime() < suspension.until ? suspension : undefined;
}
