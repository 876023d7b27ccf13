import { type ServerHealth, serves } from './state-machine.ts';

export type Role = 'primary' | 'failover';

/** A server that serves a site or may serve it. */
export interface Contender {
  readonly name: string;
  /** In words, as in `the failover server STANDBY1`. */
  readonly label: string;
  readonly health: ServerHealth;
}

/** All that a decision depends on, for one site. Times in ms (since 1970). */
export interface SiteSituation {
  /** Name of the server that the site's records point to, as the DNS server says; undefined where unread or mixed. */
  readonly at: string | undefined;
  readonly primary: Contender;
  /** At least one, the first choice first. */
  readonly standbys: readonly Contender[];
  /** The administrator's maintenance window (Suspend-FailoverSite): until its end the site is left alone. */
  readonly suspended: Suspension | undefined;
  /** The administrator's word (Switch-FailoverSite): the site stays there whatever is observed. */
  readonly forced: Forced | undefined;
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

/** The role, and the failover server where the administrator named one. */
export interface Forced {
  readonly role: Role;
  readonly server: string | undefined;
}

export interface SwitchPolicy {
  readonly failback: 'automatic' | 'manual';
  /** Checks in a row in which the primary must be up before an automatic failback; at least 1. */
  readonly failbackAfter: number;
  /** How long a failover server must have been serving before a site moves to it. */
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
  | 'StandbyDown'
  // The rest of a switch of several zones (src/failover/site-decision.ts).
  | 'SwitchIncomplete'
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
  /** failover: to a failover server, from the primary or from another one. */
  readonly action: 'none' | 'failover' | 'failback';
  /** Name of the server that the site moves to; undefined where it stays. */
  readonly to?: string | undefined;
  readonly reason: DecisionReason;
  /** The reason as a sentence for logs and events. */
  readonly message: string;
}

/**
 * What to do about a site now. The first row that fits counts. "serves" is up or degraded; "next" is the first
 * failover server in the site's order, other than the one it is on, that serves and has done so for warmUpMs. One
 * that is unknown or too short up is passed over while another is ready, since nobody serves the site meanwhile; a
 * failover server that serves the site is not left for one before it in the order that comes back.
 *
 * | records at  | forced    | primary  | failover servers            | further             | action   | reason            |
 * |-------------|-----------|----------|-----------------------------|---------------------|----------|-------------------|
 * | any         | any       | any      | any                         | suspended           | none     | Suspended         |
 * | unknown     | any       | any      | any                         |                     | none     | TargetUnknown     |
 * | any         | a server or role: see decideForced                |                     |          |                   |
 * | primary     | none      | unknown  | any                         |                     | none     | PrimaryUnknown    |
 * | primary     | none      | up       | any                         |                     | none     | PrimaryUp         |
 * | primary     | none      | degraded | any                         |                     | none     | PrimaryDegraded   |
 * | primary     | none      | down     | there is a next             |                     | failover | PrimaryDown       |
 * | primary     | none      | down     | else one serves, too short  |                     | none     | FailoverWarmingUp |
 * | primary     | none      | down     | else one is unknown         |                     | none     | FailoverUnknown   |
 * | primary     | none      | down     | all down                    |                     | none     | BothDown          |
 * | a failover  | none      | serves   | its own down, a next        | manual              | failover | StandbyDown       |
 * | a failover  | none      | serves   | any: see decideFailback     |                     |          |                   |
 * | a failover  | none      | unknown  | its own down, a next        |                     | failover | StandbyDown       |
 * | a failover  | none      | unknown  | else                        |                     | none     | PrimaryUnknown    |
 * | a failover  | none      | down     | its own serves              |                     | none     | ServedByFailover  |
 * | a failover  | none      | down     | its own unknown             |                     | none     | FailoverUnknown   |
 * | a failover  | none      | down     | its own down, a next        |                     | failover | StandbyDown       |
 * | a failover  | none      | down     | its own down, no next: as at the primary above    | none     | as above          |
 *
 * With one failover server there is never a next for a site that is on it.
 */
export function decide(situation: SiteSituation): Decision {
  const { at, primary, standbys, forced, suspended, now, policy } = situation;
  if (suspended !== undefined && now < suspended.until) return stay('Suspended', suspensionWords(suspended));
  if (at === primary.name) {
    if (forced !== undefined) return decideForced(situation, primary, forced);
    const { state } = primary.health;
    if (state === 'unknown') return primaryUnknown(primary);
    if (state === 'up') return stay('PrimaryUp', `${capital(primary.label)} is up.`);
    if (state === 'degraded')
      return stay('PrimaryDegraded', `${capital(primary.label)} serves, with a warning.`);
    const next = nextStandby(situation, undefined);
    return next === undefined ? noneReady(situation, standbys) : moveTo(next, 'PrimaryDown', primary);
  }
  const own = standbys.find(({ name }) => name === at);
  if (own === undefined) return stay('TargetUnknown', 'It is not known which server the records point to.');
  if (forced !== undefined) return decideForced(situation, own, forced);
  const next = own.health.state === 'down' ? nextStandby(situation, own) : undefined;
  if (serves(primary.health)) {
    if (next !== undefined && policy.failback === 'manual') return moveTo(next, 'StandbyDown', own);
    return decideFailback(situation, own.health);
  }
  if (next !== undefined) return moveTo(next, 'StandbyDown', own);
  if (primary.health.state === 'unknown') return primaryUnknown(primary);
  if (serves(own.health))
    return stay('ServedByFailover', `${capital(primary.label)} is down; ${own.label} serves the site.`);
  // The one that it is on may serve well where it is only out of sight.
  return noneReady(situation, own.health.state === 'unknown' ? [own] : standbys);
}

/**
 * The primary serves again, and the records point to a failover server.
 *
 * | primary  | failover server | further                  | action   | reason          |
 * |----------|-----------------|--------------------------|----------|-----------------|
 * | serves   | any             | manual                   | none     | FailbackManual  |
 * | serves   | down            | nobody serves the site   | failback | PrimaryReturned |
 * | serves   | not down        | gate                     | none     | FailbackGated   |
 * | degraded | up or unknown   |                          | none     | PrimaryDegraded |
 * | serves   | not down        | fewer than failbackAfter | none     | FailbackWaiting |
 * | serves   | not down        | locked out               | none     | FlapLockout     |
 * | serves   | not down        | holdMs has not passed    | none     | HoldDown        |
 * | serves   | not down        | outside the window       | none     | OutsideWindow   |
 * | serves   | not down        | else                     | failback | PrimaryReturned |
 */
function decideFailback(situation: SiteSituation, failover: ServerHealth): Decision {
  const { primary, now, lastSwitch, lockedOut, policy, windowOpen, gate } = situation;
  const again = `${capital(primary.label)} is up again`;
  const returned: Decision = {
    action: 'failback',
    to: primary.name,
    reason: 'PrimaryReturned',
    message: `${again}.`,
  };
  if (policy.failback === 'manual')
    return stay('FailbackManual', `${again}; failback is left to the administrator.`);
  if (failover.state === 'down') return returned;
  if (gate !== undefined) return stay('FailbackGated', `${again}. ${gate}`);
  if (primary.health.state === 'degraded' && failover.state !== 'degraded')
    return stay('PrimaryDegraded', `${capital(primary.label)} serves again, but with a warning.`);
  if (primary.health.successes < policy.failbackAfter) {
    const seen = `${primary.health.successes} of ${policy.failbackAfter} checks`;
    return stay('FailbackWaiting', `${again}, so far for ${seen}.`);
  }
  if (lockedOut) return stay('FlapLockout', `${again}, but has gone down too often lately.`);
  // A switch in the future is a clock that was set back: it says nothing.
  const held = now - (lastSwitch ?? -Infinity);
  if (held >= 0 && held < policy.holdMs)
    return stay(
      'HoldDown',
      `The site was switched ${seconds(held)} ago and stays for ${seconds(policy.holdMs)}.`,
    );
  if (!windowOpen) return stay('OutsideWindow', `${again}; failback waits for its time window.`);
  return returned;
}

/**
 * What the administrator's word means. A failover server that is not one of the site any more is as if none was named.
 *
 * | forced to          | records at         | further                            | action | reason            |
 * |--------------------|--------------------|------------------------------------|--------|-------------------|
 * | a server           | that server        |                                    | none   | Forced            |
 * | a server           | another            | it serves                          | to it  | Forced            |
 * | a server           | another            | else                               | none   | ForcedTargetNotUp |
 * | a failover server, | a failover server  | down, and there is a next          | to it  | StandbyDown       |
 * | whichever          | a failover server  | else                               | none   | Forced            |
 * |                    | primary            | the first that serves              | to it  | Forced            |
 * |                    | primary            | none serves                        | none   | ForcedTargetNotUp |
 */
function decideForced(situation: SiteSituation, own: Contender, forced: Forced): Decision {
  const { primary, standbys } = situation;
  const named = standbys.find(({ name }) => name === forced.server);
  const wanted =
    forced.role === 'primary'
      ? primary
      : (named ?? (own === primary ? (standbys.find(({ health }) => serves(health)) ?? standbys[0]!) : own));
  if (wanted === own) {
    const free = forced.role === 'failover' && named === undefined && own.health.state === 'down';
    const next = free ? nextStandby(situation, own) : undefined;
    if (next !== undefined) return moveTo(next, 'StandbyDown', own);
    return stay('Forced', `The site is kept on ${own.label} by hand.`);
  }
  const belongs = `The site belongs on ${wanted.label} by hand`;
  if (!serves(wanted.health)) {
    const state = wanted.health.state === 'down' ? 'is down' : 'could not be checked';
    return stay('ForcedTargetNotUp', `${belongs}, but that ${state}.`);
  }
  const action = wanted === primary ? 'failback' : 'failover';
  return { action, to: wanted.name, reason: 'Forced', message: `${belongs}.` };
}

/** The first failover server that is ready to take the site over from the one that it is on. */
function nextStandby(
  { standbys, now, policy }: SiteSituation,
  own: Contender | undefined,
): Contender | undefined {
  return standbys.find(
    (one) => one !== own && serves(one.health) && now - one.health.since >= policy.warmUpMs,
  );
}

/** Nobody can take the site over: why not, of those that might. */
function noneReady(
  { primary, standbys, now, policy }: SiteSituation,
  candidates: readonly Contender[],
): Decision {
  const down = `${capital(primary.label)} is down`;
  const warming = candidates.find(({ health }) => serves(health));
  if (warming !== undefined) {
    const warm = seconds(now - warming.health.since);
    return stay(
      'FailoverWarmingUp',
      `${down}; ${warming.label} has been up for ${warm} of ${seconds(policy.warmUpMs)}.`,
    );
  }
  const unknown = candidates.find(({ health }) => health.state === 'unknown');
  if (unknown !== undefined)
    return stay('FailoverUnknown', `${down} and ${unknown.label} could not be checked.`);
  return stay(
    'BothDown',
    standbys.length === 1 ? 'Both servers are down.' : `All ${standbys.length + 1} servers are down.`,
  );
}

function moveTo(standby: Contender, reason: 'PrimaryDown' | 'StandbyDown', from: Contender): Decision {
  const message = `${capital(from.label)} is down and ${standby.label} is up.`;
  return { action: 'failover', to: standby.name, reason, message };
}

function primaryUnknown({ label }: Contender): Decision {
  return stay('PrimaryUnknown', `${capital(label)} could not be checked.`);
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

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
