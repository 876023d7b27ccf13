import { readState, updateState } from '../edge/state.ts';
import type { Plan } from '../model/plan.ts';
import type { SavedSuspension } from '../model/state.ts';
import { change } from './definition.ts';
import { stateFolder } from './support/places.ts';
import { endOf, openSuspensionLog, suspensionOutput } from './support/suspension.ts';
import { chosenSites } from './support/switching.ts';

interface SuspendPlan extends Plan {
  readonly stateFolder: string;
  readonly suspended: SavedSuspension;
}

export const suspendFailoverSite = change({
  kind: 'change',
  verb: 'Suspend',
  noun: 'FailoverSite',
  synopsis:
    'Begins a maintenance window: the monitor neither switches sites nor raises alerts for them until it ends.',
  description: [
    'The monitor goes on checking, so that it knows the servers when the window ends, which it does by itself. Its events ' +
      'show Suspended as the reason. Switch-FailoverSite works all the same.',
    'Run it on the server that runs the monitor. A site that is suspended already gets the new end and reason.',
  ],
  parameters: {
    Name: {
      type: 'string[]',
      position: 0,
      mandatory: true,
      pipeline: 'both',
      wildcards: true,
      help: 'Sites to suspend.',
    },
    Until: { type: 'datetime', help: 'When the window ends. Give this or -For.' },
    For: { type: 'timespan', help: 'How long it lasts, such as 2:00 for two hours.' },
    Reason: { type: 'string', help: 'Why, for the events, the log and your colleagues.' },
  },
  output: suspensionOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'Updates on the primary tonight',
      code: "Suspend-FailoverSite * -For 2:00 -Reason 'Windows updates' -SettingsPath .\\failover.json",
      explanation: 'No site moves for two hours, even though the primary restarts.',
    },
    {
      title: 'Until six in the morning',
      code: 'Suspend-FailoverSite site1.com -Until ([datetime]::Today.AddDays(1).AddHours(6)) -SettingsPath .\\failover.json',
      explanation: 'If the primary is still down then, the site moves to the failover server.',
    },
  ],
  related: ['Resume-FailoverSite', 'Get-FailoverSite', 'Switch-FailoverSite'],

  async plan(parameters, context): Promise<SuspendPlan> {
    const loaded = await context.settings();
    const folder = stateFolder(context, loaded);
    const end = endOf(parameters.Until, parameters.For, context.clock.now()).toISOString();
    await readState(folder); // a damaged file is told before the question
    return {
      steps: chosenSites(parameters.Name, loaded, context).map(({ name }) => ({
        id: name,
        target: name,
        action: `Suspend failover until ${end}`,
      })),
      stateFolder: folder,
      suspended: { until: end, reason: parameters.Reason },
    };
  },

  async *apply(approved, { stateFolder: folder, suspended }, context) {
    if (approved.length === 0) return;
    const log = await openSuspensionLog(folder, 'Suspend-FailoverSite', context);
    await updateState(folder, new Map(approved.map(({ target }) => [target, { suspended }])));
    const { until, reason } = suspended;
    for (const { target } of approved) {
      await log.write('suspend', `${target}: suspended until ${until}`, { site: target, until, reason });
      yield { Name: target, Suspended: true, SuspendedUntil: new Date(until), Reason: reason ?? null };
    }
  },
});
