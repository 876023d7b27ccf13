import { readlink } from 'node:fs/promises';
import { failure } from '../model/failover-error.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import type { TaskStore } from './store.ts';
import { SystemdTaskStore } from './systemd-store.ts';
import { WindowsTaskStore } from './windows-store.ts';

/**
 * The scheduler of this machine.
 * @throws FailoverError SchedulerMissing
 */
export async function openTaskStore(): Promise<TaskStore> {
  if (process.platform === 'win32') return new WindowsTaskStore(new PowerShellSession());
  if (process.platform === 'linux') {
    // The tasks run in the PowerShell that this process serves.
    const powershell = await readlink(`/proc/${process.ppid}/exe`).catch(() => 'pwsh');
    return new SystemdTaskStore({ powershell });
  }
  throw failure('SchedulerMissing.platform', { platform: process.platform }, { target: process.platform });
}
