import { type HealthCheck, healthCheckOf, type Verification } from '../health/index.ts';
import { failure } from '../model/failover-error.ts';
import type { ServerRole } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { ServerSettings, SiteSettings } from '../settings/schema.ts';

export { dnsProvider } from './dns-provider.ts';

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
    throw failure('SettingsIncomplete.noServer', { settings: loaded.path, role }, { target: role });
  return server;
}

/** Where visitors who ask the DNS servers of a view reach a server; by default at its public addresses. */
export function viewAddresses(server: ServerSettings, view: string | undefined): readonly string[] {
  return (view === undefined ? undefined : server.views?.[view]) ?? server.addresses;
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
