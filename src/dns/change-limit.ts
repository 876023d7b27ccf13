import { failure } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import type { DnsProvider } from './provider.ts';
import { sameData } from './record-set.ts';

/** Zones with fewer record sets have no share worth the name: a switch of the whitepaper's zone changes half of it. */
const smallest = 10;

/**
 * The provider, but for changes of more than a share of a zone's record sets at once, which it refuses. What is
 * added beside them (the `old` record) does not count, nor does another TTL of the same values. A zone whose size the server does not tell is not limited.
 *
 * | record sets of the zone | of them changed | then |
 * |---|---|---|
 * | unknown, or fewer than 10 | | applied |
 * | 10 or more | at most maxPercent | applied |
 * | 10 or more | more | DnsTooManyChanges, with the numbers |
 */
export function limitChanges(provider: DnsProvider, maxPercent: number): DnsProvider {
  return {
    zoneOf: (hostName, signal) => provider.zoneOf(hostName, signal),
    read: (zone, names, signal) => provider.read(zone, names, signal),
    readBack: (change, options) => provider.readBack(change, options),
    size: async (zone, signal) => provider.size?.(zone, signal),
    readSoa: async (zone, signal) => provider.readSoa?.(zone, signal),
    check: (change, signal) => check(provider, change, maxPercent, signal),
    apply: async (change, signal) => {
      await check(provider, change, maxPercent, signal);
      await provider.apply(change, signal);
    },
  };
}

async function check(
  provider: DnsProvider,
  { zone, changes }: ZoneChange,
  maxPercent: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const changed = changes.filter(
    ({ type, before, after }) =>
      type !== 'SOA' && before !== null && !sameData(before.data, after?.data ?? []),
  ).length;
  // A zone as small as this change allows is asked for its size only where that may matter.
  if (maxPercent >= 100 || (changed * 100) / smallest <= maxPercent) return;
  const size = await provider.size?.(zone, signal);
  if (size === undefined || size < smallest || changed * 100 <= maxPercent * size) return;
  const percent = Math.round((changed * 100) / size);
  throw failure('DnsTooManyChanges', { changed, size, zone, percent, maxPercent }, { target: zone });
}
