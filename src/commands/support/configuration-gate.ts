import type { Clock } from '../../edge/clock.ts';
import { PasswordBoxes } from '../../edge/secret-box.ts';
import type { FailbackGate } from '../../failover/failback-gate.ts';
import { compareSites, type Configuration, openConfiguration } from '../../iis/index.ts';
import type { FailoverError } from '../../model/failover-error.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { backupFolder, backupPassword, configurationFile, textMap } from './places.ts';
import { readBackups } from './read-backups.ts';
import { escapeWildcards } from './wildcard.ts';

/** Sites that come back together are compared with one reading of the server's file. */
const validMs = 10_000;

/**
 * Closed while the site is configured otherwise on the failover server (this machine) than in its last backup, and
 * where that cannot be compared.
 */
export function configurationGate(loaded: LoadedSettings, context: CommandContext): FailbackGate {
  const open = rememberFor(validMs, context.clock, () =>
    openConfiguration(configurationFile(undefined, loaded)),
  );
  return {
    closed: async (site) => {
      const password = await backupPassword(undefined, loaded);
      const errors: FailoverError[] = [];
      const backups = await readBackups(
        backupFolder(undefined, loaded, 'Source'),
        [escapeWildcards(site.name)],
        password === undefined ? undefined : new PasswordBoxes(password),
        { ...context, progress: () => undefined, error: (error) => void errors.push(error) },
      );
      if (errors[0] !== undefined) throw errors[0];
      return drift(await open(), backups, loaded);
    },
  };
}

function drift(
  configuration: Configuration,
  backups: Awaited<ReturnType<typeof readBackups>>,
  loaded: LoadedSettings,
): string | undefined {
  const options = {
    pathMap: textMap(undefined, loaded.settings.pathMap, 'PathMap'),
    addressMap: textMap(undefined, loaded.settings.addressMap, 'AddressMap'),
  };
  for (const { site, differences } of compareSites(configuration, backups, options)) {
    const [first] = differences;
    if (first === undefined) continue;
    const count = `${differences.length} ${differences.length === 1 ? 'setting' : 'settings'}`;
    return (
      `${count} of the site (${first.path}) differ on the failover server from the last backup of the primary: ` +
      `see Compare-FailoverSite ${site}.`
    );
  }
  return undefined;
}

function rememberFor<T>(ms: number, clock: Clock, get: () => Promise<T>): () => Promise<T> {
  let known: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (known === undefined || now - known.at >= ms) known = { at: now, value: get() };
    return known.value;
  };
}
