import type { Clock } from '../edge/clock.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { abortable } from './abortable.ts';
import type { Channel } from './channel.ts';
import type { Notification } from './notification.ts';
import { type Outbox, type Waiting, waitingAtMost } from './outbox.ts';

export interface DeliveryOptions {
  readonly clock: Clock;
  /** What one attempt may take, in ms. */
  readonly timeoutMs: number;
  /** Attempts in all, the pauses between them doubled each time, from 1 s. */
  readonly attempts: number;
  /** From 0 up to 1, so that many monitors do not try again at once. */
  readonly random: () => number;
}

/** How one notification fared on one channel. */
export interface Delivery {
  readonly channel: string;
  readonly notification: Notification;
  readonly durationMs: number;
  readonly error: FailoverError | undefined;
}

/** A channel that has failed rests so long, and up to so long, before it is tried again with the same. */
const restMs = 60_000;
const longestRestMs = 600_000;

/**
 * Sends one notification, and again where that fails. Faults are results; nothing is thrown.
 * @param leaving lets an attempt that is under way end, and makes no other
 */
export async function deliver(
  channel: Channel,
  notification: Notification,
  { clock, timeoutMs, attempts, random }: DeliveryOptions,
  signal: AbortSignal,
  leaving: AbortSignal = signal,
): Promise<Delivery> {
  const stopped = AbortSignal.any([signal, leaving]);
  const started = clock.monotonic();
  const done = (error: FailoverError | undefined): Delivery => ({
    channel: channel.name,
    notification,
    durationMs: clock.monotonic() - started,
    error,
  });
  for (let attempt = 1; ; attempt++) {
    const error = await attemptOnce(channel, notification, timeoutMs, clock, signal);
    if (error === undefined || stopped.aborted || attempt >= attempts) return done(error);
    const pause = Math.min(300_000, 1000 * 2 ** (attempt - 1)) * (0.75 + 0.5 * random());
    await clock.sleep(pause, stopped).catch(() => undefined);
    if (stopped.aborted) return done(error);
  }
}

async function attemptOnce(
  channel: Channel,
  notification: Notification,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<FailoverError | undefined> {
  const over = new AbortController();
  const done = new AbortController();
  const timeout = failure(
    'NotifyFailed.tooLong',
    { channel: channel.name, seconds: timeoutMs / 1000 },
    { target: channel.name },
  );
  clock.sleep(timeoutMs, done.signal).then(
    () => over.abort(timeout),
    () => undefined,
  );
  try {
    const both = AbortSignal.any([signal, over.signal]);
    both.throwIfAborted();
    await abortable(channel.send(notification, both), both);
    return undefined;
  } catch (error) {
    if (over.signal.aborted) return timeout;
    if (signal.aborted)
      return failure('NotifyFailed.stopped', { channel: channel.name }, { target: channel.name });
    return toFailoverError(error, channel.name);
  } finally {
    done.abort();
  }
}

interface Lane {
  readonly key: string;
  readonly channel: Channel;
  running: Promise<void> | undefined;
  /** Something new has come while it was running. */
  news: boolean;
  /** Rests in a row without a success between them, and the monotonic time until which it rests. */
  rests: number;
  restsUntil: number;
}

export interface NotifierOptions extends DeliveryOptions {
  /** What waits; also from earlier runs. */
  readonly outbox: Outbox;
  readonly report: (delivery: Delivery) => void;
  /** Nothing is sent before. */
  readonly after?: Promise<void>;
}

/**
 * Hands notifications to every channel, each in its order and at its own pace. Whoever notifies waits for nothing, and
 * no fault comes back to them: it is reported. What could not be delivered stays in the outbox.
 */
export class Notifier {
  readonly #lanes: readonly Lane[];
  readonly #options: NotifierOptions;
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();

  constructor(channels: readonly Channel[], options: NotifierOptions) {
    this.#lanes = channels.map((channel, index) => ({
      key: keyOf(channels, index),
      channel,
      running: undefined,
      news: false,
      rests: 0,
      restsUntil: -Infinity,
    }));
    this.#options = options;
  }

  /** The names of the channels in the outbox. */
  get keys(): string[] {
    return this.#lanes.map(({ key }) => key);
  }

  notify(notification: Notification): void {
    for (const full of this.#options.outbox.add(notification, this.keys)) {
      const error = failure(
        'NotifyFailed.queueFull',
        { channel: full, waiting: waitingAtMost },
        { target: full },
      );
      this.#options.report({ channel: full, notification, durationMs: 0, error });
    }
    // What is new is sent at once, also by a channel that rests.
    for (const lane of this.#lanes) {
      lane.news = true;
      lane.running ??= this.#run(lane);
    }
  }

  /** Delivers what waits, unless its channel rests. To be called now and then. */
  wake(): void {
    const now = this.#options.clock.monotonic();
    for (const lane of this.#lanes) if (now >= lane.restsUntil) lane.running ??= this.#run(lane);
  }

  /** Resolves when what is being sent was sent, or not; the rest stays in the outbox. */
  async leave(): Promise<void> {
    this.#leave.abort();
    await this.#idle();
  }

  /** Resolves when everything was tried, at the latest after `ms`. */
  async close(ms: number): Promise<void> {
    const all = this.#idle();
    const done = new AbortController();
    await Promise.race([all, this.#options.clock.sleep(ms, done.signal).catch(() => undefined)]);
    done.abort();
    this.#stop.abort();
    await all;
  }

  async #idle(): Promise<void> {
    for (const { running } of this.#lanes) await running;
  }

  async #run(lane: Lane): Promise<void> {
    await this.#options.after;
    do {
      lane.news = false;
      await this.#pass(lane);
    } while (lane.news && !this.#isEnding());
    lane.running = undefined;
  }

  /** Delivers everything that waits, until the channel fails twice in a row: then it rests. */
  async #pass(lane: Lane): Promise<void> {
    const { outbox, clock, report } = this.#options;
    const { key, channel } = lane;
    const tried = new Set<Waiting>();
    let inRow = 0;
    while (!this.#isEnding()) {
      const next = outbox.next(key, tried, inRow);
      if (next === undefined) break;
      tried.add(next);
      // One that has failed before must not hold up those behind it.
      const options = { ...this.#options, attempts: next.failures[key] === 0 ? this.#options.attempts : 1 };
      const { notification } = next;
      const delivery = await deliver(channel, notification, options, this.#stop.signal, this.#leave.signal);
      const delivered = delivery.error === undefined;
      inRow = delivered ? 0 : inRow + 1;
      if (delivered) outbox.delivered(key, next);
      else outbox.failed(key, next);
      if (delivered) lane.rests = 0;
      report(delivery);
    }
    if (inRow === 0) return;
    lane.restsUntil = clock.monotonic() + Math.min(longestRestMs, restMs * 2 ** lane.rests);
    lane.rests += 1;
  }

  #isEnding(): boolean {
    return this.#stop.signal.aborted || this.#leave.signal.aborted;
  }
}

/** Two hooks of one host have the same name. */
function keyOf(channels: readonly Channel[], index: number): string {
  const { name } = channels[index]!;
  const before = channels.slice(0, index).filter((one) => one.name === name).length;
  return before === 0 ? name : `${name} (${before + 1})`;
}
