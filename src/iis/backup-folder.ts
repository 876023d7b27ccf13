import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchResult, replaceFiles } from '../edge/file-batch.ts';
import {
  readIfPresent,
  readRequired,
  removeLeftovers,
  replaceFile,
  sha256,
  writeError,
} from '../edge/files.ts';
import { withLock } from '../edge/lock.ts';
import type { PasswordBox, PasswordBoxes } from '../edge/secret-box.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { formatBackup, parseBackup } from './backup-file.ts';
import { keepVersion, listVersions } from './backup-versions.ts';
import { backupFileName } from './file-name.ts';
import {
  formatSiteList,
  listedServer,
  parseSiteList,
  type SiteListEntry,
  siteListName,
} from './site-list.ts';
import type { SiteBackup } from './types.ts';

export interface WriteOptions {
  /** Seals the secrets and authenticates the files; without one the files carry no secrets. */
  readonly box?: PasswordBox | undefined;
  /** Which sites that were listed before, and are not among these backups, stay in the list. */
  readonly keep: (entry: SiteListEntry) => boolean;
  /** The server that they are of: a folder is that of one. Default: whichever it was. */
  readonly server?: string | undefined;
  /** How many dated versions of each backup are kept (backup-versions.ts). Default none; there is FILE.xml.old. */
  readonly keepVersions?: number | undefined;
  /** Checked between sites; what was written until then is listed. */
  readonly signal?: AbortSignal;
  /** Called as each site is done. */
  readonly onResult?: (result: BackupResult) => void;
}

/** What became of one site. */
export type BackupResult =
  | { readonly name: string; readonly entry: SiteListEntry; readonly replaced: boolean }
  | { readonly name: string; readonly error: FailoverError };

/**
 * Writes a file for each backup, then the list of the folder. A file that was there becomes FILE.xml.old, and an
 * older one of that name goes. At each instant FILE.xml is a whole backup, the old or the new one; the list is
 * written last, and a run that was killed before is made good by the next.
 * @throws FailoverError BackupFolderOfOther, FileNotWritable, DiskFull (the list), LockHeld; failures of single sites
 * are results
 */
export async function writeBackups(
  folder: string,
  backups: Iterable<SiteBackup>,
  options: WriteOptions,
): Promise<BackupResult[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw writeError(error, folder);
  });
  const listPath = join(folder, siteListName);
  return withLock(listPath, async () => {
    await removeLeftovers(
      folder,
      (name) => name === siteListName || /\.xml(\.\d{8}T\d{6}Z)?(\.old)?$/.test(name),
    );
    const { listed, server } = await listedBefore(listPath);
    requireServer(folder, server, options.server);
    const versions = await versionKeeper(folder, options.keepVersions);
    const results: BackupResult[] = [];
    const take = (written: readonly BackupResult[]): void => {
      for (const result of written) {
        results.push(result);
        options.onResult?.(result);
      }
    };
    // While the disk writes one part, the next is made.
    let writing: Promise<BackupResult[]> = Promise.resolve([]);
    for (const chunk of chunks(backups, chunkSize)) {
      if (options.signal?.aborted) break;
      const formatted = await formatChunk(chunk, options.box);
      take(await writing);
      writing = writeChunk(folder, formatted, versions);
      writing.catch(() => undefined); // awaited above, after the next part was made
    }
    take(await writing);
    const keep = options.signal?.aborted ? () => true : options.keep;
    await replaceFile(listPath, formatSiteList(mergeList(listed, results, keep), options.server ?? server));
    options.signal?.throwIfAborted();
    return results;
  });
}

/** Backups that are written and flushed together. */
const chunkSize = 250;

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function formatChunk(
  backups: readonly SiteBackup[],
  box: PasswordBox | undefined,
): Promise<(FormattedBackup | BackupResult)[]> {
  return Promise.all(
    backups.map(async (backup): Promise<FormattedBackup | BackupResult> => {
      try {
        const file = backupFileName(backup.name);
        return { backup, file, text: await formatBackup(backup, box) };
      } catch (error) {
        return { name: backup.name, error: toFailoverError(error, backup.name) };
      }
    }),
  );
}

async function writeChunk(
  folder: string,
  formatted: readonly (FormattedBackup | BackupResult)[],
  keepVersion: VersionKeeper | undefined,
): Promise<BackupResult[]> {
  const ready = formatted.filter((one): one is FormattedBackup => 'text' in one);
  const written = await replaceFiles(
    ready.map(({ file, text }) => {
      const path = join(folder, file);
      return { path, content: text, previous: `${path}.old` };
    }),
  );
  const results = new Map(ready.map((one, index) => [one, resultOf(one, written[index]!)]));
  for (const [one, result] of results) {
    if (keepVersion === undefined || 'error' in result) continue;
    try {
      await keepVersion(one);
    } catch (error) {
      results.set(one, { name: one.backup.name, error: toFailoverError(error, one.backup.name) });
    }
  }
  return formatted.map((one) => ('text' in one ? results.get(one)! : one));
}

interface FormattedBackup {
  readonly backup: SiteBackup;
  readonly file: string;
  readonly text: string;
}

type VersionKeeper = (written: FormattedBackup) => Promise<void>;

async function versionKeeper(folder: string, keep = 0): Promise<VersionKeeper | undefined> {
  if (keep === 0) return undefined;
  const versions = await listVersions(folder);
  return ({ backup, file, text }) =>
    keepVersion(folder, file, text, backup.created, keep, versions.get(file) ?? []);
}

function resultOf({ backup, file, text }: FormattedBackup, written: BatchResult): BackupResult {
  const { name, id } = backup;
  if ('error' in written) return { name, error: toFailoverError(written.error, name) };
  const contentRoots = [...new Set(backup.contentRoots.map((root) => root.physicalPath))];
  return { name, replaced: written.replaced, entry: { name, id, file, sha256: sha256(text), contentRoots } };
}

/** A list that cannot be read is no reason not to write a good one. */
async function listedBefore(path: string): Promise<{ listed: SiteListEntry[]; server: string | undefined }> {
  const text = (await readIfPresent(path).catch(() => undefined))?.toString('utf8') ?? '';
  const server = listedServer(text);
  try {
    return { listed: parseSiteList(text, path), server };
  } catch {
    return { listed: [], server };
  }
}

/** @throws FailoverError BackupFolderOfOther where the folder holds backups of another server */
export async function requireOwnFolder(folder: string, server: string): Promise<void> {
  const { server: owner } = await listedBefore(join(folder, siteListName));
  requireServer(folder, owner, server);
}

/** Else sites of one name would take each other's place, and each list would end the other's sites. */
function requireServer(folder: string, owner: string | undefined, server: string | undefined): void {
  if (owner === undefined || server === undefined || owner.toLowerCase() === server.toLowerCase()) return;
  throw failure('BackupFolderOfOther', { folder, owner, server }, { target: folder });
}

/** New entries, and of the old ones those to keep, also where the site's new backup failed: its file is still good. */
function mergeList(
  listed: readonly SiteListEntry[],
  results: readonly BackupResult[],
  keep: WriteOptions['keep'],
): SiteListEntry[] {
  const entries = new Map<string, SiteListEntry>();
  const failed = new Set(results.filter((result) => 'error' in result).map(({ name }) => nameKey(name)));
  for (const entry of listed)
    if (keep(entry) || failed.has(nameKey(entry.name))) entries.set(nameKey(entry.name), entry);
  for (const result of results) if ('entry' in result) entries.set(nameKey(result.name), result.entry);
  return [...entries.values()];
}

export interface ListedBackup {
  readonly backup: SiteBackup;
  /** False where the file is not the one that was listed: a backup run is at work, or ended before its list. */
  readonly asListed: boolean;
}

/**
 * Reads the backup that a list names. The file proves itself (see seal.ts), so one that is newer than the list is
 * good; one of another site is not.
 * @throws FailoverError as readBackup; BackupTampered for a file of another site
 */
export async function readListedBackup(
  folder: string,
  entry: SiteListEntry,
  passwords?: PasswordBoxes,
): Promise<ListedBackup> {
  const path = join(folder, entry.file);
  const bytes = await readRequired(path);
  const backup = await parseBackup(bytes, path, passwords);
  if (nameKey(backup.name) !== nameKey(entry.name))
    throw failure(
      'BackupTampered.otherSite',
      { path, name: backup.name, list: siteListName, listed: entry.name },
      { target: entry.name },
    );
  return { backup, asListed: sha256(bytes) === entry.sha256 };
}
