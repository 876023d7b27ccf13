import { describeZone } from '../dns/index.ts';
import { nameKey } from '../model/site.ts';
import type { SavedUnconfirmed, SiteState } from '../model/state.ts';
import { type FleetSite, siteServer } from './fleet.ts';
import type { SiteRecords } from './switch-plan.ts';

/**
 * What the last switch of a site still lacks, in words: zones that it was not made in, and name servers that do not show
 * it. Empty where it is whole.
 */
export function unfinished(site: FleetSite, records: SiteRecords | undefined, state: SiteState): string[] {
  const lagging = behind(state.unconfirmed ?? []);
  const { pending, pendingServer } = state;
  if (records === undefined || pending === undefined) return lagging;
  const isThere = (name: string | undefined): boolean => {
    if (name === undefined) return false;
    if (pendingServer !== undefined) return nameKey(name) === nameKey(pendingServer);
    return siteServer(site, name)?.role === pending;
  };
  const { zones, unreadable } = records;
  // A switch that was made nowhere is none.
  if (!zones.some(({ server }) => isThere(server))) return lagging;
  return [
    ...zones.filter(({ server }) => !isThere(server)).map((zone) => `${describeZone(zone)}: not changed yet`),
    ...unreadable.map((zone) => `${describeZone(zone)}: not read`),
    ...lagging,
  ];
}

/** The name servers that do not show a change, in words. */
export function behind(unconfirmed: readonly SavedUnconfirmed[]): string[] {
  return unconfirmed.map((one) => `${describeZone(one)}: ${one.servers.join(', ') || 'not known which'}`);
}
