import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { failure } from '../model/failover-error.ts';

/** SYSTEM, Administrators and the owner (well-known SIDs: names of groups differ by language). */
const trustees = ['*S-1-5-18', '*S-1-5-32-544', '*S-1-3-4'];

/**
 * Takes a new folder away from everyone but SYSTEM, administrators and the account that made it. Elsewhere the mode
 * that the folder was made with does so; on Windows a folder has the permissions of the one above it.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/icacls
 */
export async function protectFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') return;
  const icacls = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'icacls.exe');
  const grants = trustees.flatMap((trustee) => ['/grant:r', `${trustee}:(OI)(CI)F`]);
  try {
    await promisify(execFile)(icacls, [path, '/inheritance:r', ...grants]);
  } catch (error) {
    throw failure('FileNotWritable.permissions', { path }, { target: path, cause: error });
  }
}
