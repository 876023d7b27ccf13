import { readState, siteState, updateState } from '../edge/state.ts';
import { openSuspension } from '../failover/site-decision.ts';
import type { Plan } from '../model/plan.ts';
import { change } from './definition.ts';
import { stateFolder } from './support/places.ts';
import { openSuspensionLog, suspensionOutput } from './support/suspension.ts';
import { chosenSites } from './support/switching.ts';

interface ResumePlan extends Plan {
  readonly stateFolder: string;
}

export const resumeFailoverSite = change({
  kind: 'change',
  verb: 'Resume',
  noun: 'FailoverSite',
  synopsis: 'Ends the maintenance window of sites early: the monitor acts on them again at once.',
  description: ['Sites that are not suspended are left alone.'],
  parameters: {
    Name: {
      type: 'string[]',
      position: 0,
      mandatory: true,
      pipeline: 'both',
      wildcards: true,
      help: 'Sites to resume.',
    },
  },
  output: suspensionOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'The updates are done',
      code: 'Resume-FailoverSite * -SettingsPath .\\failover.json',
      explanation: 'Every site that is suspended is watched as usual again.',
    },
    {
      title: 'Only those that one reason suspended',
      code:
        "Get-FailoverSite -SettingsPath .\\failover.json | Where-Object SuspendedReason -eq 'Windows updates' |\n" +
        '    Resume-FailoverSite -SettingsPath .\\failover.json',
      explanation: 'Sites come from the pipeline by their name.',
    },
  ],
  related: ['Suspend-FailoverSite', 'Get-FailoverSite'],

  async plan(parameters, context): Promise<ResumePlan> {
    const loaded = await context.settings();
    const folder = stateFolder(context, loaded);
    const state = await readState(folder);
    const suspended = chosenSites(parameters.Name, loaded, context).filter(({ name }) => {
      const open = openSuspension(siteState(state, name), context.clock.now()) !== undefined;
      if (!open) context.verbose(`${name} is not suspended.`);
      return open;
    });
    return {
      steps: suspended.map(({ name }) => ({ id: name, target: name, action: 'Resume failover' })),
      stateFolder: folder,
    };
  },

  async *apply(approved, { stateFolder: folder }, context) {
    if (approved.length === 0) return;
    const log = await openSuspensionLog(folder, 'Resume-FailoverSite', context);
    await updateState(folder, new Map(approved.map(({ target }) => [target, { suspended: undefined }])));
    for (const { target } of approved) {
      await log.write('resume', `${target}: resumed`, { site: target });
      yield { Name: target, Suspended: false, SuspendedUntil: null, Reason: null };
    }
  },
});
