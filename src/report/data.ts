import type { ServerRole } from '../model/state.ts';
import type { CheckResult } from '../readiness/index.ts';
import type { LatencySeries } from './latency.ts';

export interface ReportServer {
  /** Its name. */
  readonly server: string;
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  /** What was wrong at the last probe; null where nothing was. */
  readonly error: string | null;
  /** Of the last probe. */
  readonly latencyMs: number | null;
}

/** zones: only some of its zones were changed. nameServers: not all of them show the change, these for instance. */
export type PartialSwitch =
  { readonly missing: 'zones' } | { readonly missing: 'nameServers'; readonly servers: readonly string[] };

export interface ReportSite {
  readonly name: string;
  readonly hostNames: readonly string[];
  /** Where its records point. */
  readonly target: ServerRole | 'unknown';
  /** The name of that server. */
  readonly server: string | undefined;
  readonly addresses: readonly string[];
  readonly primary: ReportServer;
  /** The failover server that matters most now (failover/leading-standby.ts). */
  readonly failover: ReportServer;
  /** All of them, the first choice first. */
  readonly standbys: readonly ReportServer[];
  /** What its last switch has not reached yet; undefined where it is whole. */
  readonly partial: PartialSwitch | undefined;
  /** Where it is kept by hand. */
  readonly forced: ServerRole | undefined;
  /** The end of its maintenance window; undefined where none is open. */
  readonly suspendedUntil: Date | undefined;
  readonly lastProbe: Date | undefined;
  readonly lastSwitch: Date | undefined;
  readonly lastBackup: Date | undefined;
  readonly lastRestore: Date | undefined;
  readonly lastCopy: Date | undefined;
}

/** A line of the history. */
export interface ReportEvent {
  readonly time: Date;
  readonly site: string | undefined;
  readonly command: string;
  readonly event: string;
  readonly message: string;
}

/** All that a report shows; times and words are made of it by the renderer. */
export interface ReportData {
  readonly generated: Date;
  /** The history begins here. */
  readonly since: Date;
  readonly servers: Readonly<Record<ServerRole, readonly string[]>>;
  readonly sites: readonly ReportSite[];
  /** Oldest first, the newest ones where there are many. */
  readonly events: readonly ReportEvent[];
  /** Events that were left out for their number. */
  readonly olderEvents: number;
  /** Undefined where the checks were not made. */
  readonly readiness: readonly CheckResult[] | undefined;
  readonly latency: LatencySeries;
  /** What could not be found out, in sentences. */
  readonly warnings: readonly string[];
}

/** The worst first. */
export const levels = ['critical', 'warning', 'notice', 'ok'] as const;
export type Level = (typeof levels)[number];

export interface Condition {
  readonly level: Level;
  readonly words: string;
}

/**
 * A site in a few words. The first line that fits:
 *
 * | records    | switch       | primary      | failover     | condition                             |
 * |------------|--------------|--------------|--------------|---------------------------------------|
 * | any        | any          | down         | down         | critical: Down on both servers        |
 * | any        | some zones   | any          | any          | critical: Partly switched             |
 * | primary    | any          | down         | any          | critical: Down on the primary         |
 * | failover   | any          | any          | down         | critical: Down on the failover server |
 * | unknown    | any          | any          | any          | warning: Records unknown              |
 * | any        | servers miss | any          | any          | warning: Not on all name servers      |
 * | primary    | whole        | any          | down         | warning: No standby                   |
 * | any        | whole        | degraded, or | degraded     | warning: Degraded                     |
 * | failover   | whole        | any          | any          | notice: Failed over                   |
 * | primary    | whole        | unknown, or  | unknown      | notice: Not probed                    |
 * | primary    | whole        | up           | up           | ok: On the primary                    |
 */
export function conditionOf({ target, partial, primary, failover }: ReportSite): Condition {
  const [first, second] = [primary.state, failover.state];
  if (first === 'down' && second === 'down') return { level: 'critical', words: 'Down on both servers' };
  if (partial?.missing === 'zones') return { level: 'critical', words: 'Partly switched' };
  if (target === 'primary' && first === 'down') return { level: 'critical', words: 'Down on the primary' };
  if (target === 'failover' && second === 'down')
    return { level: 'critical', words: 'Down on the failover server' };
  if (target === 'unknown') return { level: 'warning', words: 'Records unknown' };
  if (partial !== undefined) return { level: 'warning', words: 'Not on all name servers' };
  if (target === 'primary' && second === 'down') return { level: 'warning', words: 'No standby' };
  if (first === 'degraded' || second === 'degraded') return { level: 'warning', words: 'Degraded' };
  if (target === 'failover') return { level: 'notice', words: 'Failed over' };
  if (first === 'unknown' || second === 'unknown') return { level: 'notice', words: 'Not probed' };
  return { level: 'ok', words: 'On the primary' };
}
