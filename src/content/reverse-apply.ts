import { copyFileSync, constants, linkSync, mkdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Clock, systemClock } from '../edge/clock.ts';
import { writeError } from '../edge/files.ts';
import { lockWaitMs, withLock } from '../edge/lock.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { placeCopy } from './copy-file.ts';
import { below, examineSync } from './folder-sync.ts';
import { nativePath } from './native-name.ts';
import { ReverseCopier } from './reverse-copier.ts';
import { Quarantine } from './quarantine.ts';
import { recordReverse } from './reverse-record.ts';
import type { ReverseItem, ReversePlan } from './reverse-plan.ts';
import type { SyncIndex, SyncedFile } from './sync-index.ts';
import { lockName } from './temporary.ts';
import { conflictName, type Version } from './three-way.ts';
import type { ContentWorkers } from './workers.ts';

export interface ReverseContext {
  readonly clock?: Clock;
  /** The file begun is finished, no other is begun. */
  readonly signal?: AbortSignal;
  /** One item failed; both sides still have what they had of it. */
  readonly onError?: (error: FailoverError) => void;
  /** Folders for what is overwritten or removed, each on the volume of its side. */
  readonly quarantine: { readonly primary: string; readonly standby: string };
  /** Of the last sync, and where the new one goes. */
  readonly index: SyncIndex | undefined;
  readonly indexPath: string;
  /** Gives the primary's new file (second) the permissions of the one it replaces (first). */
  readonly keepPermissions?: (present: string, copy: string) => Promise<void>;
  /** Threads that copy; without them this one does. */
  readonly workers?: ContentWorkers;
  /** Compares each copy with what was read, by SHA-256. */
  readonly verify?: boolean;
  /** Bytes a second. */
  readonly maximumBandwidth?: number;
}

/** What bringing back did. */
export interface ReverseSummary {
  /** To the primary. */
  readonly filesCopied: number;
  readonly bytes: number;
  /** Of the primary: in its quarantine. */
  readonly filesDeleted: number;
  /** Overwritten versions, of either side: in its quarantine. */
  readonly filesKept: number;
  readonly failed: number;
  readonly quarantine: readonly string[];
  readonly durationMs: number;
}

/**
 * Brings back what the plan holds and records the new sync. What either side loses is in its quarantine first; a file
 * that changed since the plan was made is left alone. A run that was killed at any instant leaves the old index, so
 * that the next one finds what is left to do.
 * @throws FailoverError LockHeld, DiskFull, FileNotWritable (the index); the signal's reason
 */
export async function applyReverse(plan: ReversePlan, context: ReverseContext): Promise<ReverseSummary> {
  const run = new ReverseRun(plan, context);
  await withLock(join(plan.destination, lockName), () => run.run(), lockWaitMs, context.signal);
  return run.summary();
}

class ReverseRun {
  readonly #plan: ReversePlan;
  readonly #context: ReverseContext;
  readonly #now: Date;
  readonly #clock: Clock;
  readonly #started: number;
  readonly #quarantine: { readonly primary: Quarantine; readonly standby: Quarantine };
  /** What became of each item: the version that both sides have, null where both have none. */
  readonly #outcomes = new Map<string, SyncedFile | null>();
  readonly #used = new Set<string>();
  readonly #copier: ReverseCopier;
  #fatal: FailoverError | undefined;
  #filesCopied = 0;
  #bytes = 0;
  #filesDeleted = 0;
  #filesKept = 0;
  #failed: number;

  constructor(plan: ReversePlan, context: ReverseContext) {
    this.#plan = plan;
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    this.#now = this.#clock.now();
    this.#copier = new ReverseCopier(context);
    this.#started = this.#clock.monotonic();
    this.#failed = plan.problems.length + plan.unresolved.length;
    const { primary, standby } = context.quarantine;
    this.#quarantine = {
      primary: new Quarantine(primary, plan.source, this.#now),
      standby: new Quarantine(standby, plan.destination, this.#now),
    };
  }

  async run(): Promise<void> {
    const { items, newFolders, goneFolders, source } = this.#plan;
    try {
      for (const folder of newFolders) this.#try(folder, () => makeFolder(below(source, folder)));
      await this.#doAll(items);
      for (const folder of goneFolders.toReversed()) removeIfEmpty(below(source, folder));
    } finally {
      const { index, indexPath } = this.#context;
      await recordReverse(indexPath, this.#plan, this.#outcomes, index, this.#now);
    }
  }

  summary(): ReverseSummary {
    return {
      filesCopied: this.#filesCopied,
      bytes: this.#bytes,
      filesDeleted: this.#filesDeleted,
      filesKept: this.#filesKept,
      failed: this.#failed,
      quarantine: [...this.#used],
      durationMs: this.#clock.monotonic() - this.#started,
    };
  }

  /** Several at a time, as each waits for its copy. Those begun are finished whatever happens. */
  async #doAll(items: readonly ReverseItem[]): Promise<void> {
    const running = new Set<Promise<void>>();
    for (const item of items) {
      if (this.#context.signal?.aborted === true || this.#fatal !== undefined) break;
      await setImmediate();
      const work = this.#do(item).finally(() => running.delete(work));
      running.add(work);
      if (running.size >= this.#copier.capacity) await Promise.race(running);
    }
    await Promise.all(running);
    this.#context.signal?.throwIfAborted();
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  async #do(item: ReverseItem): Promise<void> {
    const { source, destination } = this.#plan;
    try {
      this.#requireUnchanged(source, item.path, item.versions.primary);
      this.#requireUnchanged(destination, item.path, item.versions.standby);
      switch (item.action) {
        case 'toPrimary':
          return await this.#toPrimary(item);
        case 'toStandby':
          return await this.#copy(destination, source, item, this.#quarantine.standby);
        case 'removeOnPrimary':
          return this.#remove(source, item.path, this.#quarantine.primary);
        case 'removeOnStandby':
          return this.#remove(destination, item.path, this.#quarantine.standby);
        case 'both':
          this.#keepBeside(item.path);
          return await this.#toPrimary(item);
      }
    } catch (error) {
      const failure = toFailoverError(error, join(source, item.path));
      if (failure.id === 'DiskFull' || failure.id === 'Internal') this.#fatal ??= failure;
      else if (failure.id !== 'Cancelled') this.#fail(failure);
    }
  }

  async #toPrimary(item: ReverseItem): Promise<void> {
    const { source, destination } = this.#plan;
    const { keepPermissions } = this.#context;
    const to = below(source, item.path);
    const isThere = item.versions.primary !== undefined;
    if (!isThere || keepPermissions === undefined) {
      await this.#copy(source, destination, item, this.#quarantine.primary);
    } else {
      const { folder } = this.#quarantine.primary;
      const { version, temporary } = await this.#copier.copy(
        destination,
        source,
        item.path,
        item.versions.standby!,
        folder,
        true,
      );
      await keepPermissions(to, temporary);
      placeCopy(temporary, to, below(folder, item.path));
      this.#done(item, version, this.#quarantine.primary);
    }
    this.#filesCopied++;
  }

  /** Always with a place for what is there: also for a file that appears at this instant. */
  async #copy(toSide: string, fromSide: string, item: ReverseItem, quarantine: Quarantine): Promise<void> {
    makeFolder(dirname(below(toSide, item.path)));
    const found = fromSide === this.#plan.source ? item.versions.primary! : item.versions.standby!;
    const { version } = await this.#copier.copy(fromSide, toSide, item.path, found, quarantine.folder, false);
    this.#done(item, version, quarantine);
  }

  #done(item: ReverseItem, { size, mtimeMs }: SyncedFile, quarantine: Quarantine): void {
    const replaced = quarantine === this.#quarantine.primary ? item.versions.primary : item.versions.standby;
    this.#outcomes.set(item.path, { size, mtimeMs });
    this.#bytes += size;
    if (replaced === undefined) return;
    this.#filesKept++;
    this.#used.add(quarantine.folder);
  }

  #remove(side: string, path: string, quarantine: Quarantine): void {
    if (quarantine.take(side, path)) this.#used.add(quarantine.folder);
    if (side === this.#plan.source) this.#filesDeleted++;
    else this.#filesKept++;
    this.#outcomes.set(path, null);
  }

  /** A second name for the primary's version, in its own folder; the next copy brings it to the standby. */
  #keepBeside(path: string): void {
    const { source, destination } = this.#plan;
    const folder = below(source, path).slice(0, -basename(path).length - 1);
    const beside = below(destination, path).slice(0, -basename(path).length - 1);
    const name = conflictName(basename(path), this.#now, (other) =>
      [folder, beside].some((place) => examineSync(`${place}/${other}`) !== undefined),
    );
    const [from, to] = [nativePath(below(source, path)), nativePath(`${folder}/${name}`)];
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to, constants.COPYFILE_EXCL); // no hard links on this volume
    }
  }

  #requireUnchanged(side: string, path: string, planned: Version | undefined): void {
    const place = below(side, path);
    const now = examineSync(place);
    const isSame =
      now === undefined
        ? planned === undefined
        : now.isFile() && now.size === planned?.size && now.mtimeMs === planned.mtimeMs;
    if (isSame) return;
    throw failure('FileChangedMeanwhile.bringingBack', { path: place }, { target: place });
  }

  #try(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(toFailoverError(error, path));
    }
  }

  #fail(error: FailoverError): void {
    this.#failed++;
    this.#context.onError?.(error);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(nativePath(path), { recursive: true });
  } catch (error) {
    throw writeError(error, path);
  }
}

/** What is left in it was not on the standby: it stays. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(nativePath(path));
  } catch {
    // not empty, or gone
  }
}
