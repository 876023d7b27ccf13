import { failure } from '../../model/failover-error.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext, ParameterDefinition } from '../definition.ts';
import { hasWildcard, wildcardPattern } from './wildcard.ts';

/** -Server: names of servers of the settings, with wildcards. */
export function serverParameter(help: string) {
  return {
    type: 'string[]',
    wildcards: true,
    help,
    defaultText: 'All servers of the sites.',
  } as const satisfies ParameterDefinition;
}

/** The names of the servers that -Server chooses; undefined where it was not given. One that is unknown is reported. */
export function chosenServers(
  patterns: readonly string[] | undefined,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): ReadonlySet<string> | undefined {
  if (patterns === undefined) return undefined;
  const names = (loaded?.settings.servers ?? []).map(({ name }) => name);
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const expression = wildcardPattern(pattern);
    const found = names.filter(
      (name) => expression.test(name) || name.toLowerCase() === pattern.toLowerCase(),
    );
    if (found.length === 0 && !hasWildcard(pattern))
      context.error(
        failure('ServerNotFound.settings', { name: pattern, choices: names.join(', ') }, { target: pattern }),
      );
    for (const name of found) chosen.add(name);
  }
  return chosen;
}
