import { normaliseName, type ZoneInView } from '../dns/index.ts';
import { nameKey } from '../model/site.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type FleetSite, fleetSites, viewAddresses } from './fleet.ts';

const indexes = new WeakMap<LoadedSettings, ReadonlyMap<string, readonly FleetSite[]> | undefined>();

/**
 * What the `old` record of a zone holds where sites have addresses of their own on the primary: those of all sites of the
 * zone on it, so that they agree on the one record, whichever of them are switched. Undefined where they have none.
 */
export function oldAddresses(
  site: FleetSite,
  { zone, view }: ZoneInView,
  loaded: LoadedSettings,
): string[] | undefined {
  if (!indexes.has(loaded)) indexes.set(loaded, indexOf(loaded));
  const there = indexes.get(loaded)?.get(zone);
  if (there === undefined) return undefined;
  const own = there.filter(({ primary }) => nameKey(primary.name) === nameKey(site.primary.name));
  return [...new Set(own.flatMap(({ primary }) => viewAddresses(primary, view)))];
}

/** The sites with a host name at a name or below it; undefined where no site has an address of its own. */
function indexOf(loaded: LoadedSettings): Map<string, FleetSite[]> | undefined {
  const { sites } = loaded.settings;
  if (sites.every(({ addresses, views }) => addresses === undefined && views === undefined)) return undefined;
  const index = new Map<string, FleetSite[]>();
  for (const site of fleetSites(loaded)) {
    const labels = site.hostNames.map((name) => normaliseName(name).split('.'));
    const names = new Set(labels.flatMap((list) => list.map((_, from) => list.slice(from).join('.'))));
    for (const name of names) {
      const known = index.get(name);
      if (known === undefined) index.set(name, [site]);
      else known.push(site);
    }
  }
  return index;
}
