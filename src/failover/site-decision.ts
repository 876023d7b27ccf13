import {
  type Contender,
  decide,
  type Decision,
  isLockedOut,
  isWindowOpen,
  type ServerHealth,
  type Suspension,
} from '../health/index.ts';
import type { SiteState } from '../model/state.ts';
import { cannotTell, type FailbackGate } from './failback-gate.ts';
import { type FleetSite, type SiteServer, siteServer } from './fleet.ts';
import type { MonitorPolicy } from './monitor-policy.ts';
import { flapHistoryOf } from './saved-health.ts';

/** What is known of a site when it is decided on. */
export interface SiteView {
  readonly site: FleetSite;
  /** Name of the server that its records point to; undefined where they are unread, mixed or elsewhere. */
  readonly server: string | undefined;
  /** The servers that its zones point to, where they are several of the site's. */
  readonly split: readonly string[];
  readonly primary: ServerHealth;
  /** In the order of the site's failover servers. */
  readonly standbys: readonly ServerHealth[];
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
  const own = view.site.standbys.findIndex(({ name }) => name === view.server);
  if (view.standbys[own]?.state === 'down') return decision;
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
  const pending = pendingOf(view);
  if (pending === undefined) return decideAt(view.server, view, policy, gate);
  const { primary } = view.site;
  const others = view.split.filter((name) => name !== pending.name);
  const from = others.includes(primary.name) ? primary.name : others[0];
  const again = decideAt(from, view, policy, gate);
  const back = decideAt(pending.name, view, policy, gate);
  if (again.action !== 'none') return again;
  // From one failover server to another: the first may serve again, but a site is to be on one of them.
  if (from !== primary.name && back.reason === 'ServedByFailover')
    return { ...back, action: 'failover', to: pending.name, reason: 'SwitchIncomplete' };
  return back.action !== 'none' || pending.role === 'failover' ? back : again;
}

/** Where a switch of ours that is half made was to lead; older versions saved its role alone. */
function pendingOf({ site, split, state }: SiteView): SiteServer | undefined {
  if (split.length === 0 || state.pending === undefined) return undefined;
  const named = siteServer(site, state.pendingServer);
  return named ?? (state.pending === 'primary' ? site.primary : site.standbys[0]);
}

function decideAt(
  at: string | undefined,
  view: SiteView,
  policy: MonitorPolicy,
  gate: string | undefined,
): Decision {
  const { site, state, now } = view;
  const contender = ({ name, label }: SiteServer, health: ServerHealth): Contender => ({
    name,
    label,
    health,
  });
  const { lastSwitch } = state;
  return decide({
    at,
    primary: contender(site.primary, view.primary),
    standbys: site.standbys.map((standby, index) => contender(standby, view.standbys[index]!)),
    suspended: suspensionOf(state),
    forced: state.forced && { role: state.forced, server: siteServer(site, state.forcedServer)?.name },
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
