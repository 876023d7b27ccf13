import { failure } from './failover-error.ts';
import { isWindowsPath, mapPath } from './path-map.ts';

/** Values of `%Name%`, by name in upper case (Windows variables have no case). */
export type PathVariables = ReadonlyMap<string, string>;

/**
 * The variables that may stand in physical paths: on Windows the environment, elsewhere what a Windows server has
 * when it was installed with defaults. The primary and its standby are taken to agree on them.
 */
export function systemVariables(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): PathVariables {
  if (platform !== 'win32')
    return new Map([
      ['SYSTEMDRIVE', 'C:'],
      ['SYSTEMROOT', 'C:\\Windows'],
      ['WINDIR', 'C:\\Windows'],
    ]);
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toUpperCase(), value] as const],
  );
  return new Map(entries);
}

/**
 * Replaces `%Name%` in a Windows path; in other paths a percent sign is part of a name.
 * @throws FailoverError PathVariableUnknown; a path with an unexpanded variable would name another folder
 */
export function expandVariables(path: string, variables: PathVariables): string {
  return expand(
    path,
    (written, value) => {
      if (value !== undefined) return value;
      throw failure('PathVariableUnknown', { path, variable: written }, { target: path });
    },
    variables,
  );
}

/**
 * mapPath for a path of a configuration: as it is written, else with its variables expanded, so that `C:\inetpub`
 * maps `%SystemDrive%\inetpub` as well. Whatever applies -PathMap uses this: where configuration and content
 * disagreed, the standby would serve a folder that nothing is copied to.
 */
export function mapConfiguredPath(
  path: string,
  map: ReadonlyMap<string, string>,
  variables: PathVariables,
): string | undefined {
  return mapPath(path, map) ?? mapPath(expandKnown(path, variables), map);
}

/** The path with the variables that have a value replaced; the others stay as they are written. */
export function expandKnown(path: string, variables: PathVariables): string {
  return expand(path, (written, value) => value ?? written, variables);
}

function expand(
  path: string,
  replace: (written: string, value: string | undefined) => string,
  variables: PathVariables,
): string {
  if (!isWindowsPath(path)) return path;
  return path.replace(/%([^%\\/]+)%/g, (written, name: string) =>
    replace(written, variables.get(name.toUpperCase())),
  );
}
