import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { FailoverError, failure } from '../model/failover-error.ts';
import { posixAttributes } from './posix.ts';
import type { AclStore } from './store.ts';
import { type ExtendedAttributes, extendedAttributes } from './xattr.ts';
import { PosixStore } from './posix-store.ts';
import { ntfsAttribute, NtfsStore, sambaAttribute, SambaStore } from './xattr-stores.ts';

/** `auto`: whatever both sides keep; `none`: nothing; else that kind, and an error where it cannot be. */
export type AclMode = 'auto' | 'none' | 'nt' | 'posix';

export interface AclStores {
  readonly source: AclStore;
  readonly destination: AclStore;
}

/** Why nothing is carried; `isFailure` where something is missing that could be there. */
export interface NoAclStores {
  readonly reason: string;
  readonly isFailure?: boolean;
}

/**
 * The stores of two folders, of which the second need not exist yet, or why there are none that could be carried
 * between. On Linux it costs a few system calls.
 * @throws FailoverError AclStoreMissing where the mode names a kind
 */
export async function findAclStores(
  source: string,
  destination: string,
  mode: AclMode,
  windows: () => Promise<AclStore>,
): Promise<AclStores | NoAclStores> {
  if (mode === 'none') return { reason: 'they were not asked for' };
  let found: AclStores | NoAclStores;
  try {
    found = await find(source, destination, mode, windows);
  } catch (error) {
    if (mode !== 'auto' || !(error instanceof FailoverError)) throw error;
    found = { reason: error.message, isFailure: true };
  }
  if ('reason' in found && mode !== 'auto') {
    throw failure(
      'AclStoreMissing.kind',
      { mode, destination, reason: found.reason },
      { target: destination },
    );
  }
  return found;
}

async function find(
  source: string,
  destination: string,
  mode: AclMode,
  windows: () => Promise<AclStore>,
): Promise<AclStores | NoAclStores> {
  if (process.platform === 'win32') {
    if (mode === 'posix') return { reason: 'Windows keeps none' };
    const store = await windows();
    return { source: store, destination: store };
  }
  if (process.platform !== 'linux') return { reason: `they are not read on ${process.platform}` };
  const attributes = await extendedAttributes();
  const from = storeAt(source, attributes, mode);
  const to = storeAt(destination, attributes, mode, from?.kind);
  if (from === undefined) return { reason: `${source} keeps none` };
  if (to === undefined) return { reason: `${destination} keeps none` };
  if (from.kind !== to.kind)
    return { reason: `${source} keeps those of ${from.name}, ${destination} those of ${to.name}` };
  return { source: from, destination: to };
}

function storeAt(
  path: string,
  attributes: ExtendedAttributes,
  mode: AclMode,
  sourceKind?: AclStore['kind'],
): AclStore | undefined {
  const folder = existingPart(path);
  if (mode !== 'posix') {
    if (Buffer.isBuffer(attributes.get(folder, ntfsAttribute))) return new NtfsStore(attributes);
    if (isOnSambaShare(folder, attributes)) return new SambaStore(attributes);
    // Any file system with attributes can keep what Samba reads, but only where it is wanted.
    if (mode === 'nt') return sourceKind === 'nt' ? new SambaStore(attributes) : undefined;
  }
  const isPossible = attributes.get(folder, posixAttributes.access) !== 'unsupported';
  return isPossible ? new PosixStore(attributes) : undefined;
}

function existingPart(path: string): string {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? path : existingPart(parent);
}

/** Samba keeps descriptors where someone set one or made a file through it: there, or at least in a folder above. */
function isOnSambaShare(path: string, attributes: ExtendedAttributes): boolean {
  if (Buffer.isBuffer(attributes.get(path, sambaAttribute))) return true;
  const parent = dirname(path);
  return parent !== path && isOnSambaShare(parent, attributes);
}
