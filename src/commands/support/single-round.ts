import type { DnsProvider } from '../../dns/index.ts';
import { leaseMonitor, type MonitorLease } from '../../edge/monitor-lease.ts';
import { openLog } from '../../edge/run-log.ts';
import { readState, siteState, updateState } from '../../edge/state.ts';
import { dnsProvider } from '../../failover/fleet.ts';
import { sitePolicies } from '../../failover/monitor-policy.ts';
import { confirmAgain, type Confirmation } from '../../failover/confirm.ts';
import { planRound, type SiteRound, stateSeen, stateSwitched } from '../../failover/round.ts';
import { applySwitches, type SwitchResult } from '../../failover/switch-apply.ts';
import type { SiteSwitch } from '../../failover/switch-plan.ts';
import { reachable, siteProber } from '../../health/index.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { Plan, Step } from '../../model/plan.ts';
import type { SiteState } from '../../model/state.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { failbackGates } from './failback-gates.ts';
import { eventObject, roundEvent } from './monitor-output.ts';
import { notifyRound, writeMetrics } from './notifying.ts';
import { stateFolder } from './places.ts';
import { chosenSites, describeSwitch, reportSwitch, withoutRefused } from './switching.ts';

/** How long a name server that lagged in an earlier round may lag now. */
const confirmMs = 5000;

export interface MonitorStep extends Step {
  readonly planned: SiteSwitch;
}

/** The plan of a single round. */
export interface RoundPlan extends Plan<MonitorStep> {
  readonly kind: 'round';
  readonly rounds: readonly SiteRound[];
  readonly provider: DnsProvider;
  readonly loaded: LoadedSettings;
  readonly stateFolder: string;
  readonly policyOf: ReturnType<typeof sitePolicies>;
  readonly lease: MonitorLease | undefined;
}

/** Probes and decides while no other monitor does; -WhatIf takes no lock, as it leaves no trace. */
export async function planSingleRound(
  names: readonly string[] | undefined,
  context: CommandContext,
): Promise<RoundPlan> {
  const loaded = await context.settings();
  const folder = stateFolder(context, loaded);
  const lease = context.whatIf
    ? undefined
    : await leaseMonitor(folder, 'round', context.clock, context.signal);
  try {
    return await planLeased(names, loaded, folder, lease, context);
  } catch (error) {
    await lease?.release();
    throw error;
  }
}

async function planLeased(
  names: readonly string[] | undefined,
  loaded: LoadedSettings,
  folder: string,
  lease: MonitorLease | undefined,
  context: CommandContext,
): Promise<RoundPlan> {
  const provider = await dnsProvider(loaded, context.clock);
  const sites = chosenSites(names, loaded, context);
  const rounds = await planRound(sites, {
    loaded,
    provider,
    prober: siteProber({ clock: context.clock }),
    reach: reachable,
    state: await readState(folder),
    clock: context.clock,
    signal: context.signal,
    gate: failbackGates(loaded, folder, context),
  });
  for (const round of rounds) {
    if (round.error !== undefined) context.error(round.error);
    for (const warning of round.planned?.warnings ?? []) context.warning(`${round.site}: ${warning}`);
  }
  const switches = rounds.flatMap(({ planned }) => planned ?? []);
  const planned = await withoutRefused(switches, provider, context);
  return {
    kind: 'round',
    release: async () => lease?.release(),
    lease,
    steps: planned.map((one) => ({
      id: one.site,
      target: one.site,
      action: describeSwitch(one),
      planned: one,
    })),
    rounds,
    provider,
    loaded,
    stateFolder: folder,
    policyOf: sitePolicies(loaded.settings.monitor, 'round'),
  };
}

/** Switches, saves the state, and yields an object for each site. */
export async function* applyRound(
  approved: readonly MonitorStep[],
  plan: RoundPlan,
  context: CommandContext,
) {
  const log = await openLog(
    plan.stateFolder,
    'sitemonitor.log',
    'Invoke-FailoverMonitor',
    context.clock,
    (text) => context.verbose(text),
  );
  await plan.lease?.beat(plan.rounds.length);
  await updateState(plan.stateFolder, new Map(plan.rounds.map((round) => [round.site, stateSeen(round)])));
  const switches = approved.map((step) => step.planned);
  const outcome = await applySwitches(
    switches,
    plan.provider,
    plan.stateFolder,
    context.clock,
    context.signal,
  );
  const results = new Map(outcome.map((result) => [result.site, result]));
  await rememberFailovers(plan, results, context.clock.now());
  const confirmations = await confirmFormer(plan, results, context);
  const events = plan.rounds.map((round) =>
    roundEvent(round, results.get(round.site), confirmations.get(round.site), context.clock.now()),
  );
  await writeMetrics(events, plan.loaded).catch((error: unknown) =>
    context.warning(toFailoverError(error).message),
  );
  const notified = notifyRound(events, plan.loaded, plan.stateFolder, context);
  for (const [index, round] of plan.rounds.entries()) {
    const result = results.get(round.site);
    if (result !== undefined) await reportSwitch(result, context, log);
    if (round.error !== undefined)
      await log.write('error', round.error.message, { site: round.site, errorId: round.error.id });
    const confirmation = confirmations.get(round.site);
    if (confirmation?.error !== undefined) context.error(confirmation.error);
    const event = eventObject(events[index]!);
    await log.write('round', `${round.site}: ${event.Message}`, { ...event });
    yield event;
  }
  for (const error of await notified) {
    await log.write('error', error.message, { errorId: error.id });
    context.warning(error.message);
  }
}

/** Reads switches of earlier rounds that some name server did not show back again. */
async function confirmFormer(
  { rounds, provider, stateFolder }: RoundPlan,
  results: ReadonlyMap<string, SwitchResult>,
  { signal }: CommandContext,
): Promise<Map<string, Confirmation>> {
  const state = await readState(stateFolder);
  const confirmations = new Map<string, Confirmation>();
  await Promise.all(
    rounds.map(async ({ site }) => {
      const open = siteState(state, site).unconfirmed ?? [];
      if (open.length === 0 || results.has(site)) return;
      confirmations.set(site, await confirmAgain(open, provider, confirmMs, signal));
    }),
  );
  const changes = [...confirmations].map(([site, { confirmed, remaining }]): [string, Partial<SiteState>] => [
    site,
    { unconfirmed: confirmed ? undefined : remaining },
  ]);
  await updateState(stateFolder, new Map(changes));
  return confirmations;
}

async function rememberFailovers(
  { rounds, stateFolder, policyOf }: RoundPlan,
  results: ReadonlyMap<string, SwitchResult>,
  now: Date,
): Promise<void> {
  const state = await readState(stateFolder);
  const moved = rounds.filter(
    ({ site, decision }) => decision.reason === 'PrimaryDown' && results.get(site)?.moved === true,
  );
  await updateState(
    stateFolder,
    new Map(
      moved.map(({ site, settings }) => [
        site,
        stateSwitched(siteState(state, site), policyOf(settings), now),
      ]),
    ),
  );
}
