import { dirname, join } from 'node:path';
import { failure } from '../../model/failover-error.ts';
import { defaultKeep, type History } from '../../history/index.ts';
import type { Secret } from '../../model/secret.ts';
import { type LoadedSettings, openSecret } from '../../settings/load.ts';
import { permissionKeeper } from '../../windows/keep-permissions.ts';
import { windowsPermissions } from '../../windows/permissions.ts';
import type { CommandContext } from '../definition.ts';

/** Where state and logs are: the setting, else the folder `state` beside the settings file. */
export function stateFolder(context: CommandContext, loaded: LoadedSettings | undefined): string {
  const setting = loaded?.settings.stateFolder;
  if (loaded !== undefined && setting !== undefined) return loaded.resolvePath(setting);
  return join(dirname(context.settingsFile.path), 'state');
}

/** Where restores are recorded, and how many are kept. */
export function historyOf(context: CommandContext, loaded: LoadedSettings | undefined): History {
  return {
    stateFolder: stateFolder(context, loaded),
    keep: loaded?.settings.restore?.keepHistory ?? defaultKeep,
    ...(process.platform === 'win32' && {
      adopt: permissionKeeper(
        () => windowsPermissions().store(false),
        (text) => context.warning(text),
      ),
    }),
  };
}

/** -ConfigurationFile, else the setting, else where IIS keeps it. */
export function configurationFile(parameter: string | undefined, loaded: LoadedSettings | undefined): string {
  if (parameter !== undefined) return parameter;
  const setting = loaded?.settings.configurationFile;
  if (loaded !== undefined && setting !== undefined) return loaded.resolvePath(setting);
  const system = process.env.SystemRoot;
  if (system === undefined) {
    throw failure('SettingsIncomplete.configuration');
  }
  // A 32-bit process is shown SysWOW64 in the place of System32, with a copy that IIS does not read.
  const folder = process.arch === 'ia32' ? 'Sysnative' : 'System32';
  return join(system, folder, 'inetsrv', 'config', 'applicationHost.config');
}

/** -Destination or -Source, else the setting backup.folder. */
export function backupFolder(
  parameter: string | undefined,
  loaded: LoadedSettings | undefined,
  parameterName: string,
): string {
  if (parameter !== undefined) return parameter;
  const setting = loaded?.settings.backup?.folder;
  if (loaded !== undefined && setting !== undefined) return loaded.resolvePath(setting);
  throw failure('SettingsIncomplete.backupFolder', { parameter: parameterName });
}

/** -Password, else the secret that the setting backup.password refers to, else none. */
export async function backupPassword(
  parameter: Secret | undefined,
  loaded: LoadedSettings | undefined,
): Promise<Secret | undefined> {
  if (parameter !== undefined) return parameter;
  const reference = loaded?.settings.backup?.password;
  return loaded === undefined || reference === undefined ? undefined : openSecret(loaded, reference);
}

/** A hashtable parameter of texts, else the setting. */
export function textMap(
  parameter: ReadonlyMap<string, unknown> | undefined,
  setting: Readonly<Record<string, string>> | undefined,
  parameterName: string,
): ReadonlyMap<string, string> {
  if (parameter === undefined) return new Map(Object.entries(setting ?? {}));
  const entries = [...parameter].map(([key, value]): [string, string] => {
    if (typeof value === 'string') return [key, value];
    throw failure('ParameterInvalid.notText', { parameter: parameterName, key }, { target: parameterName });
  });
  return new Map(entries);
}
