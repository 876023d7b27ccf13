import { basename, dirname } from 'node:path';
import { removeLeftovers, replaceFile } from '../edge/files.ts';
import { withLock } from '../edge/lock.ts';
import type { Configuration } from './configuration.ts';
import { checkWellFormed } from './gate.ts';
import type { RestorePlan } from './types.ts';

export interface RestoreResult {
  /** False where the approved sites needed no change: the file was not touched. */
  readonly changed: boolean;
  /** The file as it was before, where it was changed. */
  readonly backup: string | undefined;
}

/** A dead run's lock is taken over after ten seconds. */
const lockWaitMs = 15_000;

/**
 * Writes the changes of the approved sites into the configuration file at once. The file is replaced whole, under
 * its lock, and only while it still is what was read; a copy of the old file stays at `backup`
 * (default: beside it, with the extension .failover-backup).
 * @throws FailoverError FileChangedMeanwhile, FileNotWritable, DiskFull, LockHeld; the file is untouched then
 */
export async function applyRestore(
  configuration: Configuration,
  plan: RestorePlan,
  approved: readonly string[],
  backup = `${configuration.path}.failover-backup`,
): Promise<RestoreResult> {
  const { path, document, sha256 } = configuration;
  const text = plan.text(approved);
  if (text === document.text) return { changed: false, backup: undefined };
  checkWellFormed(text, path, 'Internal');
  await withLock(
    path,
    async () => {
      await removeLeftovers(dirname(path), (name) => name === basename(path) || name === basename(backup));
      await replaceFile(path, text, { expected: sha256, backup });
    },
    lockWaitMs,
  );
  return { changed: true, backup };
}
