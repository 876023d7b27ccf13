import { placeCopy } from './copy-file.ts';
import { below } from './folder-sync.ts';
import { type CopyResult, type FileJob, fromProblem, type StagedFile } from './job.ts';
import type { CopyRun } from './run.ts';
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
  readonly folder: string;
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
      folder: batch.folder,
      files: batch.files,
      quarantine: run.quarantine.folder,
      shared: run.shared,
      maximumBandwidth: context.maximumBandwidth,
      stage: context.permit !== undefined,
    },
    isLong,
  );
  account(run, batch, result);
  await Promise.all(result.staged.map((file) => placeStaged(run, batch.folder, file)));
  run.progress();
}

/** Gives a copy its permissions, and then its place. */
async function placeStaged(run: CopyRun, folder: string, file: StagedFile): Promise<void> {
  const { destination } = run.plan;
  const path = folder === '' ? file.name : `${folder}/${file.name}`;
  const temporary = below(below(destination, folder), file.temporary);
  try {
    await run.context.permit?.(path, temporary);
    placeCopy(
      temporary,
      below(destination, path),
      file.keep ? below(run.quarantine.folder, path) : undefined,
    );
    run.filesCopied++;
    run.bytes += file.size;
    if (file.keep) run.filesKept++;
    run.touched.add(folder);
  } catch (error) {
    run.amend(folder, file.name, undefined);
    run.fail(error);
  }
}

function account(run: CopyRun, { folder, files }: Batch, result: CopyResult): void {
  run.filesCopied += result.copied;
  run.bytes += result.bytes;
  run.filesKept += result.kept;
  run.filesDone += files.length - result.left.length;
  if (result.copied > 0) run.touched.add(folder);
  for (const { name, size, mtimeMs } of result.amended) run.amend(folder, name, { size, mtimeMs });
  for (const { name } of result.failed) run.amend(folder, name, undefined);
  for (const name of result.left) run.amend(folder, name, undefined);
  if (result.fatal !== undefined) run.fail(fromProblem(result.fatal));
  for (const { problem } of result.failed) if (problem !== result.fatal) run.fail(fromProblem(problem));
}

async function* batches(run: CopyRun, last: SyncIndex | undefined): AsyncIterable<Batch> {
  for (const [folder, all] of run.plan.files.byFolder()) {
    const files = await markKept(run, folder, all, last);
    let start = 0;
    let bytes = 0;
    for (let end = 0; end < files.length; end++) {
      const { size } = files[end]!;
      if (end > start && (end - start === batchFiles || bytes + size > batchBytes)) {
        yield { folder: folder.path, files: files.slice(start, end), bytes };
        start = end;
        bytes = 0;
      }
      bytes += size;
    }
    if (files.length > start) yield { folder: folder.path, files: files.slice(start), bytes };
  }
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
  return files.map(({ name, size, mtimeMs, theirs }) => {
    const known = synced?.get(name);
    const isOurs =
      theirs === undefined ||
      (known?.size === theirs.size &&
        Math.abs(known.mtimeMs - theirs.mtimeMs) <= run.plan.sides.timeTolerance);
    return { name, size, mtimeMs, keep: !isOurs };
  });
}
