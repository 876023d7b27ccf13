import { join } from 'node:path';
import type { PasswordBoxes } from '../../edge/secret-box.ts';
import { readListedBackup, readSiteList, type SiteBackup, siteListName } from '../../iis/index.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { CommandContext } from '../definition.ts';
import { selectByName } from './wildcard.ts';

/**
 * The backups of a folder whose names match, all where there is no pattern. A wrong password is the same for every
 * file and ends the run; any other fault is that site's own.
 */
export async function readBackups(
  folder: string,
  patterns: readonly string[] | undefined,
  passwords: PasswordBoxes | undefined,
  context: CommandContext,
): Promise<SiteBackup[]> {
  const list = join(folder, siteListName);
  const entries = selectByName(
    patterns,
    await readSiteList(list),
    (entry) => entry.name,
    list,
    (error) => context.error(error),
  );
  const backups: SiteBackup[] = [];
  for (const entry of entries) {
    try {
      const { backup, asListed } = await readListedBackup(folder, entry, passwords);
      if (!asListed) context.verbose(`${entry.file} is newer than ${siteListName}`);
      backups.push(backup);
    } catch (error) {
      const failure = toFailoverError(error, entry.name);
      if (failure.id === 'BackupPasswordWrong' || failure.id === 'BackupPasswordMissing') throw failure;
      context.error(failure);
    }
  }
  return backups;
}
