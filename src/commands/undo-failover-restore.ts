import { openLog } from '../edge/run-log.ts';
import { readRequired } from '../edge/files.ts';
import {
  applyUndo,
  currentHistory,
  type History,
  type HistoryEntry,
  lastInForce,
  planUndo,
  planUndos,
  type UndoPlan,
} from '../history/index.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { change } from './definition.ts';
import { describeRecorded, historyObject, historyOutput, reverts, selectById } from './support/history.ts';
import { historyOf } from './support/places.ts';
import { capitalise } from './support/words.ts';

interface UndoStep extends Step {
  readonly undo: UndoPlan;
}

interface UndoCommandPlan extends Plan<UndoStep> {
  readonly history: History;
}

export const undoFailoverRestore = change({
  kind: 'change',
  verb: 'Undo',
  noun: 'FailoverRestore',
  synopsis: 'Takes back what a restore changed in the IIS configuration.',
  description: [
    'Where nothing was changed after the restore, the file becomes what it was before, byte for byte. Else only the ' +
      'sites, application pools and locations that the restore touched become what they were, and every other byte ' +
      'stays. If one of these was changed since, nothing is undone, and the error names it.',
    'Without -Id the last restore that is still in force is undone; the next call undoes the one before. An undo is ' +
      'recorded as a restore is, and can be undone by its own number.',
  ],
  parameters: {
    Id: {
      type: 'string[]',
      position: 0,
      pipeline: 'property',
      help: 'Numbers of the restores to undo, as Get-FailoverRestore gives them. Later ones are undone first.',
      defaultText: 'The last restore that is still in force.',
    },
  },
  output: historyOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See what an undo of the last restore would do',
      code: 'Undo-FailoverRestore -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Names the restore and each element that would be put back, and changes nothing.',
    },
    {
      title: 'Undo the last restore of a site',
      code:
        'Get-FailoverRestore -Name site1.com -SettingsPath .\\failover.json | Select-Object -First 1 | ' +
        'Undo-FailoverRestore -SettingsPath .\\failover.json',
      explanation: 'Restores of other sites that came later stay.',
    },
  ],
  related: ['Get-FailoverRestore', 'Restore-FailoverSite'],

  async plan(parameters, context): Promise<UndoCommandPlan> {
    const history = historyOf(context, await context.settingsIfPresent());
    const { entries, stateOf } = await currentHistory(history.stateFolder, (error) => context.error(error));
    const chosen = choose(parameters.Id, entries, (error) => context.error(error));
    const undone = chosen.find((entry) => stateOf(entry) === 'Undone');
    if (undone !== undefined)
      throw failure('UndoConflict.undone', { id: undone.id }, { target: String(undone.id) });
    const plans = await planUndos(history.stateFolder, [...chosen].reverse(), reverts);
    return { steps: plans.map(stepOf), history };
  },

  async *apply(approved, plan, context) {
    if (approved.length === 0) return;
    const { history } = plan;
    const log = await openLog(
      history.stateFolder,
      'siterestore.log',
      'Undo-FailoverRestore',
      context.clock,
      (text) => context.verbose(text),
    );
    const allApproved = approved.length === plan.steps.length;
    for (const { undo } of approved) {
      const { entry } = undo;
      // Plans stand on one another: without one that was declined the others are made anew.
      const planned = allApproved
        ? undo
        : await planUndo(history.stateFolder, entry, await readRequired(entry.configurationFile), reverts);
      const done = await applyUndo(history, planned, context.clock.now());
      const changes = describeRecorded(done.changes);
      await log.write('undo', `Undid restore ${entry.id}: ${changes.join(', ')}`, { id: entry.id, changes });
      yield historyObject(history.stateFolder, await currentHistory(history.stateFolder), done);
    }
  },
});

function choose(
  ids: readonly string[] | undefined,
  entries: readonly HistoryEntry[],
  report: (error: FailoverError) => void,
): HistoryEntry[] {
  if (ids !== undefined) return selectById(ids, entries, report);
  const last = lastInForce(entries);
  if (last === undefined) report(failure('RestoreNotFound.none'));
  return last === undefined ? [] : [last];
}

function stepOf(undo: UndoPlan): UndoStep {
  const { id, time, configurationFile } = undo.entry;
  const changes = describeRecorded(undo.changes).join(', ') || 'nothing is left of it';
  return {
    id: String(id),
    target: configurationFile,
    action: `Undo ${undo.entry.command} ${id} of ${time}: ${capitalise(changes)}`,
    undo,
  };
}
