import { placeCopy } from './copy-file.ts';
import { below } from './folder-sync.ts';
import { type CopyResult, type FileJob, fromProblem, type StagedFile } from './job.ts';
import { type CopyRun, nameOf } from './run.ts';
import type { SyncIndex } from './sync-index.ts';
import type { FileOfFolder, PlannedFolder } from './file-list.ts';
import type { ContentWorkers } from './workers.ts';

/** Small files go to a thread by the hundred; a large one alone. */
const batchFiles = 64;
const batchBytes = 1024 * 1024;
/** Batches from here on may take longer than this process may be silent. */
const longBytes = 4 * 1024 * 1024;
const progressMs = 250;

interface Batch {
  readonly files: readonly FileJob[];
  readonly bytes: number;
}

/** Copies the files of the plan, by several threads where there are many. */
export async function copyAll(
  run: CopyRun,
  workers: ContentWorkers,
  last: SyncIndex | undefined,
): Promise<void> {
  const { plan, context } = run;
  const running = new Set<Promise<void>>();
  const timer = setInterval(() => run.progress(), progressMs);
  try {
    for await (const batch of batches(run, last)) {
      if (run.isOver) break;
      const work = copyBatch(run, workers, batch).finally(() => running.delete(work));
      running.add(work);
      if (running.size >= workers.capacity) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    clearInterval(timer);
    await Promise.allSettled(running);
  }
  if (plan.files.length > 0 && context.onProgress !== undefined) run.progress();
}

async function copyBatch(run: CopyRun, workers: ContentWorkers, batch: Batch): Promise<void> {
  const { plan, context } = run;
  const isLong = batch.bytes >= longBytes || context.maximumBandwidth !== undefined;
  const result = await workers.run(
    {
      kind: 'copy',
      sides: plan.sides,
      files: batch.files,
      quarantine: run.quarantine.folder,
      shared: run.shared,
      maximumBandwidth: context.maximumBandwidth,
      stage: context.permit !== undefined,
    },
    isLong,
  );
  account(run, batch, result);
  await Promise.all(result.staged.map((file) => placeStaged(run, file)));
  run.progress();
}

/** Gives a copy its permissions, and then its place. */
async function placeStaged(run: CopyRun, { path, temporary, size, keep }: StagedFile): Promise<void> {
  const { destination } = run.plan;
  try {
    await run.context.permit?.(path, temporary);
    placeCopy(temporary, below(destination, path), keep ? below(run.quarantine.folder, path) : undefined);
    run.filesCopied++;
    run.bytes += size;
    if (keep) run.filesKept++;
    run.touchParentOf(path);
  } catch (error) {
    run.amend(path, undefined);
    run.fail(error);
  }
}

function account(run: CopyRun, { files }: Batch, result: CopyResult): void {
  run.filesCopied += result.copied;
  run.bytes += result.bytes;
  run.filesKept += result.kept;
  run.filesDone += files.length - result.left.length;
  if (result.copied > 0) for (const { path } of files) run.touchParentOf(path);
  for (const { path, size, mtimeMs } of result.amended) run.amend(path, { size, mtimeMs });
  for (const { path } of result.failed) run.amend(path, undefined);
  for (const path of result.left) run.amend(path, undefined);
  if (result.fatal !== undefined) run.fail(fromProblem(result.fatal));
  for (const problem of result.aclProblems) run.fail(fromProblem(problem));
  for (const { problem } of result.failed) if (problem !== result.fatal) run.fail(fromProblem(problem));
}

async function* batches(run: CopyRun, last: SyncIndex | undefined): AsyncIterable<Batch> {
  let files: FileJob[] = [];
  let bytes = 0;
  for (const [folder, all] of run.plan.files.byFolder()) {
    for (const file of await markKept(run, folder, all, last)) {
      if (files.length > 0 && (files.length === batchFiles || bytes + file.size > batchBytes)) {
        yield { files, bytes };
        files = [];
        bytes = 0;
      }
      files.push(file);
      bytes += file.size;
    }
  }
  if (files.length > 0) yield { files, bytes };
}

/** A copy at the destination that is not what the last sync left was changed there: it is kept. */
async function markKept(
  run: CopyRun,
  { path, changed }: PlannedFolder,
  files: readonly FileOfFolder[],
  last: SyncIndex | undefined,
): Promise<readonly FileJob[]> {
  if (changed.length === 0) return files;
  const synced = (await last?.folder(path))?.files;
  return files.map(({ path: file, size, mtimeMs, theirs }) => {
    const known = synced?.get(nameOf(file));
    const isOurs =
      theirs === undefined ||
      (known?.size === theirs.size &&
        Math.abs(known.mtimeMs - theirs.mtimeMs) <= run.plan.sides.timeTolerance);
    return { path: file, size, mtimeMs, keep: !isOurs };
  });
}
