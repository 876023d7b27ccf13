import {
  changesByZone,
  describeZone,
  type DnsProvider,
  inView,
  partialError,
  type ReadBack,
  viewPart,
  type ZoneChange,
  zoneKey,
  ZoneMessages,
  zoneMessages,
} from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { readState, siteState, updateState } from '../edge/state.ts';
import { unconfirmedChange } from './confirm.ts';
import type { ErrorId } from '../model/error-catalog.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { SavedRecordSet, SavedUnconfirmed, SavedZone, SiteState, State } from '../model/state.ts';
import type { SiteSwitch } from './switch-plan.ts';

/** What became of one site's switch. */
export interface SwitchResult {
  readonly site: string;
  /** True where every zone was changed. */
  readonly switched: boolean;
  /** True where every zone was changed that could be read: visitors were moved, which counts as a failover. */
  readonly moved: boolean;
  /** True where it is certain that no zone was changed. */
  readonly untouched: boolean;
  /** The changes that were made: some of them where it was made in part. */
  readonly made: readonly ZoneChange[];
  /** In words, the zones in which it was not made. */
  readonly missing: readonly string[];
  /** True where every name server shows the change. */
  readonly confirmed: boolean;
  /** From the first update to the last confirmation. */
  readonly durationMs: number;
  /** One for each zone that was not read, not changed or not confirmed. */
  readonly errors: readonly FailoverError[];
  /** The zones that were changed, and not confirmed. */
  readonly unconfirmed: readonly SavedUnconfirmed[];
}

interface ZoneResult {
  readonly changed: boolean;
  readonly readBack: ReadBack | undefined;
  readonly error: FailoverError | undefined;
}

/**
 * Switches sites: one atomic message for each zone and view, whatever sites it serves (several where they do not fit one, and
 * then a site is in one of them), then read back from every name server.
 * What failback needs is saved before the first message goes out, so that a run that is killed in between loses
 * nothing; the records themselves tell the next run where each site points.
 */
export async function applySwitches(
  switches: readonly SiteSwitch[],
  provider: DnsProvider,
  stateFolder: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<SwitchResult[]> {
  const before = await saveBefore(switches, stateFolder);
  const started = clock.monotonic();
  const zones = changesByZone(switches.flatMap((one) => one.changes));
  const all = await Promise.all(
    zones.map((changes) => changeZone(changes, inView(provider, changes[0]!.view), signal)),
  );
  const results = new Map(all.flat());
  const durationMs = clock.monotonic() - started;
  const outcome = switches.map((one): SwitchResult => {
    const own = one.changes.map((change) => results.get(change)!);
    return {
      site: one.site,
      switched: one.unreadable.length === 0 && own.every((zone) => zone.changed),
      moved: own.length > 0 && own.every((zone) => zone.changed),
      untouched: own.length > 0 && own.every((zone) => !zone.changed && !uncertain.includes(zone.error!.id)),
      made: one.changes.filter((_, index) => own[index]!.changed),
      missing: [
        ...one.changes
          .filter((_, index) => !own[index]!.changed)
          .map((zone) => `${describeZone(zone)}: not changed yet`),
        ...one.unreadable.map((zone) => `${describeZone(zone)}: not read`),
      ],
      confirmed: one.unreadable.length === 0 && own.every((zone) => zone.readBack?.confirmed === true),
      durationMs,
      errors: [
        ...one.unreadable.map(({ error }) => error),
        ...own.flatMap((zone) => (zone.error === undefined ? [] : [zone.error])),
      ],
      unconfirmed: one.changes.flatMap((change, index) => {
        const { changed, readBack } = own[index]!;
        if (!changed || readBack?.confirmed === true) return [];
        return [unconfirmedChange(change, readBack, clock.now())];
      }),
    };
  });
  await saveAfter(switches, outcome, before, stateFolder, clock);
  return outcome;
}

/** The results of a zone's changes in a view; those of one message share theirs. */
async function changeZone(
  changes: readonly ZoneChange[],
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<[ZoneChange, ZoneResult][]> {
  const messages = new ZoneMessages();
  const results: Promise<[ZoneChange, ZoneResult][]>[] = [];
  for (const group of zoneMessages(changes)) {
    const share = (result: ZoneResult) => group.map((one): [ZoneChange, ZoneResult] => [one, result]);
    try {
      const message = messages.next(group);
      await provider.apply(message, signal);
      messages.made(message);
      results.push(confirm(message, provider, signal).then(share));
    } catch (error) {
      const failed = { changed: false, readBack: undefined, error: toFailoverError(error, group[0]!.zone) };
      results.push(Promise.resolve(share(failed)));
    }
  }
  return (await Promise.all(results)).flat();
}

async function confirm(change: ZoneChange, provider: DnsProvider, signal: AbortSignal): Promise<ZoneResult> {
  try {
    const readBack = await provider.readBack(change, { signal });
    return { changed: true, readBack, error: partialError(readBack) };
  } catch (error) {
    return { changed: true, readBack: undefined, error: toFailoverError(error, change.zone) };
  }
}

/**
 * What a former, incomplete switch saved of records that it has moved stays: that was the original. A switch of
 * several zones is noted, so that the next run completes it where this one ends in between.
 */
async function saveBefore(switches: readonly SiteSwitch[], stateFolder: string): Promise<State> {
  const state = await readState(stateFolder);
  const changes = switches.flatMap((one): [string, Partial<SiteState>][] => {
    const several = one.changes.length > 0 && one.changes.length + one.unreadable.length > 1;
    const pending = several ? { pending: one.to, pendingServer: one.toServer } : {};
    if (one.to === 'failover' && one.changes.length > 0) {
      const saved = mergeSaved(siteState(state, one.site).saved ?? [], one.saved);
      return [[one.site, { ...pending, saved }]];
    }
    return several ? [[one.site, pending]] : [];
  });
  await updateState(stateFolder, new Map(changes));
  return state;
}

function mergeSaved(before: readonly SavedZone[], now: readonly SavedZone[]): SavedZone[] {
  const zones = new Map([...before, ...now].map((entry) => [zoneKey(entry), entry]));
  return [...zones].map(([key, place]) => {
    const setsIn = (list: readonly SavedZone[]): SavedRecordSet[] =>
      list.filter((entry) => zoneKey(entry) === key).flatMap((entry) => entry.recordSets);
    const fresh = setsIn(now);
    const kept = setsIn(before).filter(
      (set) => !fresh.some((one) => one.name === set.name && one.type === set.type),
    );
    return { zone: place.zone, ...viewPart(place), recordSets: [...kept, ...fresh] };
  });
}

/** After these nobody knows whether the server has made the change. */
const uncertain: readonly ErrorId[] = ['DnsTimeout', 'DnsServerUnreachable', 'Cancelled', 'Internal'];

/**
 * What is left of a failback that was made in all zones but those that could not be read: what was saved of these. Where
 * nothing was, they were never switched, and the failback is whole.
 */
function leftOver({ to, unreadable }: SiteSwitch, before: SiteState): Partial<SiteState> {
  if (to === 'failover') return {};
  const keys = unreadable.map(zoneKey);
  const saved = (before.saved ?? []).filter((entry) => keys.includes(zoneKey(entry)));
  return saved.length > 0 ? { saved } : { saved: undefined, pending: undefined, pendingServer: undefined };
}

async function saveAfter(
  switches: readonly SiteSwitch[],
  outcome: readonly SwitchResult[],
  before: State,
  stateFolder: string,
  clock: Clock,
): Promise<void> {
  const lastSwitch = clock.now().toISOString();
  const changes = switches.flatMap((one, index): [string, Partial<SiteState>][] => {
    const { switched, moved, untouched, unconfirmed } = outcome[index]!;
    // Where it points to one server, none of its zones was left over by a former switch.
    const known = one.from !== 'unknown' && one.unreadable.length === 0;
    const settled = known ? { pending: undefined, pendingServer: undefined } : {};
    if (untouched && known && one.from === 'primary') return [[one.site, { ...settled, saved: undefined }]];
    if (untouched) return [[one.site, settled]];
    const kept = (siteState(before, one.site).unconfirmed ?? []).filter(
      (former) => !one.changes.some((change) => zoneKey(change) === zoneKey(former)),
    );
    const open = [...kept, ...unconfirmed];
    const confirmation = { unconfirmed: open.length === 0 ? undefined : open };
    if (!switched && !moved) return [[one.site, confirmation]];
    const pointed = { target: one.to, targetServer: one.toServer, lastSwitch, ...confirmation };
    if (!switched) return [[one.site, { ...pointed, ...leftOver(one, siteState(before, one.site)) }]];
    const done = { ...pointed, pending: undefined, pendingServer: undefined };
    return [[one.site, one.to === 'primary' ? { ...done, saved: undefined } : done]];
  });
  await updateState(stateFolder, new Map(changes));
}
