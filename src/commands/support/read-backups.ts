import { join } from 'node:path';
import type { PasswordBoxes } from '../../edge/secret-box.ts';
import {
  fileAt,
  listVersions,
  readListedBackup,
  readSiteList,
  type SiteBackup,
  siteListName,
} from '../../iis/index.ts';
import { failure, toFailoverError } from '../../model/failover-error.ts';
import type { CommandContext } from '../definition.ts';
import { ItemProgress } from './item-progress.ts';
import { selectByName } from './wildcard.ts';

/**
 * The backups of a folder whose names match, all where there is no pattern. A wrong password is the same for every
 * file and ends the run; any other fault is that site's own.
 * @param at takes the newest version of each that was made then or before
 */
export async function readBackups(
  folder: string,
  patterns: readonly string[] | undefined,
  passwords: PasswordBoxes | undefined,
  context: CommandContext,
  at?: Date,
): Promise<SiteBackup[]> {
  const list = join(folder, siteListName);
  const entries = selectByName(
    patterns,
    await readSiteList(list),
    (entry) => entry.name,
    list,
    (error) => context.error(error),
  );
  const versions = at && (await listVersions(folder));
  const backups: SiteBackup[] = [];
  const progress = new ItemProgress(context, 'Reading backups', entries.length);
  for (const entry of entries) {
    context.signal.throwIfAborted();
    progress.working(entry.name);
    try {
      const file = at && (await fileAt(folder, entry.file, at, versions?.get(entry.file) ?? []));
      const named = file === undefined ? entry : { ...entry, file };
      const { backup, asListed } = await readListedBackup(folder, named, passwords);
      if (file !== undefined) context.verbose(`${entry.name} is restored from ${file}`);
      else if (!asListed) context.verbose(`${entry.file} is newer than ${siteListName}`);
      backups.push(backup);
    } catch (error) {
      const failure = toFailoverError(error, entry.name);
      if (failure.id === 'BackupPasswordWrong' || failure.id === 'BackupPasswordMissing') throw failure;
      context.error(failure);
    }
    progress.advance();
  }
  progress.end();
  return backups;
}

/**
 * A time that an administrator names, in ISO 8601; local where it has no offset, as [datetime] takes it.
 * @throws FailoverError ParameterInvalid
 */
export function versionTime(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const form = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
  // A date alone is midnight UTC to JavaScript, and local midnight to everyone else.
  const time = new Date(/T| /i.test(text) ? text : `${text}T00:00`);
  if (!form.test(text) || Number.isNaN(time.getTime()))
    throw failure('ParameterInvalid.version', { version: text }, { target: 'Version' });
  return time;
}
