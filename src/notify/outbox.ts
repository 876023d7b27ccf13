import type { Notification } from './notification.ts';

/** A notification that some channels have not taken yet, as it is kept from one run to the next. */
export interface Waiting {
  readonly notification: Notification;
  /** For each channel that has not taken it: how many deliveries have failed. */
  readonly failures: Record<string, number>;
}

/** Of one channel: beyond these, news are not worth their delay. */
export const waitingAtMost = 100;

/** The notifications that are to be delivered, in the order in which they came. */
export class Outbox {
  #waiting: Waiting[];

  constructor(waiting: readonly Waiting[] = []) {
    this.#waiting = waiting.map(({ notification, failures }) => ({
      notification,
      failures: { ...failures },
    }));
  }

  /** For the next run. */
  waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /**
   * Answers the channels that have too many already and do not get it. A reminder of what a channel has not taken yet
   * is not added to it.
   */
  add(notification: Notification, channels: readonly string[]): string[] {
    const { reminder, site, kind } = notification;
    const own = (channel: string): Waiting[] => this.#waiting.filter(({ failures }) => channel in failures);
    const full = channels.filter((channel) => own(channel).length >= waitingAtMost);
    const takers = channels.filter((channel) => {
      if (full.includes(channel)) return false;
      const same = (one: Waiting): boolean =>
        one.notification.site === site && one.notification.kind === kind;
      return !reminder || !own(channel).some(same);
    });
    if (takers.length > 0)
      this.#waiting.push({ notification, failures: Object.fromEntries(takers.map((one) => [one, 0])) });
    return full;
  }

  /**
   * What a channel is to be told next: in order, but one that it refuses does not keep the others from it.
   *
   * | failures in a row | next                        | because                                        |
   * |-------------------|-----------------------------|------------------------------------------------|
   * | none              | the oldest not tried yet    | the channel works, as far as is known          |
   * | one               | the newest not tried yet    | the channel may be dead, or refuse just this one |
   * | two               | none                        | the channel is dead: it rests                  |
   *
   * @param tried since the channel last rested
   */
  next(channel: string, tried: ReadonlySet<Waiting>, inRow: number): Waiting | undefined {
    if (inRow >= 2) return undefined;
    const own = this.#waiting.filter((one) => channel in one.failures && !tried.has(one));
    return own.at(inRow === 0 ? 0 : -1);
  }

  delivered(channel: string, one: Waiting): void {
    delete one.failures[channel];
    this.#sweep();
  }

  failed(channel: string, one: Waiting): void {
    if (channel in one.failures) one.failures[channel]! += 1;
  }

  /** Forgets channels that are not among these. */
  keep(channels: readonly string[]): void {
    for (const { failures } of this.#waiting)
      for (const channel of Object.keys(failures)) if (!channels.includes(channel)) delete failures[channel];
    this.#sweep();
  }

  /** Gives up what is older; answers how many each channel was not told. */
  expire(now: Date, ageMs: number): Map<string, number> {
    const given = new Map<string, number>();
    for (const { notification, failures } of this.#waiting) {
      if (now.getTime() - Date.parse(notification.time) <= ageMs) continue;
      for (const channel of Object.keys(failures)) {
        given.set(channel, (given.get(channel) ?? 0) + 1);
        delete failures[channel];
      }
    }
    this.#sweep();
    return given;
  }

  #sweep(): void {
    this.#waiting = this.#waiting.filter(({ failures }) => Object.keys(failures).length > 0);
  }
}
