import {
  type DnsProvider,
  namesToRead,
  planSwitch,
  type RecordSet,
  type SwitchOptions,
  whereItPoints,
  type ZoneChange,
} from '../dns/index.ts';
import { siteState } from '../edge/state.ts';
import { FailoverError } from '../model/failover-error.ts';
import type { SavedZone, ServerRole, SiteState, State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type FleetSite, serverOf } from './fleet.ts';

/** The records of one zone that matter to a site. */
export interface SiteZone {
  readonly zone: string;
  readonly hostNames: readonly string[];
  readonly current: readonly RecordSet[];
}

/** Where a site's records point; unknown where they are mixed or point elsewhere. */
export type Target = ServerRole | 'unknown';

/** What the DNS server says of a site now. */
export interface SiteRecords {
  readonly zones: readonly SiteZone[];
  readonly target: Target;
  /** Some of its zones point to the one server, the others to the other. */
  readonly split: boolean;
}

/** A planned switch of one site: all its zones, or none. */
export interface SiteSwitch {
  readonly site: string;
  readonly from: Target;
  readonly to: ServerRole;
  readonly changes: readonly ZoneChange[];
  /** What failback must restore, for the state file. */
  readonly saved: readonly SavedZone[];
  readonly warnings: readonly string[];
}

interface Addresses {
  readonly primary: readonly string[];
  readonly failover: readonly string[];
}

function addressesOf(loaded: LoadedSettings): Addresses {
  return { primary: serverOf(loaded, 'primary').addresses, failover: serverOf(loaded, 'failover').addresses };
}

/** Reads a site's records in each of its zones from the authoritative server. */
export async function readRecords(
  site: FleetSite,
  loaded: LoadedSettings,
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<SiteRecords> {
  const byZone = new Map<string, string[]>();
  for (const hostName of site.hostNames) {
    const zone = await provider.zoneOf(hostName, signal);
    byZone.set(zone, [...(byZone.get(zone) ?? []), hostName]);
  }
  const options = switchOptions(loaded);
  const zones = await Promise.all(
    [...byZone].map(async ([zone, hostNames]): Promise<SiteZone> => {
      const current = await provider.read(zone, namesToRead({ zone, hostNames, options }), signal);
      return { zone, hostNames, current };
    }),
  );
  const addresses = addressesOf(loaded);
  const targets = new Set(zones.map((zone) => whereItPoints({ ...zone, ...addresses })));
  const [target] = targets;
  const isServer = (one: unknown) => one === 'primary' || one === 'failover';
  const split = targets.size === 2 && [...targets].every(isServer);
  return { zones, target: targets.size === 1 && isServer(target) ? target : 'unknown', split };
}

/**
 * Plans to move a site's records to a server; empty changes where they are there already.
 * @param leaving sites (lower case) that go back to the primary at the same time: they need no `old` record any more
 * @throws FailoverError the reason of a refusal; then nothing of the site is switched, in no zone
 */
export function planSiteSwitch(
  site: FleetSite,
  to: ServerRole,
  records: SiteRecords,
  state: State,
  loaded: LoadedSettings,
  leaving: ReadonlySet<string> = new Set(),
): SiteSwitch {
  const direction = to === 'failover' ? 'failover' : 'failback';
  const others = Object.entries(state.sites).filter(
    // By what was saved, not by the target: a run that was killed in between has saved, and not told the target.
    ([name, other]) => name !== site.name.toLowerCase() && !leaving.has(name) && other.saved !== undefined,
  );
  const changes: ZoneChange[] = [];
  const saved: SavedZone[] = [];
  const warnings: string[] = [];
  for (const { zone, hostNames, current } of records.zones) {
    const savedByOthers = others.flatMap(([, other]) => savedIn(other, zone));
    const plan = planSwitch({
      zone,
      hostNames,
      ...addressesOf(loaded),
      direction,
      current,
      // An `old` record that is in one of these is ours, also where a former switch was left half made.
      saved: [
        ...savedIn(siteState(state, site.name), zone),
        ...(direction === 'failover' ? savedByOthers : []),
      ],
      options: { ...switchOptions(loaded), othersSwitched: savedByOthers.length > 0 },
    });
    if (plan.kind === 'refused') throw withSite(plan.error, site.name);
    warnings.push(...plan.warnings);
    if (plan.kind === 'nothing') continue;
    changes.push(plan.change);
    saved.push({ zone, recordSets: plan.saved });
  }
  return { site: site.name, from: records.target, to, changes, saved, warnings };
}

function switchOptions(loaded: LoadedSettings): SwitchOptions {
  const { keepOldRecord, acknowledgeMx, ttlWhileSwitched } = loaded.settings.dns ?? {};
  return {
    ...(keepOldRecord === undefined ? {} : { keepOldRecord }),
    ...(acknowledgeMx === undefined ? {} : { acknowledgeMx }),
    ...(ttlWhileSwitched === undefined ? {} : { ttlWhileSwitched }),
  };
}

function savedIn(state: SiteState, zone: string): readonly RecordSet[] {
  return (state.saved ?? []).filter((entry) => entry.zone === zone).flatMap((entry) => entry.recordSets);
}

/** The error names the record; scripts want to know the site. */
function withSite(error: FailoverError, site: string): FailoverError {
  return new FailoverError(error.id, `${site}: ${error.message}`, { target: site, cause: error });
}
