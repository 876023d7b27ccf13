import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../edge/clock.ts';
import { writeError } from '../edge/files.ts';
import { lockWaitMs, withLock } from '../edge/lock.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import { copyAll } from './copy-all.ts';
import { createFolders, makeRoom, removeExtra, setRootTime, setTimesAndModes } from './folders.ts';
import { type ContentPlan, isNothingToCopy } from './plan.ts';
import { preparePermissions } from './permissions.ts';
import { Quarantine } from './quarantine.ts';
import { CopyRun, type CopySummary } from './run.ts';
import { SyncIndex } from './sync-index.ts';
import { recordSync } from './sync-record.ts';
import { lockName } from './temporary.ts';
import { ContentWorkers } from './workers.ts';

export interface CopyProgress {
  /** Files finished or failed so far. */
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface CopyContext {
  /** Files begun are finished, no other is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** One item failed; what was at the destination before is still there. */
  readonly onError?: (error: FailoverError) => void;
  readonly clock?: Clock;
  readonly workers?: ContentWorkers;
  /** Gives a new item (relative, and where it is now) its permissions before it can be seen in its place. */
  readonly permit?: (path: string, place: string) => Promise<void>;
  /** Where the index of the last sync is kept (see syncIndexPath). Without it there is none. */
  readonly indexPath?: string;
  /** Bytes a second. */
  readonly maximumBandwidth?: number;
  /** What was agreed to. Default: all. */
  readonly approved?: { readonly copy: boolean; readonly remove: boolean };
}

/**
 * Does what the plan holds: first what is in the way, then copies, deletions last and only while the source is there.
 * A run that was killed or stopped at any instant leaves no half file, and the next plan holds what is missing.
 * @throws FailoverError DiskFull, FileNotWritable (the destination as a whole), ContentSourceVanished, LockHeld; the
 * signal's reason
 */
export async function applyContentPlan(plan: ContentPlan, context: CopyContext = {}): Promise<CopySummary> {
  const clock = context.clock ?? systemClock;
  const started = clock.monotonic();
  context.signal?.throwIfAborted();
  const run = new CopyRun(plan, new Quarantine(plan.quarantine, plan.destination, clock.now()), context);
  const approved = context.approved ?? { copy: true, remove: true };
  const last = needsLast(plan) ? await lastSync(plan, context.indexPath) : undefined;
  await preparePermissions(plan);
  const workers = context.workers ?? new ContentWorkers();
  try {
    if ((approved.copy && !isNothingToCopy(plan)) || (approved.remove && plan.extra.length > 0)) {
      await lockDestination(plan, context.signal, async () => {
        if (approved.copy) {
          await makeRoom(run);
          await createFolders(run);
          await copyAll(run, workers, last);
        }
        run.throwIfOver();
        if (approved.remove) await removeExtra(run);
        if (approved.copy) await setTimesAndModes(run);
      });
      // The lock was in the root and changed its time.
      if (approved.copy) await setRootTime(run);
    }
    if (context.indexPath !== undefined && (approved.copy || isNothingToCopy(plan)))
      await recordSync(context.indexPath, plan, run.amendments, last, clock.now());
  } finally {
    run.dispose();
    if (context.workers === undefined) await workers.close();
  }
  return run.summary(clock.monotonic() - started);
}

async function lockDestination(
  plan: ContentPlan,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await mkdir(plan.destination, { recursive: true });
  } catch (error) {
    throw writeError(error, plan.destination);
  }
  await withLock(join(plan.destination, lockName), work, lockWaitMs, signal);
}

/** Reading it is only worth it where something may differ from it. */
function needsLast({ files, unknown }: ContentPlan): boolean {
  return files.length + unknown.length > 0;
}

/** A damaged index is as good as none here: what is overwritten is then kept, and a new index is written. */
async function lastSync(plan: ContentPlan, path: string | undefined): Promise<SyncIndex | undefined> {
  if (path === undefined) return undefined;
  try {
    const last = await SyncIndex.open(path);
    return last?.header.source === plan.source ? last : undefined;
  } catch (error) {
    if (toFailoverError(error).id === 'SyncIndexUnreadable') return undefined;
    throw error;
  }
}
