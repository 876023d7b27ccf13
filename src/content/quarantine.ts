import { mkdirSync, renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, reason, sha256, writeError } from '../edge/files.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { below } from './folder-sync.ts';
import { nativePath } from './native-name.ts';

/*
 * What is deleted or overwritten at a destination is moved to
 *
 *   QUARANTINE/2026-11-24T114500123Z/site1-0a1b2c3d/PATH
 *
 * on the same volume: moving takes no space and no time, and ACLs stay. The date is the time of the run in UTC; the
 * folder below it is the destination's name and 8 digits of the SHA-256 of its path.
 */

const runName = /^(\d{4}-\d\d-\d\dT)(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** The place in the quarantine for one destination and one run. */
export class Quarantine {
  readonly folder: string;

  constructor(quarantine: string, destination: string, now: Date) {
    const stamp = now.toISOString().replace(/[:.]/g, '');
    this.folder = join(quarantine, stamp, `${basename(destination)}-${sha256(destination).slice(0, 8)}`);
  }

  /**
   * Moves an item of the destination, a folder with all that is in it.
   * @returns false where there was nothing
   * @throws FailoverError QuarantineUnavailable, FileNotWritable, DiskFull; the item is where it was
   */
  take(destination: string, path: string): boolean {
    const from = below(destination, path);
    const to = below(this.folder, path);
    try {
      mkdirSync(nativePath(dirname(to)), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unavailable(this.folder, from, reason(error), error);
    }
    try {
      renameSync(nativePath(from), nativePath(to));
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      if (errorCode(error) === 'EXDEV')
        throw unavailable(this.folder, from, 'it is on another volume', error);
      throw writeError(error, from);
    }
  }
}

/**
 * Removes what went into the quarantine more than `days` ago. Only folders named as above are touched.
 * @returns the folders removed
 */
export async function purgeQuarantine(quarantine: string, days: number, now: Date): Promise<string[]> {
  const purged: string[] = [];
  for (const name of await readdir(quarantine).catch(() => [])) {
    const time = timeOf(name);
    if (time === undefined || now.getTime() - time <= days * 24 * 3600 * 1000) continue;
    const folder = join(quarantine, name);
    try {
      await rm(folder, { recursive: true, force: true });
      purged.push(folder);
    } catch (error) {
      throw writeError(error, folder);
    }
  }
  return purged;
}

function timeOf(name: string): number | undefined {
  const [, date, hours, minutes, seconds, milliseconds] = runName.exec(name) ?? [];
  const time = Date.parse(`${date}${hours}:${minutes}:${seconds}.${milliseconds}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function unavailable(folder: string, from: string, why: string, cause: unknown): FailoverError {
  return failure('QuarantineUnavailable', { path: from, folder, why }, { target: from, cause });
}
