import { createRfc2136Provider, type DnsProvider, parseTsigKey, type TsigKey } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { type HealthCheck, healthCheckOf, type Verification } from '../health/index.ts';
import { FailoverError } from '../model/failover-error.ts';
import type { ServerRole } from '../model/state.ts';
import { type LoadedSettings, openSecret } from '../settings/load.ts';
import type { DnsSettings, ServerSettings, SiteSettings } from '../settings/schema.ts';

/** A site with a failover service, with all that is needed to watch and to switch it. */
export interface FleetSite {
  readonly name: string;
  readonly hostNames: readonly string[];
  readonly check: HealthCheck;
  readonly verification: Verification;
}

/** The server of a role; validated settings have exactly one of each. */
export function serverOf(loaded: LoadedSettings, role: ServerRole): ServerSettings {
  const server = loaded.settings.servers.find((one) => one.role === role);
  if (server === undefined)
    throw new FailoverError('SettingsIncomplete', `${loaded.path} names no ${role} server`, { target: role });
  return server;
}

export function fleetSites(loaded: LoadedSettings): FleetSite[] {
  return loaded.settings.sites.map((site) => fleetSite(site, loaded));
}

function fleetSite(site: SiteSettings, loaded: LoadedSettings): FleetSite {
  const { check, verification } = healthCheckOf(
    site.hostNames[0] ?? site.name,
    site.healthCheck,
    loaded.settings.healthCheck,
  );
  const { credential } = check;
  if (credential === undefined) return { name: site.name, hostNames: site.hostNames, check, verification };
  const password = { file: loaded.resolvePath(credential.password.file) };
  const resolved = { ...check, credential: { ...credential, password } };
  return { name: site.name, hostNames: site.hostNames, check: resolved, verification };
}

/**
 * The provider of the settings' DNS servers. `reading` needs no key, which only the monitor's machine has.
 * @throws FailoverError DnsNotConfigured, and those of a key that can't be read
 */
export async function dnsProvider(
  loaded: LoadedSettings,
  clock: Clock,
  purpose: 'changing' | 'reading' = 'changing',
): Promise<DnsProvider> {
  const { dns } = loaded.settings;
  if (dns === undefined)
    throw new FailoverError('DnsNotConfigured', `${loaded.path} names no DNS server`, {
      target: loaded.path,
    });
  const servers = dns.servers.map(({ address, port }) => ({ address, port: port ?? 53 }));
  const key = purpose === 'reading' ? undefined : await tsigKey(loaded, dns);
  return createRfc2136Provider({
    primary: servers[0]!,
    nameServers: servers,
    clock,
    ...(dns.zones === undefined ? {} : { zones: dns.zones }),
    ...(key === undefined ? {} : { key }),
    ...(dns.transport === undefined ? {} : { transport: dns.transport }),
    ...(dns.timeoutSeconds === undefined ? {} : { timeoutMs: dns.timeoutSeconds * 1000 }),
  });
}

async function tsigKey(loaded: LoadedSettings, dns: DnsSettings): Promise<TsigKey | undefined> {
  if (dns.key === undefined) return undefined;
  const secret = await openSecret(loaded, dns.key.secret);
  return parseTsigKey(secret.reveal(), { name: dns.key.name, algorithm: dns.key.algorithm });
}
