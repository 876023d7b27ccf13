import {
  type CurrentHistory,
  type HistoryEntry,
  previousFile,
  type RecordedChange,
  type Reverts,
} from '../../history/index.ts';
import { revertConfiguration } from '../../iis/index.ts';
import { revertMetabase } from '../../iis6/undo.ts';
import { failure, type FailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import { output } from '../output.ts';
import { capitalise } from './words.ts';

/** How each kind of file is put back in part. */
export const reverts: Reverts = { applicationHost: revertConfiguration, metabase: revertMetabase };

export const historyOutput = output(
  'IisFailover.Restore',
  {
    Id: { type: 'int', help: 'Its number, for Undo-FailoverRestore.' },
    Time: { type: 'datetime', help: 'When.' },
    Action: { type: 'string', help: 'Restore, or Undo for the undo of an earlier one.' },
    Undoes: { type: 'int', help: 'The number of the one that an Undo reverted, else empty.' },
    State: {
      type: 'string',
      help:
        'Current: the file is as it left it. Superseded: the file was changed after it. Undone: an undo has ' +
        'reverted it.',
    },
    Site: { type: 'string[]', help: 'The sites it changed.' },
    Change: { type: 'string[]', help: 'What it added, updated and removed.' },
    ConfigurationFile: { type: 'string', help: 'The file.' },
    PreviousFile: { type: 'string', help: 'The file as it was before, kept in the state folder.' },
  },
  [
    { property: 'Id', width: 5, align: 'Right' },
    { property: 'Time', width: 20 },
    { property: 'Action', width: 8 },
    { property: 'State', width: 11 },
    { property: 'Site' },
    { property: 'Change' },
  ],
);

export function historyObject(stateFolder: string, history: CurrentHistory, entry: HistoryEntry) {
  return {
    Id: entry.id,
    Time: new Date(entry.time),
    Action: capitalise(entry.command),
    Undoes: entry.undoes ?? null,
    State: history.stateOf(entry),
    Site: sitesOf(entry),
    Change: describeRecorded(entry.changes),
    ConfigurationFile: entry.configurationFile,
    PreviousFile: previousFile(stateFolder, entry),
  };
}

/** Names of the sites, each once. */
export function sitesOf({ changes }: HistoryEntry): string[] {
  return [...new Map(changes.map(({ site }) => [nameKey(site), site])).values()];
}

/** `add site site1.com`; a pool of two sites once. */
export function describeRecorded(changes: readonly Omit<RecordedChange, 'owned'>[]): string[] {
  const words = changes.map(({ action, element, name }) => {
    const noun = element === 'applicationPool' ? 'application pool' : element;
    return `${action} ${noun} ${name}`;
  });
  return [...new Set(words)];
}

/** The entries with these numbers; those that there are none of are reported. */
export function selectById(
  ids: readonly string[],
  entries: readonly HistoryEntry[],
  report: (error: FailoverError) => void,
): HistoryEntry[] {
  const wanted = new Set<number>();
  for (const id of ids) {
    const found = entries.find((entry) => String(entry.id) === id.trim());
    if (found !== undefined) wanted.add(found.id);
    else report(failure('RestoreNotFound.id', { id }, { target: id }));
  }
  return entries.filter(({ id }) => wanted.has(id));
}
