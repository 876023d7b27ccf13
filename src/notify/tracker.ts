import { describeChanges } from '../dns/index.ts';
import type { Health } from '../health/index.ts';
import type { MonitorEvent, OwnEvent, SiteEvent } from '../monitor/events.ts';
import { notification, type Notification, type NotificationKind } from './notification.ts';

/** The states of a site that last, and of which one is told once and reminded. */
export type Condition = 'Ok' | 'Degraded' | 'FailoverDown' | 'PrimaryDown' | 'BothDown';

/** What was told of a site. */
export interface Told {
  readonly condition: Condition;
  /** Id of the fault that was told last; undefined where none, or a switch has succeeded since. */
  readonly fault?: string | undefined;
  /** When something was told of it, ISO 8601, UTC. */
  readonly time: string;
  /** In a maintenance window nothing is told. */
  readonly suspended?: boolean;
  /** The last notification of a condition that lasts, for reminders. */
  readonly last?: Notification | undefined;
}

/**
 * The condition that an event shows; undefined where it shows none (Unknown: then the former one holds).
 *
 * | primary  | failover servers | condition    |
 * |----------|------------------|--------------|
 * | down     | all down         | BothDown     |
 * | down     | else             | PrimaryDown  |
 * | unknown  | any              | none         |
 * | serves   | one down         | FailoverDown |
 * | serves   | one unknown      | none         |
 * | degraded | all serve        | Degraded     |
 * | up       | one degraded     | Degraded     |
 * | up       | all up           | Ok           |
 */
export function conditionOf({
  primary,
  standbys,
}: Pick<SiteEvent, 'primary' | 'standbys'>): Condition | undefined {
  const one = (state: Health): boolean => standbys.some((standby) => standby.state === state);
  if (primary.state === 'down')
    return standbys.every(({ state }) => state === 'down') ? 'BothDown' : 'PrimaryDown';
  if (primary.state === 'unknown') return undefined;
  if (one('down')) return 'FailoverDown';
  if (one('unknown')) return undefined;
  return primary.state === 'degraded' || one('degraded') ? 'Degraded' : 'Ok';
}

/**
 * Which events of a monitor are notifications: one for each transition, none for what was told already.
 *
 * | event of a site                          | told before           | notification            |
 * |------------------------------------------|-----------------------|-------------------------|
 * | any, while it is suspended; WouldSwitch  | any                   | none                    |
 * | records switched, or confirmed late      | any                   | Switched                |
 * | a fault (switch, records unread)         | the same id           | none                    |
 * | a fault                                  | another or none       | SwitchFailed, or Fault  |
 * | else: a condition                        | the same              | none                    |
 * | Ok                                       | nothing               | none                    |
 * | another condition                        | any                   | that condition          |
 */
export class Tracker {
  readonly #told: Map<string, Told>;

  /** @param told what an earlier run has told, by site in lower case */
  constructor(told: Readonly<Record<string, Told>> = {}) {
    this.#told = new Map(Object.entries(told));
  }

  /** For the next run. */
  told(): Record<string, Told> {
    return Object.fromEntries(this.#told);
  }

  take(event: MonitorEvent): Notification[] {
    return event.site === undefined ? ownNotification(event) : this.#takeSite(event);
  }

  /** Repeats what lasts, where nothing was told of the site for so long. */
  reminders(now: Date, everyMs: number): Notification[] {
    return [...this.#told].flatMap(([key, told]) => {
      const { last, suspended, time } = told;
      if (last === undefined || suspended === true || now.getTime() - Date.parse(time) < everyMs) return [];
      const since = `Since ${last.time}: ${last.message}`;
      const { kind, site, severity, reason, target, primary, failover, recordChange } = last;
      const { servedBy = '', primaryServer = '', failoverServer = '' } = last;
      this.#told.set(key, { ...told, time: now.toISOString() });
      const servers = { servedBy, primaryServer, failoverServer };
      const same = { site, severity, reason, target, primary, failover, ...servers, recordChange };
      return [notification(kind, now, since, { ...same, reminder: true })];
    });
  }

  #takeSite(event: SiteEvent): Notification[] {
    const key = event.site.toLowerCase();
    const before = this.#told.get(key) ?? { condition: 'Ok' as const, time: event.time.toISOString() };
    if (event.kind === 'WouldSwitch') return [];
    if (event.decision.reason === 'Suspended') {
      this.#told.set(key, { ...before, suspended: true });
      return [];
    }
    const { kind, message, fault } = this.#news(event, before);
    const condition = conditionOf(event) ?? before.condition;
    if (kind === undefined) {
      this.#told.set(key, { ...before, condition, fault, suspended: false });
      return [];
    }
    const told = notification(kind, event.time, message, {
      site: event.site,
      reason: fault ?? event.decision.reason,
      target: event.target,
      primary: event.primary.state,
      failover: event.failover.state,
      servedBy: event.server ?? '',
      primaryServer: event.primary.server,
      failoverServer: event.failover.server,
      ...(kind === 'Switched' && event.target === 'primary' && { severity: 'info' }),
      recordChange: describeChanges(event.result?.made ?? []),
    });
    const lasts = condition !== 'Ok' || fault !== undefined;
    const last = lasts ? told : undefined;
    this.#told.set(key, { condition, fault, time: told.time, suspended: false, last });
    return [told];
  }

  #news(
    event: SiteEvent,
    before: Told,
  ): { kind?: NotificationKind; message: string; fault?: string | undefined } {
    const { decision, result, error } = event;
    const failure = result?.errors[0] ?? error;
    if (failure !== undefined) {
      const fault = failure.id;
      const message = `${failure.message}. ${failure.remedy}`;
      if (fault === before.fault) return { message, fault };
      return { kind: decision.action === 'none' ? 'Fault' : 'SwitchFailed', message, fault };
    }
    if (result?.switched === true) return { kind: 'Switched', message: switchedWords(event) };
    if (event.confirmation?.confirmed === true)
      return { kind: 'Switched', message: 'Every name server shows the switch now.' };
    const condition = conditionOf(event);
    // A fault of a switch lasts until one succeeds or the site needs none any more.
    const message = conditionWords(event);
    if (condition === undefined) return { message, fault: before.fault };
    const fault = condition === 'Ok' ? undefined : before.fault;
    if (condition === before.condition && fault === before.fault) return { message, fault };
    return { kind: condition, message, fault };
  }
}

function switchedWords({ decision, target, server, result }: SiteEvent): string {
  const where = `The records point to the ${target} server${server === undefined ? '' : ` ${server}`} now`;
  return `${decision.message} ${where}${result?.confirmed === true ? ' on every name server.' : '.'}`;
}

function conditionWords({ decision, primary, standbys }: SiteEvent): string {
  const why = [
    primary.error === null ? '' : ` Primary ${primary.server}: ${primary.error}.`,
    ...standbys.map(({ server, error }) => (error === null ? '' : ` Failover server ${server}: ${error}.`)),
  ];
  return `${decision.message}${why.join('')}`;
}

function ownNotification({ kind, time, message, error }: OwnEvent): Notification[] {
  if (kind !== 'Fault' && kind !== 'Recovered') return [];
  return [notification(kind, time, message, { reason: error?.id ?? kind })];
}
