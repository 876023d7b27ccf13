import {
  checkKeytab,
  createPowerDnsProvider,
  createWindowsDnsProvider,
  createRfc2136Provider,
  type DnsProvider,
  type GssOptions,
  limitChanges,
  namingView,
  normaliseName,
  parseTsigKey,
  routeByZone,
} from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { failure, toFailoverError } from '../model/failover-error.ts';
import type { DnsProviderSettings } from '../settings/dns-schema.ts';
import { type LoadedSettings, openSecret } from '../settings/load.ts';

/** What a provider is wanted for. `reading` asks by DNS and needs no secret, which only the monitor's machine has. */
export type Purpose = 'changing' | 'reading';

/**
 * The provider of the settings' zones: each zone of an override through its own, all others through the default; and of
 * the other views of zones.
 * @throws FailoverError DnsNotConfigured, and those of a key that can't be read
 */
export async function dnsProvider(
  loaded: LoadedSettings,
  clock: Clock,
  purpose: Purpose = 'changing',
  maxZoneChangePercent = loaded.settings.dns?.maxZoneChangePercent ?? 30,
): Promise<DnsProvider> {
  const { dns } = loaded.settings;
  if (dns === undefined)
    throw failure('DnsNotConfigured', { settings: loaded.path }, { target: loaded.path });
  const { overrides = [] } = dns;
  const opened = await Promise.all(
    overrides.map(async (one) => {
      const provider = open(one, loaded, clock, purpose);
      // Who may not read the key of one view still reads the others.
      const reader = one.view !== undefined && purpose === 'reading' ? provider.catch(closed) : provider;
      return { ...one, provider: await reader };
    }),
  );
  const of = (view: string | undefined, otherwise?: DnsProvider): DnsProvider => {
    const routes = opened.filter((one) => one.view === view);
    return limitChanges(routeByZone(routes, otherwise), maxZoneChangePercent);
  };
  const names = new Set(overrides.flatMap(({ view }) => view ?? []));
  const views = [...names].map((name) => {
    const zones = overrides.filter((one) => one.view === name).flatMap((one) => one.zones);
    return { name, zones: zones.map(normaliseName), provider: namingView(name, of(name)) };
  });
  return { ...of(undefined, await open(dns, loaded, clock, purpose)), views };
}

/** A provider that answers nothing but the reason. */
function closed(error: unknown): DnsProvider {
  const refuse = (): Promise<never> => Promise.reject(toFailoverError(error));
  return { zoneOf: refuse, read: refuse, apply: refuse, readBack: refuse };
}

async function open(
  settings: DnsProviderSettings,
  loaded: LoadedSettings,
  clock: Clock,
  purpose: Purpose,
): Promise<DnsProvider> {
  const withPort = (list: DnsProviderSettings['servers']) =>
    list?.map(({ address, port }) => ({ address, port: port ?? 53 }));
  const { zones, transport, timeoutSeconds } = settings;
  const servers = withPort(settings.servers);
  const nameServers = withPort(settings.nameServers);
  const common = {
    clock,
    ...(servers && { servers }),
    ...(nameServers && { nameServers }),
    ...(zones && { zones }),
    ...(transport && { transport }),
    ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
  };
  const { powerdns, windows } = settings;
  if (powerdns !== undefined && purpose === 'changing') {
    const apiKey = await openSecret(loaded, powerdns.apiKey);
    const { url, serverId } = powerdns;
    return createPowerDnsProvider({ ...common, url, apiKey, ...(serverId && { serverId }) });
  }
  if (windows !== undefined && purpose === 'changing') {
    const { computerName, credential } = windows;
    if (credential === undefined) return createWindowsDnsProvider({ ...common, computerName });
    const password = await openSecret(loaded, credential.password);
    return createWindowsDnsProvider({ ...common, computerName, credential: { ...credential, password } });
  }
  const { signQueries = false } = settings;
  const key = purpose === 'reading' && !signQueries ? undefined : await tsigKey(settings, loaded);
  const gss = purpose === 'reading' ? undefined : await gssOptions(settings, loaded);
  return createRfc2136Provider({
    ...common,
    ...(servers?.[0] && { primary: servers[0] }),
    ...(key && { key }),
    ...(key && signQueries && { queryKey: key }),
    ...(gss && { gss }),
  });
}

async function gssOptions(
  { gss }: DnsProviderSettings,
  loaded: LoadedSettings,
): Promise<GssOptions | undefined> {
  if (gss === undefined) return undefined;
  const { principal, keytab } = gss;
  const path = keytab && (await checkKeytab(loaded.resolvePath(keytab.file)));
  return { ...(principal && { principal }), ...(path && { credential: { keytab: path } }) };
}

async function tsigKey({ key }: DnsProviderSettings, loaded: LoadedSettings) {
  if (key === undefined) return undefined;
  const secret = await openSecret(loaded, key.secret);
  return parseTsigKey(secret.reveal(), { name: key.name, algorithm: key.algorithm });
}
