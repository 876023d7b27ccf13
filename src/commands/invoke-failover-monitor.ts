import { describeChange, type DnsProvider } from '../dns/index.ts';
import { openLog } from '../edge/run-log.ts';
import { readState, siteState, updateState } from '../edge/state.ts';
import { dnsProvider } from '../failover/fleet.ts';
import { type MonitorPolicy, monitorPolicy } from '../failover/monitor-policy.ts';
import { planRound, type SiteRound, stateSeen, stateSwitched } from '../failover/round.ts';
import { applySwitches, type SwitchResult } from '../failover/switch-apply.ts';
import type { SiteSwitch } from '../failover/switch-plan.ts';
import { HttpProber, reachable } from '../health/index.ts';
import type { Plan, Step } from '../model/plan.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { chosenSites, describeSwitch, reportSwitch } from './support/switching.ts';
import { stateFolder } from './support/places.ts';
import { capitalise } from './support/words.ts';

interface MonitorStep extends Step {
  readonly planned: SiteSwitch;
}

interface MonitorPlan extends Plan<MonitorStep> {
  readonly rounds: readonly SiteRound[];
  readonly provider: DnsProvider;
  readonly stateFolder: string;
  readonly policy: MonitorPolicy;
}

export const invokeFailoverMonitor = change({
  kind: 'change',
  verb: 'Invoke',
  noun: 'FailoverMonitor',
  synopsis: 'Checks every site once and moves DNS records where a primary is down or back.',
  description: [
    'One round, as a scheduled task runs it: probe each site on both servers, probe again before a failure is ' +
      'believed, decide, change the DNS records, read them back from every name server, save the state, and emit one ' +
      'event for each site.',
    'A site moves to the failover server only when its primary is down and the failover server is up. Where both are ' +
      'down, or where something could not be checked, nothing is changed. A site that was switched by hand stays.',
  ],
  parameters: {
    Name: nameParameter('Sites to check.', 'All sites of the settings.'),
  },
  output: output(
    'IisFailover.MonitorEvent',
    {
      Time: { type: 'datetime', help: 'When the site was decided on.' },
      Name: { type: 'string', help: 'The site.' },
      Action: { type: 'string', help: 'None, Failover or Failback.' },
      Target: { type: 'string', help: 'Where its records point now: Primary, Failover or Unknown.' },
      Primary: { type: 'string', help: 'Up, Degraded, Down or Unknown.' },
      Failover: { type: 'string', help: 'Up, Degraded, Down or Unknown.' },
      Reason: { type: 'string', help: 'Why it was decided so; one word for scripts.' },
      Message: { type: 'string', help: 'The same as a sentence.' },
      PrimaryError: { type: 'string', help: 'What the primary answered where it is not up.' },
      FailoverError: { type: 'string', help: 'What the failover server answered where it is not up.' },
      RecordChange: { type: 'string[]', help: 'The records that were changed.' },
      Confirmed: {
        type: 'bool',
        help: 'True where every name server shows the change; empty without a change.',
      },
      Duration: { type: 'timespan', help: 'From the update to its confirmation; empty without a change.' },
    },
    [
      { property: 'Time', width: 20 },
      { property: 'Name', width: 24 },
      { property: 'Action', width: 9 },
      { property: 'Target', width: 9 },
      { property: 'Primary', width: 8 },
      { property: 'Failover', width: 9 },
      { property: 'Message' },
    ],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'One round of all sites',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json',
      explanation: 'What the scheduled task of the monitoring server runs every few minutes.',
    },
    {
      title: 'What would a round do?',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Probes and decides, and shows the switches without making them.',
    },
  ],
  related: ['Switch-FailoverSite', 'Test-FailoverSite', 'Get-FailoverSite'],

  async plan(parameters, context): Promise<MonitorPlan> {
    const loaded = await context.settings();
    const folder = stateFolder(context, loaded);
    const provider = await dnsProvider(loaded, context.clock);
    const sites = chosenSites(parameters.Name, loaded, context);
    const rounds = await planRound(sites, {
      loaded,
      provider,
      prober: new HttpProber({ clock: context.clock }),
      reach: reachable,
      state: await readState(folder),
      clock: context.clock,
      signal: context.signal,
    });
    for (const round of rounds) {
      if (round.error !== undefined) context.error(round.error);
      for (const warning of round.planned?.warnings ?? []) context.warning(`${round.site}: ${warning}`);
    }
    return {
      steps: rounds.flatMap(({ site, planned }) =>
        planned === undefined ? [] : [{ id: site, target: site, action: describeSwitch(planned), planned }],
      ),
      rounds,
      provider,
      stateFolder: folder,
      policy: monitorPolicy(loaded.settings.monitor, 'round'),
    };
  },

  async *apply(approved, plan, context) {
    const log = await openLog(
      plan.stateFolder,
      'sitemonitor.log',
      'Invoke-FailoverMonitor',
      context.clock,
      (text) => context.verbose(text),
    );
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
    for (const round of plan.rounds) {
      const result = results.get(round.site);
      if (result !== undefined) await reportSwitch(result, context, log);
      if (round.error !== undefined)
        await log.write('error', round.error.message, { site: round.site, errorId: round.error.id });
      const event = monitorEvent(round, result, context.clock.now());
      await log.write('round', `${round.site}: ${event.Message}`, { ...event });
      yield event;
    }
  },
});

async function rememberFailovers(
  { rounds, stateFolder, policy }: MonitorPlan,
  results: ReadonlyMap<string, SwitchResult>,
  now: Date,
): Promise<void> {
  const state = await readState(stateFolder);
  const moved = rounds.filter(
    ({ site, decision }) => decision.reason === 'PrimaryDown' && results.get(site)?.switched === true,
  );
  await updateState(
    stateFolder,
    new Map(moved.map(({ site }) => [site, stateSwitched(siteState(state, site), policy, now)])),
  );
}

function monitorEvent(round: SiteRound, result: SwitchResult | undefined, time: Date) {
  const { planned, decision, primary, failover } = round;
  const switched = result?.switched === true;
  const [firstError] = result?.errors ?? [];
  return {
    Time: time,
    Name: round.site,
    Action: switched ? capitalise(decision.action) : 'None',
    Target: capitalise(switched && planned !== undefined ? planned.to : round.target),
    Primary: capitalise(primary.held.state),
    Failover: capitalise(failover.held.state),
    Reason: result !== undefined && !switched ? (firstError?.id ?? decision.reason) : decision.reason,
    Message: result !== undefined && !switched ? (firstError?.message ?? decision.message) : decision.message,
    PrimaryError: primary.result.error,
    FailoverError: failover.result.error,
    RecordChange: switched
      ? (planned?.changes ?? []).flatMap((zone) => zone.changes.map(describeChange))
      : [],
    Confirmed: result === undefined ? null : result.confirmed,
    Duration: result === undefined ? null : result.durationMs,
  };
}
