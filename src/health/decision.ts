import { type ServerHealth, serves } from './state-machine.ts';

export type Role = 'primary' | 'failover';

/** All that a decision depends on, for one site. Times in ms (since 1970). */
export interface SiteSituation {
  /** Where the site's records point now, as the DNS server says; unknown where they are unread or mixed. */
  readonly target: Role | 'unknown';
  readonly primary: ServerHealth;
  readonly failover: ServerHealth;
  /** The administrator's maintenance window (Suspend-FailoverSite): until its end the site is left alone. */
  readonly suspended: Suspension | undefined;
  /** The administrator's word (Switch-FailoverSite): the site stays there whatever is observed. */
  readonly forced: Role | 'none';
  readonly now: number;
  readonly lastSwitch: number | undefined;
  /** After too many failovers (see flapping.ts): failback waits. */
  readonly lockedOut: boolean;
  readonly policy: SwitchPolicy;
  /** Whether the time of the day allows failback. */
  readonly windowOpen: boolean;
  /** Why failback would hide or lose something (failback-gate.ts), as a sentence; undefined where it would not. */
  readonly gate: string | undefined;
}

export interface Suspension {
  readonly until: number;
  readonly reason: string | undefined;
}

export interface SwitchPolicy {
  readonly failback: 'automatic' | 'manual';
  /** Checks in a row in which the primary must be up before an automatic failback; at least 1. */
  readonly failbackAfter: number;
  /** How long the failover server must have been serving before a site moves to it. */
  readonly warmUpMs: number;
  /** How long a site stays after a switch, as long as the server that it is on serves. */
  readonly holdMs: number;
}

export type DecisionReason =
  | 'Suspended'
  | 'TargetUnknown'
  | 'PrimaryUp'
  | 'PrimaryDegraded'
  | 'PrimaryUnknown'
  | 'PrimaryDown'
  | 'FailoverUnknown'
  | 'FailoverWarmingUp'
  | 'BothDown'
  | 'ServedByFailover'
  | 'PrimaryReturned'
  | 'FailbackWaiting'
  | 'FailbackManual'
  | 'FailbackGated'
  | 'FlapLockout'
  | 'HoldDown'
  | 'OutsideWindow'
  | 'Forced'
  | 'ForcedTargetNotUp'
  // Guards beyond one site (src/failover/guards.ts).
  | 'MassFailure';

export interface Decision {
  readonly action: 'none' | 'failover' | 'failback';
  readonly reason: DecisionReason;
  /** The reason as a sentence for logs and events. */
  readonly message: string;
}

/**
 * What to do about a site now. "serves" is up or degraded.
 *
 * | target   | forced       | primary  | failover           | further                     | action   | reason            |
 * |----------|--------------|----------|--------------------|-----------------------------|----------|-------------------|
 * | any      | any          | any      | any                | suspended, not ended yet    | none     | Suspended         |
 * | unknown  | any          | any      | any                |                             | none     | TargetUnknown     |
 * | = forced | target       | any      | any                |                             | none     | Forced            |
 * | ≠ forced | other server | the forced server serves      |                             | to it    | Forced            |
 * | ≠ forced | other server | it does not                   |                             | none     | ForcedTargetNotUp |
 * | any      | none         | unknown  | any                |                             | none     | PrimaryUnknown    |
 * | primary  | none         | up       | any                |                             | none     | PrimaryUp         |
 * | primary  | none         | degraded | any                |                             | none     | PrimaryDegraded   |
 * | any      | none         | down     | unknown            |                             | none     | FailoverUnknown   |
 * | any      | none         | down     | down               |                             | none     | BothDown          |
 * | primary  | none         | down     | serves, too short  | less than warmUpMs          | none     | FailoverWarmingUp |
 * | primary  | none         | down     | serves             |                             | failover | PrimaryDown       |
 * | failover | none         | down     | serves             |                             | none     | ServedByFailover  |
 * | failover | none         | serves   | any                | manual                      | none     | FailbackManual    |
 * | failover | none         | serves   | down               | nobody serves the site      | failback | PrimaryReturned   |
 * | failover | none         | serves   | not down           | gate                        | none     | FailbackGated     |
 * | failover | none         | degraded | up or unknown      |                             | none     | PrimaryDegraded   |
 * | failover | none         | serves   | not down           | fewer than failbackAfter    | none     | FailbackWaiting   |
 * | failover | none         | serves   | not down           | locked out                  | none     | FlapLockout       |
 * | failover | none         | serves   | not down           | holdMs has not passed       | none     | HoldDown          |
 * | failover | none         | serves   | not down           | outside the window          | none     | OutsideWindow     |
 * | failover | none         | serves   | not down           | else                        | failback | PrimaryReturned   |
 */
export function decide(situation: SiteSituation): Decision {
  const { target, primary, failover, forced, suspended, now, policy } = situation;
  if (suspended !== undefined && now < suspended.until) return stay('Suspended', suspensionWords(suspended));
  if (target === 'unknown')
    return stay('TargetUnknown', 'It is not known which server the records point to.');
  if (forced !== 'none') return decideForced(target, forced, situation[forced]);
  if (primary.state === 'unknown') return stay('PrimaryUnknown', 'The primary server could not be checked.');
  if (serves(primary)) {
    if (target === 'failover') return decideFailback(situation);
    if (primary.state === 'up') return stay('PrimaryUp', 'The primary server is up.');
    return stay('PrimaryDegraded', 'The primary server serves, with a warning.');
  }
  if (failover.state === 'unknown')
    return stay(
      'FailoverUnknown',
      'The primary server is down and the failover server could not be checked.',
    );
  if (failover.state === 'down') return stay('BothDown', 'Both servers are down.');
  if (target === 'failover')
    return stay('ServedByFailover', 'The primary server is down; the failover server serves the site.');
  const warm = now - failover.since;
  if (warm < policy.warmUpMs)
    return stay(
      'FailoverWarmingUp',
      `The primary server is down; the failover server has been up for ${seconds(warm)} of ${seconds(policy.warmUpMs)}.`,
    );
  return {
    action: 'failover',
    reason: 'PrimaryDown',
    message: 'The primary server is down and the failover server is up.',
  };
}

/** The primary serves again, and the records point to the failover server. */
function decideFailback(situation: SiteSituation): Decision {
  const { primary, failover, now, lastSwitch, lockedOut, policy, windowOpen, gate } = situation;
  const returned: Decision = {
    action: 'failback',
    reason: 'PrimaryReturned',
    message: 'The primary server is up again.',
  };
  if (policy.failback === 'manual')
    return stay('FailbackManual', 'The primary server is up again; failback is left to the administrator.');
  if (failover.state === 'down') return returned;
  if (gate !== undefined) return stay('FailbackGated', `The primary server is up again. ${gate}`);
  if (primary.state === 'degraded' && failover.state !== 'degraded')
    return stay('PrimaryDegraded', 'The primary server serves again, but with a warning.');
  if (primary.successes < policy.failbackAfter) {
    const seen = `${primary.successes} of ${policy.failbackAfter} checks`;
    return stay('FailbackWaiting', `The primary server is up again, so far for ${seen}.`);
  }
  if (lockedOut)
    return stay('FlapLockout', 'The primary server is up again, but has gone down too often lately.');
  // A switch in the future is a clock that was set back: it says nothing.
  const held = now - (lastSwitch ?? -Infinity);
  if (held >= 0 && held < policy.holdMs)
    return stay(
      'HoldDown',
      `The site was switched ${seconds(held)} ago and stays for ${seconds(policy.holdMs)}.`,
    );
  if (!windowOpen)
    return stay('OutsideWindow', 'The primary server is up again; failback waits for its time window.');
  return returned;
}

function decideForced(target: Role, forced: Role, health: ServerHealth): Decision {
  if (target === forced) return stay('Forced', `The site is kept on the ${forced} server by hand.`);
  if (!serves(health)) {
    const state = health.state === 'down' ? 'is down' : 'could not be checked';
    return stay('ForcedTargetNotUp', `The site belongs on the ${forced} server by hand, but that ${state}.`);
  }
  return {
    action: forced === 'failover' ? 'failover' : 'failback',
    reason: 'Forced',
    message: `The site belongs on the ${forced} server by hand.`,
  };
}

function suspensionWords({ until, reason }: Suspension): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  return `The site is suspended until ${new Date(until).toISOString()}${why}.`;
}

function stay(reason: DecisionReason, message: string): Decision {
  return { action: 'none', reason, message };
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}
