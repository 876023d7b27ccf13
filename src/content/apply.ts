import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { type Clock, systemClock } from '../edge/clock.ts';
import { writeError } from '../edge/files.ts';
import { withLock } from '../edge/lock.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import { copyFileAtomically } from './copy-file.ts';
import { type ContentPlan, isEmptyPlan } from './plan.ts';
import { lockName } from './temporary.ts';

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
  /** Gives a new item (relative, and where it is now) its permissions before it can be seen in its place. */
  readonly permit?: (path: string, place: string) => Promise<void>;
}

/** What a copy did. */
export interface CopySummary {
  readonly site: string;
  readonly source: string;
  readonly destination: string;
  readonly filesCopied: number;
  readonly foldersCreated: number;
  readonly bytes: number;
  readonly unchanged: number;
  /** Only at the destination, and left there (see ContentPlan). */
  readonly extra: number;
  /** Links and special files, which are not copied. */
  readonly skipped: number;
  /** Items that could not be read when the plan was made, or not be copied now. */
  readonly failed: number;
  readonly durationMs: number;
}

const concurrency = 32;
/** Longer than a lock outlives its killed owner, so that a run after a kill goes on by itself. */
const lockWaitMs = 15_000;

/**
 * Copies what the plan holds. A run that was killed or stopped at any instant leaves no half file, and the next
 * plan holds what is missing.
 * @throws FailoverError DiskFull, FileNotWritable (the destination as a whole), LockHeld; the signal's reason
 */
export async function applyContentPlan(plan: ContentPlan, context: CopyContext = {}): Promise<CopySummary> {
  const clock = context.clock ?? systemClock;
  const started = clock.monotonic();
  context.signal?.throwIfAborted();
  const copy = new Copy(plan, context);
  if (!isEmptyPlan(plan)) {
    try {
      await mkdir(plan.destination, { recursive: true });
    } catch (error) {
      throw writeError(error, plan.destination);
    }
    await withLock(join(plan.destination, lockName), () => copy.run(), lockWaitMs, context.signal);
  }
  return copy.summary(clock.monotonic() - started);
}

class Copy {
  readonly #plan: ContentPlan;
  readonly #context: CopyContext;
  #filesCopied = 0;
  #foldersCreated = 0;
  #bytes = 0;
  #done = { files: 0, bytes: 0 };
  #failed: number;
  #fatal: FailoverError | undefined;

  constructor(plan: ContentPlan, context: CopyContext) {
    this.#plan = plan;
    this.#context = context;
    this.#failed = plan.problems.length;
  }

  async run(): Promise<void> {
    await this.#removeLeftovers();
    await this.#createFolders();
    const queue = new PQueue({ concurrency });
    for (const file of this.#plan.files) {
      if (this.#isOver()) break;
      await queue.onSizeLessThan(concurrency);
      void queue.add(() => this.#copy(file.path, file.size));
    }
    await queue.onIdle();
    this.#context.signal?.throwIfAborted();
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  summary(durationMs: number): CopySummary {
    const { site, source, destination, unchanged, extra, skipped } = this.#plan;
    return {
      site,
      source,
      destination,
      filesCopied: this.#filesCopied,
      foldersCreated: this.#foldersCreated,
      bytes: this.#bytes,
      unchanged,
      extra,
      skipped: skipped.length,
      failed: this.#failed,
      durationMs,
    };
  }

  #isOver(): boolean {
    return this.#context.signal?.aborted === true || this.#fatal !== undefined;
  }

  /** A full disk fails every file to come as well: it ends the run. Other failures are that item's own. */
  #fail(error: unknown): void {
    if (!(error instanceof FailoverError) || error.id === 'DiskFull') {
      this.#fatal ??= toFailoverError(error, this.#plan.site);
      return;
    }
    this.#failed++;
    this.#context.onError?.(error);
  }

  async #removeLeftovers(): Promise<void> {
    for (const path of this.#plan.leftovers)
      await rm(join(this.#plan.destination, path), { force: true }).catch(() => undefined); // no content; tried again
  }

  async #createFolders(): Promise<void> {
    for (const { path, mode } of this.#plan.folders) {
      if (this.#isOver()) return;
      const folder = join(this.#plan.destination, path);
      try {
        await mkdir(folder, { recursive: true });
        // Our own files still have to go in, whatever the primary allows its owner.
        if (process.platform !== 'win32') await chmod(folder, (mode & 0o7777) | 0o700);
        await this.#context.permit?.(path, folder);
        this.#foldersCreated++;
      } catch (error) {
        this.#fail(writeError(error, folder));
      }
    }
  }

  async #copy(path: string, size: number): Promise<void> {
    if (this.#isOver()) return;
    try {
      const bytes = await copyFileAtomically(
        join(this.#plan.source, path),
        join(this.#plan.destination, path),
        (place) => this.#context.permit?.(path, place),
      );
      this.#bytes += bytes;
      this.#filesCopied++;
    } catch (error) {
      this.#fail(error);
    }
    this.#done.files++;
    this.#done.bytes += size;
    this.#context.onProgress?.({
      ...this.#done,
      totalFiles: this.#plan.files.length,
      totalBytes: this.#plan.bytes,
    });
  }
}
