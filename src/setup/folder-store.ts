import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, rmdir, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { AccountLookup } from '../acl/accounts.ts';
import { decodeDescriptor, encodeDescriptor } from '../acl/descriptor-binary.ts';
import { formatSddl, parseSddl } from '../acl/sddl.ts';
import type { AclStore } from '../acl/store.ts';
import { errorCode, writeError } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { type Access, type AccountId, folderMode, folderSddl, type Grant } from './access.ts';

/** Folders, who may use them, and the accounts that may. */
export interface FolderStore {
  /** @throws FailoverError SetupAccountUnknown */
  account(name: string): Promise<AccountId>;
  /** The access of a folder for these accounts, the administrators and the system, as this server keeps it. */
  accessFor(grants: readonly Grant[]): Access;
  /** Undefined where there is no folder. */
  read(path: string): Promise<Access | undefined>;
  /** Sets who may use a folder that is there. */
  write(path: string, access: Access): Promise<void>;
}

/** Makes a folder and those above it. @throws FailoverError FileNotWritable */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw writeError(error, path);
  });
}

/** False where there is something in it. A folder that is gone is removed. @throws FailoverError FileNotWritable */
export async function removeEmptyFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT') return true;
    if (['ENOTEMPTY', 'EEXIST'].includes(code)) return false;
    throw writeError(error, path);
  }
}

/**
 * Closing one of these would stop the server or its users.
 * @throws FailoverError SetupFolderRefused
 */
export function requireOwnFolder(path: string, environment: NodeJS.ProcessEnv = process.env): void {
  const places = ['SystemDrive', 'SystemRoot', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)', 'PUBLIC'];
  const windows = places.flatMap((name) => environment[name] ?? []);
  const shared = [parse(path).root, homedir(), dirname(homedir()), tmpdir(), ...windows];
  const posix = ['/etc', '/var', '/var/lib', '/srv', '/opt', '/usr', '/home', '/root', '/tmp', '/mnt'];
  const same = (a: string, b: string): boolean =>
    process.platform === 'win32'
      ? resolve(a).toLowerCase() === resolve(b).toLowerCase()
      : resolve(a) === resolve(b);
  if ([...shared, ...posix].some((place) => same(place, path)))
    throw failure('SetupFolderRefused', { path }, { target: path });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw writeError(error, path);
  }
  throw failure('FileNotWritable.notFolder', { path }, { target: path });
}

/** Owner and mode. */
export class PosixFolderStore implements FolderStore {
  async account(name: string): Promise<AccountId> {
    const id = async (option: string): Promise<number> =>
      Number((await promisify(execFile)('id', [option, '--', name])).stdout.trim());
    try {
      return { kind: 'posix', uid: await id('-u'), gid: await id('-g') };
    } catch (error) {
      throw unknown(name, error);
    }
  }

  accessFor(grants: readonly Grant[]): Access {
    return folderMode(grants, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
  }

  async read(path: string): Promise<Access | undefined> {
    if (!(await isFolder(path))) return undefined;
    const { mode, uid, gid } = await stat(path);
    return { kind: 'posix', mode: mode & 0o777, uid, gid };
  }

  async write(path: string, access: Access): Promise<void> {
    if (access.kind !== 'posix') throw new RangeError('A mode is wanted');
    try {
      const { uid, gid } = await stat(path);
      if (uid !== access.uid || gid !== access.gid) await chown(path, access.uid, access.gid);
      await chmod(path, access.mode);
    } catch (error) {
      throw writeError(error, path);
    }
  }
}

/** Security descriptors. */
export class WindowsFolderStore implements FolderStore {
  readonly #acls: () => Promise<AclStore>;
  readonly #lookup: AccountLookup;

  constructor(acls: () => Promise<AclStore>, lookup: AccountLookup) {
    this.#acls = acls;
    this.#lookup = lookup;
  }

  async account(name: string): Promise<AccountId> {
    const sid = await this.#lookup.onStandby(name);
    if (sid === undefined) throw unknown(name);
    return { kind: 'nt', sid };
  }

  accessFor(grants: readonly Grant[]): Access {
    return { kind: 'nt', sddl: folderSddl(grants) };
  }

  async read(path: string): Promise<Access | undefined> {
    if (!(await isFolder(path))) return undefined;
    const [permissions] = await (await this.#acls()).read([path]);
    if (permissions instanceof FailoverError) throw permissions;
    if (permissions === undefined) return undefined;
    const { dacl } = decodeDescriptor(permissions);
    return { kind: 'nt', sddl: formatSddl(dacl === undefined ? {} : { dacl }) };
  }

  async write(path: string, access: Access): Promise<void> {
    if (access.kind !== 'nt') throw new RangeError('A descriptor is wanted');
    await (await this.#acls()).write(path, encodeDescriptor(parseSddl(access.sddl)));
  }
}

function unknown(name: string, cause?: unknown): FailoverError {
  return failure('SetupAccountUnknown', { name }, { target: name, cause });
}
