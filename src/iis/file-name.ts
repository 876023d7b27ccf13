import { createHash } from 'node:crypto';
import { failure } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';

/** Names of devices, with any extension (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). */
const device = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;
/** A file name, with what is put around it for .old and temporary files, fits into 255 bytes of UTF-8. */
const longest = 70;

/**
 * The name of a site's backup file, the same each time and on every system. What Windows does not allow in a file
 * name is written as %XX, so that no two sites share a file; very long names end in a hash.
 * @throws FailoverError SiteNameInvalid
 */
export function backupFileName(siteName: string): string {
  checkSiteName(siteName);
  let stem = siteName.replace(/[%*?:"<>|]/g, percent);
  if (device.test(stem)) stem = percent(stem.charAt(0)) + stem.slice(1);
  stem = stem.replace(/^[ .]/, percent);
  if (stem.length > longest) {
    const hash = createHash('sha256').update(nameKey(siteName)).digest('hex').slice(0, 12);
    stem = `${stem.slice(0, longest - 13).replace(/[\uD800-\uDBFF]$/, '')}%${hash}`;
  }
  return `${stem}.xml`;
}

/**
 * Refuses a name that no site can have and that would name another folder: empty, with a path separator or a control
 * character.
 * @throws FailoverError SiteNameInvalid
 */
export function checkSiteName(name: string): void {
  const fault =
    name.trim() === ''
      ? 'empty'
      : /[\\/]/.test(name)
        ? 'separator'
        : /[\u0000-\u001f\u007f]/.test(name)
          ? 'control'
          : undefined;
  if (fault !== undefined)
    throw failure(`SiteNameInvalid.${fault}`, { name: JSON.stringify(name) }, { target: name });
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
