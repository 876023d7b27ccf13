import { dirname, isAbsolute, join, resolve, win32 } from 'node:path';
import { readIfPresent } from '../edge/files.ts';
import { readSecretFile } from '../edge/secret-file.ts';
import { failure } from '../model/failover-error.ts';
import type { Secret } from '../model/secret.ts';
import type { Settings } from './schema.ts';
import { formatProblem, validateSettings } from './validate.ts';

/** A valid settings file and where it lies: relative paths in it start at its folder. */
export interface LoadedSettings {
  readonly path: string;
  readonly settings: Settings;
  /** An absolute path for one written in the file. */
  resolvePath(path: string): string;
}

/** Where the settings file is looked for, in this order. */
export interface SettingsLocation {
  /** -SettingsPath. */
  readonly parameter?: string | undefined;
  /** $env:IISFAILOVER_SETTINGS of the calling PowerShell session. */
  readonly environment?: string | undefined;
  /** $env:ProgramData of the calling session; absent on systems without it. */
  readonly programData?: string | undefined;
}

/** The path in force, and whether the administrator named it (then it must exist). */
export function settingsPath(location: SettingsLocation): { path: string; named: boolean } {
  const named = location.parameter ?? (location.environment === '' ? undefined : location.environment);
  if (named !== undefined) return { path: resolve(named), named: true };
  const folder = location.programData ? join(location.programData, 'IisFailover') : '/etc/iisfailover';
  return { path: join(folder, 'failover.json'), named: false };
}

/**
 * Reads and checks a settings file.
 * @throws FailoverError SettingsNotFound, SettingsInvalid (with line and column of each fault), FileUnreadable
 */
export async function loadSettings(path: string): Promise<LoadedSettings> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) throw failure('SettingsNotFound', { path }, { target: path });
  const { settings, problems } = validateSettings(bytes.toString('utf8'));
  if (settings === undefined) {
    const shown = problems.slice(0, 5).map((problem) => formatProblem(path, problem));
    const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : [];
    throw failure('SettingsInvalid.problems', { problems: [...shown, ...more].join('; ') }, { target: path });
  }
  return bindSettings(path, settings);
}

export function bindSettings(path: string, settings: Settings): LoadedSettings {
  const folder = dirname(path);
  const resolvePath = (part: string): string =>
    isAbsolute(part) || win32.isAbsolute(part) ? part : join(folder, part);
  return { path, settings, resolvePath };
}

/** Reads the secret that a setting refers to. */
export function openSecret(loaded: LoadedSettings, reference: { file: string }): Promise<Secret> {
  return readSecretFile(loaded.resolvePath(reference.file));
}
