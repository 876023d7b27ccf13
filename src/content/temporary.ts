import { randomBytes } from 'node:crypto';

/** In the root of a destination while a run works there; a lock folder of the same name stands beside it. */
export const lockName = '.failover-copy';

/** A name for a file that is not finished. Nothing else has such names, so that a later run may remove it. */
export function temporaryName(): string {
  return `.failover-${randomBytes(8).toString('hex')}.tmp`;
}

/** A file that a killed run left behind. */
export function isTemporary(name: string): boolean {
  return /^\.failover-[0-9a-f]{16}\.tmp$/.test(name);
}

/** Names that are ours and no content: neither copied nor counted. */
export function isOwnName(name: string): boolean {
  return isTemporary(name) || name === `${lockName}.lock` || name === quarantineName;
}

/** Folder beside the destinations in which dated folders keep what was deleted. */
export const quarantineName = '.failover-quarantine';
