import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { CopyContext } from './apply.ts';
import type { ContentPlan } from './plan.ts';
import type { Quarantine } from './quarantine.ts';
import { newShared, Shared } from './shared.ts';
import type { SyncedFile } from './sync-index.ts';

/** What a copy did. */
export interface CopySummary {
  readonly site: string;
  readonly source: string;
  readonly destination: string;
  readonly filesCopied: number;
  readonly foldersCreated: number;
  readonly bytes: number;
  readonly unchanged: number;
  /** Moved to the quarantine: only at the destination, or in the way of something of another kind. */
  readonly filesDeleted: number;
  /** Overwritten copies that were not what the last sync left: they are in the quarantine too. */
  readonly filesKept: number;
  /** The folder of this run in the quarantine, where something is in it. */
  readonly quarantine: string | undefined;
  /** Links and special files, which are not copied. */
  readonly skipped: number;
  /** Items that could not be read when the plan was made, or not be copied or deleted now. */
  readonly failed: number;
  readonly durationMs: number;
}

/** The state of one copy. */
export class CopyRun {
  readonly plan: ContentPlan;
  readonly quarantine: Quarantine;
  readonly context: CopyContext;
  readonly shared = newShared();
  readonly amendments = new Map<string, Map<string, SyncedFile | undefined>>();
  /** Folders at the destination in which something was changed, so that their times are not right. */
  readonly touched = new Set<string>();
  filesCopied = 0;
  foldersCreated = 0;
  bytes = 0;
  filesDeleted = 0;
  filesKept = 0;
  filesDone = 0;
  #failed: number;
  #fatal: FailoverError | undefined;
  readonly #control: Shared;
  readonly #stop = (): void => this.#control.stop();

  constructor(plan: ContentPlan, quarantine: Quarantine, context: CopyContext) {
    this.plan = plan;
    this.quarantine = quarantine;
    this.context = context;
    this.#failed = plan.problems.length;
    this.#control = new Shared(this.shared);
    context.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  dispose(): void {
    this.context.signal?.removeEventListener('abort', this.#stop);
  }

  get isOver(): boolean {
    return this.context.signal?.aborted === true || this.#fatal !== undefined;
  }

  throwIfOver(): void {
    this.context.signal?.throwIfAborted();
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  /** A full disk fails every file to come as well: it ends the run. Other failures are that item's own. */
  fail(error: unknown): void {
    if (!(error instanceof FailoverError) || error.id === 'DiskFull') {
      this.#fatal ??= toFailoverError(error, this.plan.site);
      this.#control.stop();
      return;
    }
    this.#failed++;
    this.context.onError?.(error);
  }

  touchParentOf(path: string): void {
    this.touched.add(parentOf(path));
  }

  /** @param version undefined where the file is not in sync */
  amend(path: string, version: SyncedFile | undefined): void {
    const folder = parentOf(path);
    const files = this.amendments.get(folder) ?? new Map<string, SyncedFile | undefined>();
    this.amendments.set(folder, files.set(nameOf(path), version));
  }

  progress(): void {
    const { files, bytes } = this.plan;
    this.context.onProgress?.({
      files: this.filesDone,
      totalFiles: files.length,
      bytes: Math.min(bytes, this.#control.bytes),
      totalBytes: bytes,
    });
  }

  summary(durationMs: number): CopySummary {
    const { site, source, destination, unchanged, skipped } = this.plan;
    const { filesCopied, foldersCreated, bytes, filesDeleted, filesKept } = this;
    return {
      site,
      source,
      destination,
      filesCopied,
      foldersCreated,
      bytes,
      unchanged,
      filesDeleted,
      filesKept,
      quarantine: filesDeleted + filesKept > 0 ? this.quarantine.folder : undefined,
      skipped: skipped.length,
      failed: this.#failed,
      durationMs,
    };
  }
}

export function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
