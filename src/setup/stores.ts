import { openTaskStore, type TaskStore } from '../tasks/index.ts';
import { windowsPermissions } from '../windows/permissions.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import { type FolderStore, PosixFolderStore, WindowsFolderStore } from './folder-store.ts';
import { EventSourceStore, ShareStore } from './windows-stores.ts';

/** What set-up reads and changes on this server. Shares and event sources are Windows' own. */
export interface SetupStores {
  readonly folders: FolderStore;
  readonly tasks: TaskStore;
  readonly windows: { readonly shares: ShareStore; readonly eventSources: EventSourceStore } | undefined;
  /** Ends what they started; a later call starts it again. */
  close(): Promise<void>;
}

/** @throws FailoverError SchedulerMissing */
export async function openSetupStores(): Promise<SetupStores> {
  const tasks = await openTaskStore();
  if (process.platform !== 'win32')
    return {
      folders: new PosixFolderStore(),
      tasks,
      windows: undefined,
      close: () => tasks.close(),
    };
  const session = new PowerShellSession();
  const permissions = windowsPermissions();
  return {
    folders: new WindowsFolderStore(() => permissions.store(false), permissions.lookup),
    tasks,
    windows: { shares: new ShareStore(session), eventSources: new EventSourceStore(session) },
    close: async () => {
      await tasks.close();
      await session.close();
    },
  };
}
