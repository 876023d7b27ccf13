import { FailoverError, failure, reworded } from '../model/failover-error.ts';
import { longestZone, normaliseName } from './names.ts';
import type { DnsProvider } from './provider.ts';

/** A zone in one of its views; without `view` in the default one. */
export interface ZoneInView {
  readonly zone: string;
  readonly view?: string;
}

/** Copies of zones for some askers, with other addresses (split horizon): the same names, on servers of their own. */
export interface DnsView {
  readonly name: string;
  /** The zones that it holds. Normalised. */
  readonly zones: readonly string[];
  readonly provider: DnsProvider;
}

/** What identifies a zone among all views, as the key of a map. */
export function zoneKey({ zone, view }: ZoneInView): string {
  return view === undefined ? zone : `${zone} ${view}`;
}

/** In words: `example.com`, `example.com (view internal)`. */
export function describeZone({ zone, view }: ZoneInView): string {
  return view === undefined ? zone : `${zone} (view ${view})`;
}

/** The view as a part of an object; nothing for the default one. */
export function viewPart({ view }: { readonly view?: string | undefined }): { readonly view?: string } {
  return view === undefined ? {} : { view };
}

/**
 * The provider of a view.
 * @throws FailoverError DnsZoneNotFound where the settings have no such view (any more)
 */
export function inView(provider: DnsProvider, view: string | undefined): DnsProvider {
  if (view === undefined) return provider;
  const found = provider.views?.find(({ name }) => name === view);
  if (found !== undefined) return found.provider;
  throw failure('DnsZoneNotFound.view', { view }, { target: view });
}

/**
 * The zones of some host names in every view: the default one, where each host name must be, and each other view that
 * has a zone for it.
 * @throws FailoverError those of zoneOf
 */
export async function zonesOf(
  hostNames: readonly string[],
  provider: DnsProvider,
  signal?: AbortSignal,
): Promise<(ZoneInView & { readonly hostNames: readonly string[] })[]> {
  const found = new Map<string, ZoneInView & { hostNames: string[] }>();
  const add = (place: ZoneInView, hostName: string): void => {
    const known = found.get(zoneKey(place));
    if (known === undefined) found.set(zoneKey(place), { ...place, hostNames: [hostName] });
    else known.hostNames.push(hostName);
  };
  for (const hostName of hostNames) {
    add({ zone: await provider.zoneOf(hostName, signal) }, hostName);
    for (const { name, zones } of provider.views ?? []) {
      const zone = longestZone(normaliseName(hostName), zones);
      if (zone !== undefined) add({ zone, view: name }, hostName);
    }
  }
  return [...found.values()];
}

/** The provider of a view, whose errors and results name the view: zones and servers alone may not tell it. */
export function namingView(name: string, provider: DnsProvider): DnsProvider {
  const named = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof FailoverError)) throw error;
      throw reworded(error, `View ${name}: ${error.message}`);
    }
  };
  return {
    zoneOf: (hostName, signal) => named(provider.zoneOf(hostName, signal)),
    read: (zone, names, signal) => named(provider.read(zone, names, signal)),
    apply: (change, signal) => named(provider.apply(change, signal)),
    check: (change, signal) => named(Promise.resolve(provider.check?.(change, signal))),
    readBack: async (change, options) => ({
      ...(await named(provider.readBack(change, options))),
      view: name,
    }),
    readSoa: (zone, signal) => named(Promise.resolve(provider.readSoa?.(zone, signal))),
    size: (zone, signal) => named(Promise.resolve(provider.size?.(zone, signal))),
  };
}
