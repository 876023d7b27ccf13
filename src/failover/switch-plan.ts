import { isIP } from 'node:net';
import {
  type DnsProvider,
  expectedRecovery,
  type ExpectedRecovery,
  inView,
  namesToRead,
  planMove,
  planSwitch,
  type RecordSet,
  type SwitchOptions,
  type SwitchPlan,
  viewPart,
  whereItPoints,
  type ZoneChange,
  type ZoneInView,
  zoneKey,
  zonesOf,
} from '../dns/index.ts';
import { siteState } from '../edge/state.ts';
import { reworded, type FailoverError } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import type { SavedZone, ServerRole, SiteState, State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import {
  type FleetSite,
  isOnPrimary,
  serversOf,
  type SiteServer,
  siteServer,
  viewAddresses,
} from './fleet.ts';
import { oldAddresses } from './old-addresses.ts';
import { readEach, type UnreadableZone } from './read-each.ts';

/** The records of one zone, in one view, that matter to a site. */
export interface SiteZone extends ZoneInView {
  readonly hostNames: readonly string[];
  readonly current: readonly RecordSet[];
  /** Its SOA record set, where a switch may give a host name an address of a family that it has none of. */
  readonly soa?: RecordSet;
  /** Name of the server that they point to; undefined where they are mixed or point elsewhere. */
  readonly server: string | undefined;
}

/** The role of the server that a site's records point to; unknown where they are mixed or point elsewhere. */
export type Target = ServerRole | 'unknown';

/** What the DNS server says of a site now. */
export interface SiteRecords {
  readonly zones: readonly SiteZone[];
  /** Of these nothing is known now; the target is that of the others. */
  readonly unreadable: readonly UnreadableZone[];
  readonly target: Target;
  /** The name of that server. */
  readonly server: string | undefined;
  /** Where each zone, or view of one, points to a server of the site, but not all to the same: their names. */
  readonly split: readonly string[];
}

/** A planned switch of one site: all its zones, or none. */
export interface SiteSwitch {
  readonly site: string;
  readonly from: Target;
  readonly fromServer: string | undefined;
  readonly to: ServerRole;
  readonly toServer: string;
  /** That server in words. */
  readonly label: string;
  readonly changes: readonly ZoneChange[];
  /** Zones that were left out: the switch is not whole without them. */
  readonly unreadable: readonly UnreadableZone[];
  /** What failback must restore, for the state file. */
  readonly saved: readonly SavedZone[];
  readonly warnings: readonly string[];
  /** When visitors follow, counted from the confirmed change; undefined where nothing that they hold changes. */
  readonly recovery: ExpectedRecovery | undefined;
}

/** Reads a site's records in each of its zones, in each of their views, from the authoritative server. */
export async function readRecords(
  site: FleetSite,
  loaded: LoadedSettings,
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<SiteRecords> {
  const options = switchOptions(site, loaded);
  const places = await zonesOf(site.hostNames, provider, signal);
  const { zones, unreadable } = await readEach(
    places,
    async (place): Promise<SiteZone> => {
      const view = inView(provider, place.view);
      const current = await view.read(place.zone, namesToRead({ ...place, options }), signal);
      const families = new Set(
        current.map(({ type }) => type).filter((type) => type === 'A' || type === 'AAAA'),
      );
      const primary = viewAddresses(site.primary, place.view);
      const created = new Set(primary.map(isIP)).size > families.size;
      const soa = created ? await view.readSoa?.(place.zone, signal) : undefined;
      return { ...place, current, ...(soa && { soa }), server: serverAt({ ...place, current }, site) };
    },
    signal,
  );
  const servers = [...new Set(zones.map((zone) => zone.server))];
  const server = servers.length === 1 ? servers[0] : undefined;
  const known = servers.filter((one) => one !== undefined);
  const split = servers.length > 1 && known.length === servers.length ? known : [];
  return { zones, unreadable, target: siteServer(site, server)?.role ?? 'unknown', server, split };
}

/** The name of the server of the site that its host names in a zone point to. */
function serverAt(zone: Omit<SiteZone, 'server'>, { primary, standbys }: FleetSite): string | undefined {
  const addresses = (server: SiteServer) => viewAddresses(server, zone.view);
  for (const standby of standbys) {
    const holder = whereItPoints({ ...zone, primary: addresses(primary), failover: addresses(standby) });
    if (holder === 'primary') return primary.name;
    if (holder === 'failover') return standby.name;
  }
  return undefined;
}

/**
 * Plans to move a site's records to a server; empty changes where they are there already.
 * @param leaving sites (lower case) that go back to the primary at the same time: they need no `old` record any more
 * @throws FailoverError the reason of a refusal; then nothing of the site is switched, in no zone
 */
export function planSiteSwitch(
  site: FleetSite,
  to: SiteServer,
  records: SiteRecords,
  state: State,
  loaded: LoadedSettings,
  leaving: ReadonlySet<string> = new Set(),
): SiteSwitch {
  const ownName = site.name.toLowerCase();
  const others = sitesWithSaved(state).filter(
    ([name]) => name !== ownName && !leaving.has(name) && isOnPrimary(name, site.primary.name, loaded),
  );
  const changes: ZoneChange[] = [];
  const saved: SavedZone[] = [];
  const warnings: string[] = [];
  for (const place of records.zones) {
    const savedByOthers = others.flatMap(([, other]) => savedIn(other, place));
    const ofZone = oldAddresses(site, place, loaded);
    const plan = planZone(site, to, place, {
      // An `old` record that is in one of these is ours, also where a former switch was left half made.
      saved: [
        ...savedIn(siteState(state, site.name), place),
        ...(to.role === 'failover' ? savedByOthers : []),
      ],
      options: {
        ...switchOptions(site, loaded),
        othersSwitched: savedByOthers.length > 0,
        ...(ofZone && { oldAddresses: ofZone }),
      },
    });
    const view = viewPart(place);
    const subject = place.view === undefined ? '' : `view ${place.view}: `;
    if (plan.kind === 'refused') throw withSite(plan.error, site.name, subject);
    warnings.push(...plan.warnings.map((warning) => `${subject}${warning}`));
    if (plan.kind === 'nothing') continue;
    changes.push({ ...plan.change, ...view });
    saved.push({ zone: place.zone, ...view, recordSets: plan.saved });
  }
  const soas = records.zones.flatMap((place) =>
    place.soa === undefined ? [] : [[zoneKey(place), place.soa] as const],
  );
  const recovery = expectedRecovery(changes, new Map(soas));
  const { target: from, server: fromServer, unreadable } = records;
  const { role, name: toServer, label } = to;
  return {
    site: site.name,
    from,
    fromServer,
    to: role,
    toServer,
    label,
    changes,
    unreadable,
    saved,
    warnings,
    recovery,
  };
}

/**
 * | the zone's records point to | the site moves to | plan |
 * |---|---|---|
 * | a failover server | another one | from the one to the other |
 * | any server, or not known | the primary | back from that failover server, or the first |
 * | any other, or not known | a failover server | from the primary; refused where they are elsewhere |
 */
function planZone(
  site: FleetSite,
  to: SiteServer,
  { zone, view, hostNames, current, server }: SiteZone,
  rest: { readonly saved: readonly RecordSet[]; readonly options: SwitchOptions },
): SwitchPlan {
  const at = (one: SiteServer) => viewAddresses(one, view);
  const request = { zone, hostNames, current, primary: at(site.primary), ...rest };
  const standby = site.standbys.find((one) => one.name === server);
  if (to.role === 'primary') {
    const from = standby ?? site.standbys[0]!;
    return planSwitch({ ...request, failover: at(from), direction: 'failback' });
  }
  if (standby !== undefined && standby.name !== to.name)
    return planMove({ ...request, from: at(standby), to: at(to) });
  return planSwitch({ ...request, failover: at(to), direction: 'failover' });
}

/** With several primaries each has an `old` record of its own in a zone; else two of them would contend for one. */
function switchOptions(site: FleetSite, loaded: LoadedSettings): SwitchOptions {
  const { keepOldRecord, acknowledgeMx, ttlWhileSwitched } = loaded.settings.dns ?? {};
  return {
    ...(keepOldRecord === undefined ? {} : { keepOldRecord }),
    ...(acknowledgeMx === undefined ? {} : { acknowledgeMx }),
    ...(ttlWhileSwitched === undefined ? {} : { ttlWhileSwitched }),
    ...(serversOf(loaded, 'primary').length < 2
      ? {}
      : { oldLabel: `old-${nameKey(site.primary.name).replace(/[^a-z0-9-]+/g, '-')}` }),
  };
}

function savedIn({ saved = [] }: SiteState, place: ZoneInView): readonly RecordSet[] {
  return saved.filter((one) => zoneKey(one) === zoneKey(place)).flatMap((one) => one.recordSets);
}

/** The error names the record; scripts want to know the site. */
function withSite(error: FailoverError, site: string, subject: string): FailoverError {
  return reworded(error, `${site}: ${subject}${error.message}`, site);
}

const withSaved = new WeakMap<State, readonly [string, SiteState][]>();

/**
 * Sites that have switched, by what was saved, not by the target: a run that was killed in between has saved, and not
 * told the target. A batch plans a thousand sites on one state, which nobody changes once it was read.
 */
function sitesWithSaved(state: State): readonly [string, SiteState][] {
  let known = withSaved.get(state);
  if (known === undefined) {
    known = Object.entries(state.sites).filter(([, { saved }]) => saved !== undefined);
    withSaved.set(state, known);
  }
  return known;
}
