import { type HealthCheck, healthCheckOf, type Verification } from '../health/index.ts';
import { failure } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import type { ServerRole } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { ServerSettings, SiteMonitorSettings, SiteSettings } from '../settings/schema.ts';

export { dnsProvider } from './dns-provider.ts';

/** A server as one site uses it: at the addresses that the site has on it. */
export interface SiteServer {
  readonly name: string;
  readonly role: ServerRole;
  readonly addresses: readonly string[];
  /** Its addresses in other views of split-horizon zones. */
  readonly views?: Readonly<Record<string, readonly string[]>> | undefined;
  /** In words; with its name where the settings have several of its role: `the failover server STANDBY1`. */
  readonly label: string;
}

/** A site with a failover service, with all that is needed to watch and to switch it. */
export interface FleetSite {
  readonly name: string;
  readonly hostNames: readonly string[];
  readonly check: HealthCheck;
  readonly verification: Verification;
  readonly primary: SiteServer;
  /** The failover servers that may stand in, the first choice first; at least one. */
  readonly standbys: readonly SiteServer[];
  /** What the site has otherwise than the monitor's settings say for all. */
  readonly monitor?: SiteMonitorSettings | undefined;
}

/** The servers of a role, in the order of the settings; validated settings have at least one of each. */
export function serversOf(loaded: LoadedSettings, role: ServerRole): ServerSettings[] {
  return loaded.settings.servers.filter((one) => one.role === role);
}

/** All servers of a site, the primary first. */
export function siteServers({ primary, standbys }: FleetSite): SiteServer[] {
  return [primary, ...standbys];
}

/** The server of a site by its name; undefined where the site does not use such a one. */
export function siteServer(site: FleetSite, name: string | undefined): SiteServer | undefined {
  if (name === undefined) return undefined;
  return siteServers(site).find((one) => nameKey(one.name) === nameKey(name));
}

/** Where visitors who ask the DNS servers of a view reach a server; by default at its public addresses. */
export function viewAddresses(
  server: Pick<SiteServer, 'addresses' | 'views'>,
  view: string | undefined,
): readonly string[] {
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
  const password = credential && { file: loaded.resolvePath(credential.password.file) };
  const resolved = password === undefined ? check : { ...check, credential: { ...credential!, password } };
  const { name, hostNames, monitor } = site;
  const own = monitor === undefined ? {} : { monitor };
  return { name, hostNames, check: resolved, verification, ...serversOfSite(site, loaded), ...own };
}

export function serverLabel(name: string, role: ServerRole, several: boolean): string {
  return `the ${role} server${several ? ` ${name}` : ''}`;
}

/** The servers that validation has made sure of (settings/validate-servers.ts). */
function serversOfSite(site: SiteSettings, loaded: LoadedSettings): Pick<FleetSite, 'primary' | 'standbys'> {
  const addresses = new Map(Object.entries(site.addresses ?? {}).map(([name, own]) => [nameKey(name), own]));
  const at = ({ name, role, addresses: usual, views }: ServerSettings): SiteServer => {
    const label = serverLabel(name, role, serversOf(loaded, role).length > 1);
    const own = Object.entries(site.views ?? {}).flatMap(([view, list]) =>
      Object.entries(list).flatMap(([server, ofSite]) =>
        nameKey(server) === nameKey(name) ? [[view, ofSite]] : [],
      ),
    );
    const inViews = { ...views, ...(Object.fromEntries(own) as SiteServer['views']) };
    return { name, role, addresses: addresses.get(nameKey(name)) ?? usual, views: inViews, label };
  };
  const named = (name: string, role: ServerRole): ServerSettings => {
    const server = serversOf(loaded, role).find((one) => nameKey(one.name) === nameKey(name));
    return server ?? missing(loaded, role, site);
  };
  const [onlyPrimary] = serversOf(loaded, 'primary');
  const primary = site.primary === undefined ? onlyPrimary : named(site.primary, 'primary');
  const standbys = site.failover?.map((name) => named(name, 'failover')) ?? serversOf(loaded, 'failover');
  if (primary === undefined) return missing(loaded, 'primary', site);
  if (standbys.length === 0) return missing(loaded, 'failover', site);
  return { primary: at(primary), standbys: standbys.map(at) };
}

/** The sites of a primary; all of them where there is but one, or where the server is none of the settings. */
export function sitesOfServer({ settings }: LoadedSettings, server: string): readonly SiteSettings[] {
  const label = nameKey(server).split('.')[0];
  const own = settings.servers.find(
    ({ name, role }) => role === 'primary' && nameKey(name).split('.')[0] === label,
  );
  const isOwn = (site: SiteSettings) =>
    site.primary === undefined || nameKey(site.primary) === nameKey(own!.name);
  return own === undefined ? settings.sites : settings.sites.filter(isOwn);
}

const primaries = new WeakMap<LoadedSettings, ReadonlyMap<string, string>>();

/** Whether a site of the settings is on that primary; any site where there is but one. */
export function isOnPrimary(site: string, primary: string, loaded: LoadedSettings): boolean {
  if (serversOf(loaded, 'primary').length < 2) return true;
  let known = primaries.get(loaded);
  if (known === undefined) {
    const pairs = loaded.settings.sites.map(
      (one) => [nameKey(one.name), nameKey(one.primary ?? '')] as const,
    );
    known = new Map(pairs);
    primaries.set(loaded, known);
  }
  return known.get(nameKey(site)) === nameKey(primary);
}

function missing(loaded: LoadedSettings, role: ServerRole, site: SiteSettings): never {
  throw failure('SettingsIncomplete.noServer', { settings: loaded.path, role }, { target: site.name });
}
