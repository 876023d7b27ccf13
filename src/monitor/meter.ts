import type { Observation } from '../failover/observe.ts';
import type { WatchedServer, WatchedSite } from './watched-site.ts';

/** What measures the monitor. */
export interface Meter {
  /** A check that the site has taken into account. */
  probed(watched: WatchedSite, server: WatchedServer, seen: Observation): void;
  /** Called about once a second, while the monitor can go on. */
  alive(now: Date): void;
}
