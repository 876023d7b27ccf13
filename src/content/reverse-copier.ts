import { failure } from '../model/failover-error.ts';
import { type CopyJob, fromProblem } from './job.ts';
import type { ReverseContext } from './reverse-apply.ts';
import { newShared, Shared } from './shared.ts';
import type { SyncedFile } from './sync-index.ts';
import { ContentWorkers } from './workers.ts';

/** From here on a copy may take longer than this process may be silent. */
const longBytes = 4 * 1024 * 1024;

/** Copies single files from either side to the other by the threads that copy content, within the same limits. */
export class ReverseCopier {
  readonly #workers: ContentWorkers;
  readonly #buffer = newShared();
  readonly #context: ReverseContext;

  constructor(context: ReverseContext) {
    this.#context = context;
    this.#workers = context.workers ?? new ContentWorkers(0);
    const shared = new Shared(this.#buffer);
    context.signal?.addEventListener('abort', () => shared.stop(), { once: true });
  }

  get capacity(): number {
    return this.#workers.capacity;
  }

  /**
   * What is at the destination goes to the quarantine, unless the copy is staged: left under its temporary name. Size
   * and time are those of the file as it was found.
   * @throws FailoverError as copyFileAtomically
   */
  async copy(
    source: string,
    destination: string,
    path: string,
    { size, mtimeMs }: SyncedFile,
    quarantine: string,
    stage: boolean,
  ): Promise<{ readonly version: SyncedFile; readonly temporary: string }> {
    const { verify = false, maximumBandwidth } = this.#context;
    const job: CopyJob = {
      kind: 'copy',
      sides: { source, destination, timeTolerance: 0, exclude: [], otherRoots: [], verify },
      files: [{ path, size, mtimeMs, keep: true }],
      quarantine,
      shared: this.#buffer,
      maximumBandwidth,
      stage,
    };
    const isLong = size >= longBytes || maximumBandwidth !== undefined;
    const { failed, amended, staged, left } = await this.#workers.run(job, isLong);
    if (failed[0] !== undefined) throw fromProblem(failed[0].problem);
    if (left.length > 0) throw failure('Cancelled');
    return { version: amended[0] ?? { size, mtimeMs }, temporary: staged[0]?.temporary ?? '' };
  }
}
