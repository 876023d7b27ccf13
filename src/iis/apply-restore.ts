import {
  type FileKind,
  type History,
  type HistoryEntry,
  type Replacement,
  replaceRecorded,
} from '../history/index.ts';
import { nameKey } from '../model/site.ts';
import type { Configuration } from './configuration.ts';
import { checkWellFormed } from './gate.ts';
import type { RestorePlan } from './types.ts';

/**
 * Writes the changes of the approved sites into the configuration file at once and records what it was in the
 * history. The file is replaced whole, under its lock, and only while it still is what was read.
 * @returns undefined where the approved sites needed no change: the file was not touched
 * @throws FailoverError FileChangedMeanwhile, FileNotWritable, DiskFull, LockHeld; the file is untouched then
 */
export async function applyRestore(
  configuration: Pick<Configuration, 'path' | 'document' | 'sha256'> & { readonly kind?: FileKind },
  plan: RestorePlan,
  approved: readonly string[],
  history: History,
  time: Date,
): Promise<HistoryEntry | undefined> {
  const { path, document, sha256, kind = 'applicationHost' } = configuration;
  const text = plan.text(approved);
  if (text === document.text) return undefined;
  checkWellFormed(text, path, 'Internal');
  return replaceRecorded(history, {
    path,
    kind,
    expected: sha256,
    content: text,
    time,
    command: 'restore',
    changes: plan.changes?.(approved) ?? changesOf(plan, approved),
  });
}

function changesOf({ sites }: RestorePlan, approved: readonly string[]): Replacement['changes'] {
  const wanted = new Set(approved.map(nameKey));
  return sites
    .filter(({ name }) => wanted.has(nameKey(name)))
    .flatMap((site) => site.changes.map((change) => ({ site: site.name, ...change })));
}
