import type { Health } from './probe-result.ts';

export type Role = 'primary' | 'failover';

/** All that a decision depends on, for one site. */
export interface SiteSituation {
  /** Where the site's records point now, as the DNS server says; unknown where they are unread or mixed. */
  readonly target: Role | 'unknown';
  readonly primary: Health;
  readonly failover: Health;
  /** The administrator's word (Switch-FailoverSite): the site stays there whatever is observed. */
  readonly forced: Role | 'none';
  readonly failback: {
    readonly mode: 'automatic' | 'manual';
    /** Rounds in a row in which the primary must be up before an automatic failback; at least 1. */
    readonly after: number;
  };
  /** Rounds in a row in which the primary was up, this one included (see countSuccesses). */
  readonly primarySuccesses: number;
}

export type DecisionReason =
  | 'TargetUnknown'
  | 'PrimaryUp'
  | 'PrimaryUnknown'
  | 'PrimaryDown'
  | 'FailoverUnknown'
  | 'BothDown'
  | 'ServedByFailover'
  | 'PrimaryReturned'
  | 'FailbackWaiting'
  | 'FailbackManual'
  | 'Forced'
  | 'ForcedTargetNotUp';

export interface Decision {
  readonly action: 'none' | 'failover' | 'failback';
  readonly reason: DecisionReason;
  /** The reason as a sentence for logs and events. */
  readonly message: string;
}

/**
 * What to do about a site now.
 *
 * | target   | forced       | primary | failover     | failback               | action   | reason            |
 * |----------|--------------|---------|--------------|------------------------|----------|-------------------|
 * | unknown  | any          | any     | any          | any                    | none     | TargetUnknown     |
 * | = forced | target       | any     | any          | any                    | none     | Forced            |
 * | ≠ forced | other server | forced server up       | any                    | to it    | Forced            |
 * | ≠ forced | other server | forced server not up   | any                    | none     | ForcedTargetNotUp |
 * | primary  | none         | up      | any          | any                    | none     | PrimaryUp         |
 * | primary  | none         | unknown | any          | any                    | none     | PrimaryUnknown    |
 * | primary  | none         | down    | up           | any                    | failover | PrimaryDown       |
 * | primary  | none         | down    | unknown      | any                    | none     | FailoverUnknown   |
 * | primary  | none         | down    | down         | any                    | none     | BothDown          |
 * | failover | none         | up      | any          | automatic, enough      | failback | PrimaryReturned   |
 * | failover | none         | up      | any          | automatic, too few yet | none     | FailbackWaiting   |
 * | failover | none         | up      | any          | manual                 | none     | FailbackManual    |
 * | failover | none         | unknown | any          | any                    | none     | PrimaryUnknown    |
 * | failover | none         | down    | up           | any                    | none     | ServedByFailover  |
 * | failover | none         | down    | unknown      | any                    | none     | FailoverUnknown   |
 * | failover | none         | down    | down         | any                    | none     | BothDown          |
 */
export function decide(situation: SiteSituation): Decision {
  const { target, primary, failover, forced, failback, primarySuccesses } = situation;
  if (target === 'unknown')
    return stay('TargetUnknown', 'It is not known which server the records point to.');
  if (forced !== 'none') return decideForced(target, forced, situation[forced]);
  if (primary === 'unknown') return stay('PrimaryUnknown', 'The primary server could not be checked.');
  if (primary === 'up') {
    if (target === 'primary') return stay('PrimaryUp', 'The primary server is up.');
    if (failback.mode === 'manual')
      return stay('FailbackManual', 'The primary server is up again; failback is left to the administrator.');
    if (primarySuccesses < failback.after) {
      const seen = `${primarySuccesses} of ${failback.after} rounds`;
      return stay('FailbackWaiting', `The primary server is up again, so far for ${seen}.`);
    }
    return {
      action: 'failback',
      reason: 'PrimaryReturned',
      message: 'The primary server is up again.',
    };
  }
  if (failover === 'unknown')
    return stay(
      'FailoverUnknown',
      'The primary server is down and the failover server could not be checked.',
    );
  if (failover === 'down') return stay('BothDown', 'Both servers are down.');
  if (target === 'failover')
    return stay('ServedByFailover', 'The primary server is down; the failover server serves the site.');
  return {
    action: 'failover',
    reason: 'PrimaryDown',
    message: 'The primary server is down and the failover server is up.',
  };
}

/** The counter for the next decision: rounds in a row in which the primary was seen up. */
export function countSuccesses(before: number, primary: Health): number {
  return primary === 'up' ? before + 1 : 0;
}

function decideForced(target: Role, forced: Role, health: Health): Decision {
  if (target === forced) return stay('Forced', `The site is kept on the ${forced} server by hand.`);
  if (health !== 'up') {
    const state = health === 'down' ? 'is down' : 'could not be checked';
    return stay('ForcedTargetNotUp', `The site belongs on the ${forced} server by hand, but that ${state}.`);
  }
  return {
    action: forced === 'failover' ? 'failover' : 'failback',
    reason: 'Forced',
    message: `The site belongs on the ${forced} server by hand.`,
  };
}

function stay(reason: DecisionReason, message: string): Decision {
  return { action: 'none', reason, message };
}
