import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent, replaceFile } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';

/** A dated version of a backup: `site1.com.xml.20261124T010000Z.old` is the one that was made then. */
export interface BackupVersion {
  /** ISO 8601, UTC. */
  readonly created: string;
  /** Its name, in the folder of the backup. */
  readonly file: string;
}

const versionName = /^(.+\.xml)\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.old$/s;

/** The dated versions in a backup folder, by the backup file they are versions of, oldest first. */
export async function listVersions(folder: string): Promise<Map<string, BackupVersion[]>> {
  const versions = new Map<string, BackupVersion[]>();
  for (const file of (await readdir(folder).catch(() => [])).sort()) {
    const [, of, year, month, day, hour, minute, second] = versionName.exec(file) ?? [];
    if (of === undefined) continue;
    const created = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
    versions.set(of, [...(versions.get(of) ?? []), { created, file }]);
  }
  return versions;
}

/**
 * Keeps what was just written as a dated version, and removes the oldest so that `keep` are left.
 * @param created ISO 8601, UTC
 * @param others the versions there were before (listVersions)
 */
export async function keepVersion(
  folder: string,
  file: string,
  text: string,
  created: string,
  keep: number,
  others: readonly BackupVersion[],
): Promise<void> {
  const name = `${file}.${created.slice(0, 19).replace(/[-:]/g, '')}Z.old`;
  await replaceFile(join(folder, name), text);
  const kept = [...others.map((other) => other.file).filter((other) => other !== name), name].sort();
  for (const old of kept.slice(0, Math.max(0, kept.length - keep)))
    await rm(join(folder, old), { force: true });
}

/**
 * The file of the newest backup of a site that was made at a time or before it: the backup itself, the .old file
 * beside it, or a dated version. Nothing is proved of it yet: readListedBackup does so.
 * @throws FailoverError BackupVersionMissing, which names the oldest there is
 */
export async function fileAt(
  folder: string,
  file: string,
  at: Date,
  versions: readonly BackupVersion[],
): Promise<string> {
  const candidates = [...versions];
  for (const name of [file, `${file}.old`]) {
    const bytes = await readIfPresent(join(folder, name));
    const created = bytes && createdOf(bytes);
    if (created !== undefined) candidates.push({ created, file: name });
  }
  candidates.sort((a, b) => Date.parse(a.created) - Date.parse(b.created));
  // Names of versions are in whole seconds.
  const found = candidates.findLast(
    ({ created }) => Math.floor(Date.parse(created) / 1000) * 1000 <= at.getTime(),
  );
  if (found !== undefined) return found.file;
  const oldest = candidates[0]?.created;
  if (oldest === undefined) throw failure('BackupVersionMissing.none', { file, at }, { target: file });
  throw failure('BackupVersionMissing.older', { file, at, oldest }, { target: file });
}

/** When a backup says it was made: an attribute of its first element. */
function createdOf(bytes: Buffer): string | undefined {
  const created = / created="([^"]+)"/.exec(bytes.subarray(0, 4096).toString('utf8'))?.[1];
  return created === undefined || Number.isNaN(Date.parse(created)) ? undefined : created;
}
