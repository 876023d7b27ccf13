import { changesByZone, type DnsProvider, inView, mergeZoneChanges, zoneMessages } from '../dns/index.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { SiteSwitch } from './switch-plan.ts';

/**
 * The switches that would be refused if all of them were made now (dns.maxZoneChangePercent), each with its error: what
 * applySwitches would find, without changing anything.
 */
export async function refusedSwitches(
  switches: readonly SiteSwitch[],
  provider: DnsProvider,
  signal: AbortSignal,
): Promise<Map<SiteSwitch, FailoverError>> {
  const groups = changesByZone(switches.flatMap((one) => one.changes)).flatMap((zone) => zoneMessages(zone));
  const refused = new Map<SiteSwitch, FailoverError>();
  await Promise.all(
    groups.map(async (group) => {
      try {
        const message = mergeZoneChanges(group);
        await inView(provider, message.view).check?.(message, signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = toFailoverError(error, group[0]!.zone);
        for (const one of switches)
          if (one.changes.some((change) => group.includes(change))) refused.set(one, failure);
      }
    }),
  );
  return refused;
}
