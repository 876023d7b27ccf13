import { describeChanges, type DnsProvider } from '../dns/index.ts';
import { openLog } from '../edge/run-log.ts';
import { readState, siteState, updateState } from '../edge/state.ts';
import { dnsProvider } from '../failover/fleet.ts';
import { applySwitches, type SwitchResult } from '../failover/switch-apply.ts';
import { behind } from '../failover/unfinished.ts';
import { planSiteSwitch, readRecords, type SiteSwitch, type Target } from '../failover/switch-plan.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { SiteState } from '../model/state.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { stateFolder } from './support/places.ts';
import { destinations } from './support/destination.ts';
import { chosenSites, describeSwitch, reportSwitch, withoutRefused } from './support/switching.ts';
import { capitalise } from './support/words.ts';

interface SwitchStep extends Step {
  readonly planned: SiteSwitch;
}

interface SwitchCommandPlan extends Plan<SwitchStep> {
  readonly provider: DnsProvider;
  readonly stateFolder: string;
  readonly forced: Partial<SiteState>;
}

export const switchFailoverSite = change({
  kind: 'change',
  verb: 'Switch',
  noun: 'FailoverSite',
  synopsis: "Moves sites' DNS records to the failover server, or back, by hand.",
  description: [
    'Makes the same plan with the same checks as the monitor: the server that the site moves to must be up, the ' +
      'records must be what the plan saw, and every name server is read back. -Force leaves out the probe, and the limit of dns.maxZoneChangePercent.',
    'A site that was moved to the failover server by hand stays there until it is moved back by hand; the monitor ' +
      'does not fail it back. With -Server it stays on that server, whatever becomes of it; without, on any of its ' +
      'failover servers: where that one goes down, the monitor moves it to the next.',
  ],
  parameters: {
    Name: {
      type: 'string[]',
      position: 0,
      mandatory: true,
      pipeline: 'both',
      wildcards: true,
      help: 'Sites to move.',
    },
    To: {
      type: 'string',
      position: 1,
      mandatory: true,
      choices: ['Primary', 'Failover'],
      help: 'The server that shall serve them.',
    },
    Server: {
      type: 'string',
      help: 'With -To Failover: the name of the failover server, where the sites have several.',
      defaultText: 'The first of the site that serves it.',
    },
    Force: {
      type: 'switch',
      help:
        'Moves the sites even where that server does not answer as expected, and where that changes more of a zone at ' +
        'once than dns.maxZoneChangePercent allows.',
    },
  },
  output: output(
    'IisFailover.SiteSwitch',
    {
      Name: { type: 'string', help: 'The site.' },
      From: { type: 'string', help: 'Where its records pointed: Primary, Failover or Unknown.' },
      FromServer: { type: 'string', help: 'The name of that server; empty where it is not known.' },
      To: {
        type: 'string',
        help: 'Where they point now; Unknown where only some of those that were read were changed.',
      },
      ToServer: { type: 'string', help: 'The name of that server.' },
      Switched: { type: 'bool', help: 'True where all its zones were changed.' },
      Partial: {
        type: 'bool',
        help:
          'True where some of its zones, or views of them, were changed and others not: some visitors have moved. ' +
          'The monitor changes the others as soon as it can.',
      },
      Confirmed: { type: 'bool', help: 'True where every name server shows the change.' },
      Unconfirmed: {
        type: 'string[]',
        help: 'The zones and views in which it was not made, and the name servers that do not show it.',
      },
      RecordChange: { type: 'string[]', help: 'The records that were changed.' },
      Duration: { type: 'timespan', help: 'From the update to its confirmation.' },
      ExpectedRecovery: {
        type: 'timespan',
        help: 'From then until also visitors behind resolvers that keep answers longest follow; empty without a change.',
      },
      Time: { type: 'datetime', help: 'When.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'From', width: 9 },
      { property: 'To', width: 9 },
      { property: 'ToServer', width: 12 },
      { property: 'Switched', width: 9 },
      { property: 'Confirmed', width: 10 },
      { property: 'RecordChange' },
    ],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'Move a site for maintenance of the primary',
      code: 'Switch-FailoverSite site1.com -To Failover -SettingsPath .\\failover.json',
      explanation: 'The monitor leaves the site there until it is moved back by hand.',
    },
    {
      title: 'Move every site back',
      code: 'Switch-FailoverSite * -To Primary -SettingsPath .\\failover.json -Confirm:$false',
      explanation: 'Sites whose records point to the primary already are left alone.',
    },
  ],
  related: ['Invoke-FailoverMonitor', 'Get-FailoverSite'],

  async plan(parameters, context): Promise<SwitchCommandPlan> {
    const loaded = await context.settings();
    const folder = stateFolder(context, loaded);
    const to = parameters.To === 'Primary' ? 'primary' : 'failover';
    const limit = parameters.Force === true ? 100 : undefined;
    const provider = await dnsProvider(loaded, context.clock, 'changing', limit);
    const state = await readState(folder);
    const destination = destinations(
      { to, server: parameters.Server, force: parameters.Force === true },
      context,
    );
    const sites = chosenSites(parameters.Name, loaded, context);
    const leaving = new Set(to === 'primary' ? sites.map((site) => site.name.toLowerCase()) : []);
    const plans = await Promise.all(
      sites.map(async (site) => {
        try {
          const records = await readRecords(site, loaded, provider, context.signal);
          const server = await destination(site, records.server);
          return [planSiteSwitch(site, server, records, state, loaded, leaving)];
        } catch (error) {
          context.signal.throwIfAborted();
          context.error(toFailoverError(error, site.name));
          return [];
        }
      }),
    );
    const planned = await withoutRefused(plans.flat(), provider, context);
    warn(planned, context);
    return {
      steps: planned.map((one) => ({ id: one.site, target: one.site, action: actionOf(one), planned: one })),
      provider,
      stateFolder: folder,
      forced:
        to === 'primary'
          ? { forced: undefined, forcedServer: undefined }
          : { forced: 'failover', forcedServer: parameters.Server && planned[0]?.toServer },
    };
  },

  async *apply(approved, plan, context) {
    if (approved.length === 0) return;
    const log = await openLog(
      plan.stateFolder,
      'sitemonitor.log',
      'Switch-FailoverSite',
      context.clock,
      (text) => context.verbose(text),
    );
    const planned = approved.map((step) => step.planned);
    const before = await readState(plan.stateFolder);
    // First of all, so that the monitor does not undo the switch in between.
    await updateState(plan.stateFolder, new Map(planned.map((one) => [one.site, plan.forced])));
    const results = await applySwitches(
      planned,
      plan.provider,
      plan.stateFolder,
      context.clock,
      context.signal,
    );
    // A switch that failed is not what the administrator holds to: the monitor must not make it later.
    const failed = results.filter((result) => result.untouched);
    const former = failed.map(({ site }): [string, Partial<SiteState>] => {
      const { forced, forcedServer } = siteState(before, site);
      return [site, { forced, forcedServer }];
    });
    await updateState(plan.stateFolder, new Map(former));
    for (const [index, one] of planned.entries()) {
      const result = results[index]!;
      await reportSwitch(result, context, log);
      const { made, ...told } = result;
      const changes = describeChanges(made);
      const now = placeAfter(one, result);
      await log.write('switch', `${one.site}: ${wordsOf(one, result)}`, {
        from: one.from,
        to: one.to,
        server: one.toServer,
        ...told,
        changes,
      });
      yield {
        Name: one.site,
        From: capitalise(one.from),
        FromServer: one.fromServer ?? null,
        To: capitalise(now.target),
        ToServer: now.server ?? null,
        Switched: result.switched,
        Partial: isPartial(result),
        Confirmed: result.confirmed,
        Unconfirmed: [...result.missing, ...behind(result.unconfirmed)],
        RecordChange: changes,
        Duration: result.durationMs,
        ExpectedRecovery: result.moved && one.recovery !== undefined ? one.recovery.worst * 1000 : null,
        Time: context.clock.now(),
      };
    }
  },
});

/**
 * Where the records of a site point once its switch was applied.
 *
 * | changed            | they point to                    |
 * |--------------------|----------------------------------|
 * | all that were read | the server it was switched to    |
 * | some of them       | not one server                   |
 * | none               | where they did before            |
 */
function placeAfter(
  { from, fromServer, to, toServer }: SiteSwitch,
  result: SwitchResult,
): { target: Target; server: string | undefined } {
  if (result.switched || result.moved) return { target: to, server: toServer };
  if (isPartial(result)) return { target: 'unknown', server: undefined };
  return { target: from, server: fromServer };
}

function isPartial({ switched, made }: SwitchResult): boolean {
  return !switched && made.length > 0;
}

function wordsOf(one: SiteSwitch, result: SwitchResult): string {
  if (result.switched) return `the records point to ${one.label}`;
  return isPartial(result) ? `switched in part; ${result.missing.join('; ')}` : 'not switched';
}

function actionOf(planned: SiteSwitch): string {
  if (planned.changes.length > 0) return describeSwitch(planned);
  return `Keep on ${planned.label}, where its records point already`;
}

function warn(planned: readonly SiteSwitch[], context: CommandContext): void {
  for (const one of planned) for (const warning of one.warnings) context.warning(`${one.site}: ${warning}`);
}
