import type { FleetSite } from './fleet.ts';

/**
 * Says why a site must not go back to its primary yet: writes on the failover server that are not on the primary
 * yet, or a configuration that has drifted.
 *
 * It is asked before every automatic failback, may read files and servers, changes nothing, and answers within
 * seconds. An answer is one sentence for the administrator, undefined where nothing speaks against it. It rejects
 * where it cannot tell; then the site stays, with that error as the reason.
 */
export interface FailbackGate {
  closed(site: FleetSite, signal: AbortSignal): Promise<string | undefined>;
}
