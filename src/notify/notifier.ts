import PQueue from 'p-queue';
import type { Clock } from '../edge/clock.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { abortable } from './abortable.ts';
import type { Channel } from './channel.ts';
import type { Notification } from './notification.ts';

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

/** Waiting notifications of one channel: beyond these the oldest news are not worth their delay. */
const waitingAtMost = 100;

/** Sends one notification, and again where that fails. Faults are results; nothing is thrown. */
export async function deliver(
  channel: Channel,
  notification: Notification,
  { clock, timeoutMs, attempts, random }: DeliveryOptions,
  signal: AbortSignal,
): Promise<Delivery> {
  const started = clock.monotonic();
  const done = (error: FailoverError | undefined): Delivery => ({
    channel: channel.name,
    notification,
    durationMs: clock.monotonic() - started,
    error,
  });
  for (let attempt = 1; ; attempt++) {
    const error = await attemptOnce(channel, notification, timeoutMs, clock, signal);
    if (error === undefined || signal.aborted || attempt >= attempts) return done(error);
    const pause = Math.min(300_000, 1000 * 2 ** (attempt - 1)) * (0.75 + 0.5 * random());
    await clock.sleep(pause, signal).catch(() => undefined);
    if (signal.aborted) return done(error);
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

/**
 * Hands notifications to every channel, each in its order and at its own pace. Whoever notifies waits for nothing, and
 * no fault comes back to them: it is told by `report`.
 */
export class Notifier {
  readonly #lanes: readonly { readonly channel: Channel; readonly queue: PQueue }[];
  readonly #options: DeliveryOptions;
  readonly #report: (delivery: Delivery) => void;
  readonly #stop = new AbortController();

  constructor(channels: readonly Channel[], options: DeliveryOptions, report: (delivery: Delivery) => void) {
    this.#lanes = channels.map((channel) => ({ channel, queue: new PQueue({ concurrency: 1 }) }));
    this.#options = options;
    this.#report = report;
  }

  notify(notification: Notification): void {
    for (const { channel, queue } of this.#lanes) {
      if (queue.size >= waitingAtMost) {
        const error = failure(
          'NotifyFailed.queueFull',
          { channel: channel.name, waiting: waitingAtMost },
          { target: channel.name },
        );
        this.#report({ channel: channel.name, notification, durationMs: 0, error });
        continue;
      }
      void queue.add(async () =>
        this.#report(await deliver(channel, notification, this.#options, this.#stop.signal)),
      );
    }
  }

  /** Resolves when everything was delivered or given up, at the latest after `ms`; then the rest is given up. */
  async close(ms: number): Promise<void> {
    const all = Promise.all(this.#lanes.map(({ queue }) => queue.onIdle()));
    const done = new AbortController();
    await Promise.race([all, this.#options.clock.sleep(ms, done.signal).catch(() => undefined)]);
    done.abort();
    this.#stop.abort();
    await all;
  }
}
