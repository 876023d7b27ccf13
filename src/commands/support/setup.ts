import { dirname, join, win32 } from 'node:path';
import { FailoverError, failure } from '../../model/failover-error.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import {
  type AccountId,
  type DesiredServer,
  requireOwnFolder,
  type SetupStores,
  shareOf,
} from '../../setup/index.ts';
import { jobNames, jobs, type TaskDefinition, type TaskRole } from '../../tasks/index.ts';
import type { CommandContext } from '../definition.ts';
import { moduleManifest } from './module-path.ts';
import { starterFor } from './starter.ts';

export interface SetupParameters {
  readonly Role: TaskRole;
  readonly UserName?: string | undefined;
  readonly Credential?: { readonly userName: string } | undefined;
  readonly ShareAccount?: readonly string[] | undefined;
  readonly BackupFolder?: string | undefined;
  readonly ShareName?: string | undefined;
  readonly ConfigurationFile?: string | undefined;
  readonly PrimaryAddress?: readonly string[] | undefined;
  readonly FailoverAddress?: readonly string[] | undefined;
  readonly DnsServer?: readonly string[] | undefined;
  readonly NoTask?: boolean | undefined;
}

/** The settings in force, or undefined where the file is not there yet, named or not. */
export async function settingsOrNone(context: CommandContext): Promise<LoadedSettings | undefined> {
  try {
    return await context.settings();
  } catch (error) {
    if (error instanceof FailoverError && error.id === 'SettingsNotFound') return undefined;
    throw error;
  }
}

/**
 * What the parameters and settings say of this server.
 * @throws FailoverError SettingsIncomplete without settings and addresses; SetupFolderRefused, SetupAccountUnknown
 */
export async function desiredServer(
  parameters: SetupParameters,
  loaded: LoadedSettings | undefined,
  stateFolder: string,
  stores: SetupStores,
  context: CommandContext,
): Promise<{ server: DesiredServer; settingsGroup: number | undefined }> {
  const { Role: role, Credential: credential } = parameters;
  const isWindows = stores.windows !== undefined;
  if (credential !== undefined && !isWindows)
    throw failure('ParameterInvalid.credentialOnWindows', {}, { target: 'Credential' });
  const settingsFile = loaded?.path ?? context.settingsFile.path;
  const starter = loaded === undefined ? await starterOf(parameters, context) : undefined;
  const backup = loaded?.settings.backup?.folder;
  const isShare = backup !== undefined && win32.isAbsolute(backup) && /^[\\/]{2}/.test(backup);
  const local = backup === undefined || isShare ? undefined : loaded?.resolvePath(backup);
  const backupFolder = parameters.BackupFolder ?? local ?? join(dirname(settingsFile), 'backup');
  const places = [dirname(settingsFile), stateFolder, ...(role === 'Failover' ? [backupFolder] : [])];
  for (const place of places) requireOwnFolder(place);
  const userName = credential?.userName ?? parameters.UserName;
  const taskAccount = userName === undefined ? undefined : await stores.folders.account(userName);
  if (!isWindows && role === 'Failover')
    context.warning(
      `No share is made here: shares are Windows' own. Let Samba share ${backupFolder}, or copy the backups there.`,
    );
  const shareAccounts: AccountId[] = [];
  for (const name of isWindows ? (parameters.ShareAccount ?? []) : [])
    shareAccounts.push(await stores.folders.account(name));
  const chosen = parameters.NoTask === true ? [] : jobNames.filter((job) => jobs[job].role === role);
  const tasks = chosen.map((job): TaskDefinition => ({
    job,
    schedule: jobs[job].schedule,
    settingsPath: settingsFile,
    modulePath: moduleManifest(),
    userName,
  }));
  const server: DesiredServer = {
    role,
    settingsFile,
    starter,
    stateFolder,
    backupFolder,
    shareName: parameters.ShareName ?? shareOf(backup) ?? 'failover$',
    taskAccount,
    shareAccounts,
    tasks: tasks.map((task) => ({ task, definition: stores.tasks.define(task) })),
    isWindows,
    accessFor: (grants) => stores.folders.accessFor(grants),
  };
  return { server, settingsGroup: taskAccount?.kind === 'posix' ? taskAccount.gid : undefined };
}

async function starterOf(
  { ConfigurationFile, PrimaryAddress, FailoverAddress, DnsServer }: SetupParameters,
  context: CommandContext,
): Promise<DesiredServer['starter']> {
  if (PrimaryAddress === undefined || FailoverAddress === undefined || DnsServer === undefined)
    throw failure(
      'SettingsIncomplete.noFile',
      { path: context.settingsFile.path },
      { target: context.settingsFile.path },
    );
  const given = { ConfigurationFile, PrimaryAddress, FailoverAddress, DnsServer };
  const { text, sites } = await starterFor(given, context);
  return { text, sites: sites.length };
}
