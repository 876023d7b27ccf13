import type { DnsProvider } from '../../dns/index.ts';
import { dnsProvider, type FleetSite } from '../../failover/fleet.ts';
import { readRecords, type SiteRecords } from '../../failover/switch-plan.ts';
import { type FailoverError, toFailoverError } from '../../model/failover-error.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';

/**
 * The records of each site, in order; undefined where they could not be read, or where the settings name no DNS server.
 * One dead DNS server is one warning, not one for each site.
 */
export async function recordsOfSites(
  sites: readonly FleetSite[],
  loaded: LoadedSettings,
  context: CommandContext,
  warn: (words: string) => void,
): Promise<readonly Promise<SiteRecords | undefined>[]> {
  const provider =
    loaded.settings.dns === undefined ? undefined : await dnsProvider(loaded, context.clock, 'reading');
  const warned = new Set<string>();
  const warnOnce = (words: string): void => {
    if (!warned.has(words)) warn(words);
    warned.add(words);
  };
  return sites.map((site) => recordsOf(site, provider, loaded, context, warnOnce));
}

async function recordsOf(
  site: FleetSite,
  provider: DnsProvider | undefined,
  loaded: LoadedSettings,
  context: CommandContext,
  warn: (words: string) => void,
): Promise<SiteRecords | undefined> {
  if (provider === undefined) return undefined;
  try {
    const records = await readRecords(site, loaded, provider, context.signal);
    for (const { error } of records.unreadable) warn(unreadWords(error));
    return records;
  } catch (error) {
    warn(unreadWords(toFailoverError(error, site.name)));
    return undefined;
  }
}

function unreadWords({ message, remedy }: FailoverError): string {
  return `DNS could not be read: ${message} ${remedy}`;
}

/** The addresses that the host names of a site have. */
export function addressesIn(records: SiteRecords | undefined): string[] {
  const addresses = (records?.zones ?? []).flatMap((zone) =>
    zone.current
      .filter((set) => zone.hostNames.some((name) => name.toLowerCase() === set.name))
      .filter((set) => set.type === 'A' || set.type === 'AAAA')
      .flatMap((set) => set.data),
  );
  return [...new Set(addresses)];
}
