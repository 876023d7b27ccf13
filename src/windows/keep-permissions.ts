import type { AclStore } from '../acl/store.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';

/**
 * A step of replaceFile: gives the new file the permissions of the one whose place it takes. A file that is renamed
 * over another keeps its own, which are those that its folder hands down. ReplaceFileW would keep the old ones, but in
 * two renames, between which a kill leaves no file at all.
 *
 * The replacement does not fail with it: a site that is not restored is worse than permissions that an administrator
 * is told to look at.
 * @param store is opened at the first replacement
 */
export function permissionKeeper(
  store: () => Promise<AclStore>,
  warn: (text: string) => void,
): (fresh: string, old: string) => Promise<void> {
  return async (fresh, old) => {
    try {
      const opened = await store();
      const [permissions] = await opened.read([old]);
      if (permissions instanceof FailoverError) throw permissions;
      if (permissions !== undefined) await opened.write(fresh, permissions);
    } catch (error) {
      const { message } = toFailoverError(error);
      warn(`${old} now has the permissions that its folder hands down; its own were not kept: ${message}`);
    }
  };
}
