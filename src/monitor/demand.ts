import { demandPerAddress } from './pacer.ts';
import type { WatchedSite } from './watched-site.ts';

/** A sentence for each address of which the sites together ask more probes than are allowed in a second. */
export function tooManyProbes(sites: readonly WatchedSite[], perSecond: number): string[] {
  const watched = sites.flatMap(({ site, servers }) =>
    servers.map(({ server }) => ({
      addresses: server.addresses,
      intervalMs: site.verification.intervalMs,
    })),
  );
  return [...demandPerAddress(watched)]
    .filter(([, demand]) => demand > perSecond)
    .map(
      ([address, demand]) =>
        `${address} would be probed ${Math.ceil(demand)} times a second; monitor.probesPerSecond allows ` +
        `${perSecond}, so that checks come later than their interval.`,
    );
}
