import { FailoverError } from './failover-error.ts';

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
 * Replaces `%Name%` as Windows does.
 * @throws FailoverError PathVariableUnknown; a path with an unexpanded variable would name another folder
 */
export function expandVariables(path: string, variables: PathVariables): string {
  return path.replace(/%([^%\\/]+)%/g, (written, name: string) => {
    const value = variables.get(name.toUpperCase());
    if (value === undefined)
      throw new FailoverError(
        'PathVariableUnknown',
        `The path ${path} has a variable ${written} without a value`,
        {
          target: path,
        },
      );
    return value;
  });
}
