import { type FleetSite, type SiteServer, siteServer } from '../../failover/fleet.ts';
import { type Observation, observe, probeQueue } from '../../failover/observe.ts';
import { serves, siteProber } from '../../health/index.ts';
import { failure } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import type { ServerRole } from '../../model/state.ts';
import type { CommandContext } from '../definition.ts';

export interface Wish {
  readonly to: ServerRole;
  /** The name of the server, where it was given. */
  readonly server: string | undefined;
  /** Without a probe. */
  readonly force: boolean;
}

/**
 * Finds the server that a site is to be moved to by hand. Of several failover servers it is the one that was named,
 * else the first that serves the site, beginning with the one that it is on.
 * @throws FailoverError ServerNotFound, TargetNotHealthy
 */
export function destinations(
  { to, server: wanted, force }: Wish,
  context: CommandContext,
): (site: FleetSite, at: string | undefined) => Promise<SiteServer> {
  const queue = probeQueue();
  const prober = siteProber({ clock: context.clock });
  const probe = (site: FleetSite, { addresses }: SiteServer): Promise<Observation> =>
    observe(queue, prober, site, addresses, context.clock, context.signal);
  return async (site, at) => {
    const candidates = candidatesOf(site, to, wanted, at);
    if (force) return candidates[0]!;
    const reasons: [string, string][] = [];
    for (const server of candidates) {
      const { health, result } = await probe(site, server);
      if (serves({ state: health })) return server;
      reasons.push([server.label, result.error ?? 'it could not be checked']);
    }
    const server = reasons.map(([label]) => label).join(' or ');
    const why = reasons
      .map(([label, reason]) => (reasons.length > 1 ? `${label}: ${reason}` : reason))
      .join('; ');
    throw failure('TargetNotHealthy', { site: site.name, server, why }, { target: site.name });
  };
}

function candidatesOf(
  site: FleetSite,
  to: ServerRole,
  wanted: string | undefined,
  at: string | undefined,
): readonly SiteServer[] {
  const all = to === 'primary' ? [site.primary] : site.standbys;
  if (wanted !== undefined) {
    const named = all.find(({ name }) => nameKey(name) === nameKey(wanted));
    if (named !== undefined) return [named];
    const choices = all.map(({ name }) => name).join(', ');
    const values = { site: site.name, role: to, name: wanted, choices };
    throw failure('ServerNotFound.site', values, { target: site.name });
  }
  const own = siteServer(site, at);
  return own === undefined ? all : [...all.filter((one) => one === own), ...all.filter((one) => one !== own)];
}
