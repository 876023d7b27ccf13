import { failure } from '../model/failover-error.ts';
import { longestZone, normaliseName } from './names.ts';
import type { DnsProvider } from './provider.ts';

/** A provider and the zones that it alone is asked for. */
export interface ZoneRoute {
  readonly zones: readonly string[];
  readonly provider: DnsProvider;
}

/**
 * One provider out of several: a host name belongs to the route with the longest zone that holds it, every other
 * one to the default; without a default it is DnsZoneNotFound. Throws DnsNameInvalid for a zone that is no name.
 */
export function routeByZone(routes: readonly ZoneRoute[], otherwise?: DnsProvider): DnsProvider {
  const byZone = new Map(
    routes.flatMap(({ zones, provider }) => zones.map((zone) => [normaliseName(zone), provider])),
  );
  const zones = [...byZone.keys()];
  const of = (name: string): DnsProvider => {
    const zone = longestZone(normaliseName(name), zones);
    const provider = zone === undefined ? otherwise : byZone.get(zone);
    if (provider !== undefined) return provider;
    throw failure('DnsZoneNotFound.notRouted', { name }, { target: name });
  };
  return {
    zoneOf: async (hostName, signal) => of(hostName).zoneOf(hostName, signal),
    read: async (zone, names, signal) => of(zone).read(zone, names, signal),
    apply: async (change, signal) => of(change.zone).apply(change, signal),
    readSoa: async (zone, signal) => of(zone).readSoa?.(zone, signal),
    size: async (zone, signal) => of(zone).size?.(zone, signal),
    readBack: async (change, options) => of(change.zone).readBack(change, options),
  };
}
