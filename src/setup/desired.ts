import { dirname } from 'node:path';
import type { TaskDefinition, TaskRole } from '../tasks/index.ts';
import { type Access, type AccountId, type Grant, shareSddl } from './access.ts';
import type { SetupItem } from './items.ts';

/** What the server of a role is to have; accounts and places are known by now. */
export interface DesiredServer {
  readonly role: TaskRole;
  readonly settingsFile: string;
  /** The first settings, where there are none. */
  readonly starter: { readonly text: string; readonly sites: number } | undefined;
  readonly stateFolder: string;
  readonly backupFolder: string;
  readonly shareName: string;
  /** The account that the tasks run as; undefined for the system. */
  readonly taskAccount: AccountId | undefined;
  /** Other accounts that write to the backups: those of the primary and the monitor. */
  readonly shareAccounts: readonly AccountId[];
  readonly tasks: readonly { readonly task: TaskDefinition; readonly definition: string }[];
  /** False where this system has none of Windows' shares and event logs. */
  readonly isWindows: boolean;
  accessFor(grants: readonly Grant[]): Access;
}

/** Source of the module's events, for those who write some: Write-EventLog -LogName Application -Source IisFailover. */
export const eventSource = { log: 'Application', name: 'IisFailover' } as const;

/**
 * In the order in which they are made: what something needs comes before it.
 *
 * | | Primary | Failover | Monitor |
 * |---|---|---|---|
 * | folder of the settings, state folder | x | x | x |
 * | backup folder and its share | | x | |
 * | first settings, event source, tasks of the role | x | x | x |
 */
export function desiredItems(server: DesiredServer): SetupItem[] {
  const { taskAccount, role } = server;
  const grant = (right: Grant['right'], accounts: readonly AccountId[]): Grant[] =>
    accounts.map((account) => ({ account, right }));
  const own = taskAccount === undefined ? [] : [taskAccount];
  const writers = grant('modify', [...own, ...server.shareAccounts]);
  const folder = (name: string, purpose: string, grants: readonly Grant[]): SetupItem => ({
    kind: 'Folder',
    name,
    purpose,
    access: server.accessFor(grants),
  });
  const isFailover = role === 'Failover';
  return [
    folder(dirname(server.settingsFile), 'folder of the settings', grant('read', own)),
    folder(server.stateFolder, 'state folder', grant('modify', own)),
    ...(isFailover ? [folder(server.backupFolder, 'backup folder', writers)] : []),
    ...(server.starter === undefined
      ? []
      : [{ kind: 'Settings' as const, name: server.settingsFile, ...server.starter }]),
    ...(isFailover && server.isWindows
      ? [
          {
            kind: 'Share' as const,
            name: server.shareName,
            path: server.backupFolder,
            sddl: shareSddl(writers),
          },
        ]
      : []),
    ...(server.isWindows ? [{ kind: 'EventSource' as const, ...eventSource }] : []),
    ...server.tasks.map(({ task, definition }) => ({
      kind: 'Task' as const,
      name: task.job,
      task,
      definition,
    })),
  ];
}

/** `failover$` of the settings' `\\FAILOVER\failover$`; undefined where that is no share. */
export function shareOf(folder: string | undefined): string | undefined {
  return /^[\\/]{2}[^\\/]+[\\/]([^\\/]+)[\\/]?$/.exec(folder ?? '')?.[1];
}
