import type { Observation } from '../failover/observe.ts';
import type { ServerRole } from '../model/state.ts';
import type { WatchedSite } from './watched-site.ts';

/** What measures the monitor. */
export interface Meter {
  /** A check that the site has taken into account. */
  probed(watched: WatchedSite, role: ServerRole, seen: Observation): void;
  /** Called about once a second, while the monitor can go on. */
  alive(now: Date): void;
}
