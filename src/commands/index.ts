import type { AnyCommand } from './definition.ts';
import { backupFailoverSite } from './backup-failover-site.ts';
import { copyFailoverContent } from './copy-failover-content.ts';
import { restoreFailoverSite } from './restore-failover-site.ts';

/** Every cmdlet of the module; the generator and the dispatcher know no other list. */
export const commands: readonly AnyCommand[] = [backupFailoverSite, copyFailoverContent, restoreFailoverSite];
