import { isIP } from 'node:net';
import {
  type DnsProvider,
  expectedRecovery,
  type ExpectedRecovery,
  inView,
  namesToRead,
  planSwitch,
  type RecordSet,
  type SwitchOptions,
  viewPart,
  whereItPoints,
  type ZoneChange,
  type ZoneInView,
  zoneKey,
  zonesOf,
} from '../dns/index.ts';
import { siteState } from '../edge/state.ts';
import { reworded, type FailoverError } from '../model/failover-error.ts';
import type { SavedZone, ServerRole, SiteState, State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type FleetSite, serverOf, viewAddresses } from './fleet.ts';
import { readEach, type UnreadableZone } from './read-each.ts';

/** The records of one zone, in one view, that matter to a site. */
export interface SiteZone extends ZoneInView {
  readonly hostNames: readonly string[];
  readonly current: readonly RecordSet[];
  /** Its SOA record set, where a switch may give a host name an address of a family that it has none of. */
  readonly soa?: RecordSet;
}

/** Where a site's records point; unknown where they are mixed or point elsewhere. */
export type Target = ServerRole | 'unknown';

/** What the DNS server says of a site now. */
export interface SiteRecords {
  readonly zones: readonly SiteZone[];
  /** Of these nothing is known now; the target is that of the others. */
  readonly unreadable: readonly UnreadableZone[];
  readonly target: Target;
  /** Some of its zones, or views of them, point to the one server, the others to the other. */
  readonly split: boolean;
}

/** A planned switch of one site: all its zones, or none. */
export interface SiteSwitch {
  readonly site: string;
  readonly from: Target;
  readonly to: ServerRole;
  readonly changes: readonly ZoneChange[];
  /** Zones that were left out: the switch is not whole without them. */
  readonly unreadable: readonly UnreadableZone[];
  /** What failback must restore, for the state file. */
  readonly saved: readonly SavedZone[];
  readonly warnings: readonly string[];
  /** When visitors follow, counted from the confirmed change; undefined where nothing that they hold changes. */
  readonly recovery: ExpectedRecovery | undefined;
}

interface Addresses {
  readonly primary: readonly string[];
  readonly failover: readonly string[];
}

function addressesOf(loaded: LoadedSettings, { view }: ZoneInView): Addresses {
  const addresses = (role: ServerRole) => viewAddresses(serverOf(loaded, role), view);
  return { primary: addresses('primary'), failover: addresses('failover') };
}

/** Reads a site's records in each of its zones, in each of their views, from the authoritative server. */
export async function readRecords(
  site: FleetSite,
  loaded: LoadedSettings,
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<SiteRecords> {
  const options = switchOptions(loaded);
  const places = await zonesOf(site.hostNames, provider, signal);
  const { zones, unreadable } = await readEach(
    places,
    async (place): Promise<SiteZone> => {
      const view = inView(provider, place.view);
      const current = await view.read(place.zone, namesToRead({ ...place, options }), signal);
      const families = new Set(
        current.map(({ type }) => type).filter((type) => type === 'A' || type === 'AAAA'),
      );
      const { primary } = addressesOf(loaded, place);
      const created = new Set(primary.map(isIP)).size > families.size;
      const soa = created ? await view.readSoa?.(place.zone, signal) : undefined;
      return { ...place, current, ...(soa && { soa }) };
    },
    signal,
  );
  const targets = new Set(zones.map((zone) => whereItPoints({ ...zone, ...addressesOf(loaded, zone) })));
  const [target] = targets;
  const isServer = (one: unknown) => one === 'primary' || one === 'failover';
  const split = targets.size === 2 && [...targets].every(isServer);
  return { zones, unreadable, target: targets.size === 1 && isServer(target) ? target : 'unknown', split };
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
  for (const place of records.zones) {
    const { zone, hostNames, current } = place;
    const savedByOthers = others.flatMap(([, other]) => savedIn(other, place));
    const plan = planSwitch({
      zone,
      hostNames,
      ...addressesOf(loaded, place),
      direction,
      current,
      // An `old` record that is in one of these is ours, also where a former switch was left half made.
      saved: [
        ...savedIn(siteState(state, site.name), place),
        ...(direction === 'failover' ? savedByOthers : []),
      ],
      options: { ...switchOptions(loaded), othersSwitched: savedByOthers.length > 0 },
    });
    const view = viewPart(place);
    const subject = place.view === undefined ? '' : `view ${place.view}: `;
    if (plan.kind === 'refused') throw withSite(plan.error, site.name, subject);
    warnings.push(...plan.warnings.map((warning) => `${subject}${warning}`));
    if (plan.kind === 'nothing') continue;
    changes.push({ ...plan.change, ...view });
    saved.push({ zone, ...view, recordSets: plan.saved });
  }
  const soas = records.zones.flatMap((place) =>
    place.soa === undefined ? [] : [[zoneKey(place), place.soa] as const],
  );
  const recovery = expectedRecovery(changes, new Map(soas));
  const { target: from, unreadable } = records;
  return { site: site.name, from, to, changes, unreadable, saved, warnings, recovery };
}

function switchOptions(loaded: LoadedSettings): SwitchOptions {
  const { keepOldRecord, acknowledgeMx, ttlWhileSwitched } = loaded.settings.dns ?? {};
  return {
    ...(keepOldRecord === undefined ? {} : { keepOldRecord }),
    ...(acknowledgeMx === undefined ? {} : { acknowledgeMx }),
    ...(ttlWhileSwitched === undefined ? {} : { ttlWhileSwitched }),
  };
}

function savedIn({ saved = [] }: SiteState, place: ZoneInView): readonly RecordSet[] {
  return saved.filter((one) => zoneKey(one) === zoneKey(place)).flatMap((one) => one.recordSets);
}

/** The error names the record; scripts want to know the site. */
function withSite(error: FailoverError, site: string, subject: string): FailoverError {
  return reworded(error, `${site}: ${subject}${error.message}`, site);
}
