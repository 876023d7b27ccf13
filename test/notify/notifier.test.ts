import assert from 'node:assert/strict';
import type { Clock } from '../../src/edge/clock.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { Channel } from '../../src/notify/channel.ts';
import { notification } from '../../src/notify/notification.ts';
import { deliver, type Delivery, Notifier } from '../../src/notify/notifier.ts';
import { Outbox } from '../../src/notify/outbox.ts';

const test = notification('Test', new Date(0), 'x');
const { signal } = new AbortController();

/** Pauses are remembered; those of the time limit, a minute, never end. */
function pausing(pauses: number[]): Clock {
  return {
    ...systemClock,
    sleep: (ms, stop) => {
      if (ms === 60_000)
        return new Promise((_, reject) =>
          stop?.addEventListener('abort', () => reject(stop.reason as Error)),
        );
      pauses.push(ms);
      return Promise.resolve();
    },
  };
}

function failing(times: number): Channel & { sent: number } {
  return {
    name: 'c',
    sent: 0,
    async send() {
      this.sent += 1;
      if (this.sent <= times) throw new FailoverError('NotifyFailed', 'no');
    },
  };
}
const hanging: Channel = {
  name: 'hanging',
  send: (_, stop) =>
    new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason as Error))),
};

describe('the delivery of a notification', () => {
  it('is tried again with growing pauses until it succeeds', async () => {
    const pauses: number[] = [];
    const options = { clock: pausing(pauses), timeoutMs: 60_000, attempts: 6, random: () => 0.5 };
    const { error } = await deliver(failing(3), test, options, signal);
    assert.deepEqual([error, pauses], [undefined, [1000, 2000, 4000]]);
  });

  it('is given up after the last attempt, with the reason', async () => {
    const channel = failing(9);
    const options = { clock: pausing([]), timeoutMs: 60_000, attempts: 2, random: () => 0.5 };
    const { error } = await deliver(channel, test, options, signal);
    assert.deepEqual([error?.id, channel.sent], ['NotifyFailed', 2]);
  });

  it('ends an attempt that hangs', async () => {
    const options = { clock: systemClock, timeoutMs: 20, attempts: 1, random: () => 0 };
    const { error } = await deliver(hanging, test, options, signal);
    assert.match(error!.message, /took longer than 0\.02 s/);
  });
});

describe('the notifier', () => {
  const options = { clock: systemClock, timeoutMs: 60_000, attempts: 1, random: () => 0 };

  it('keeps the order in each channel, and lets none wait for another', async () => {
    const texts: string[] = [];
    const quick: Channel = { name: 'quick', send: async ({ message }) => void texts.push(message) };
    const deliveries: Delivery[] = [];
    const outbox = new Outbox();
    const report = (one: Delivery): void => void deliveries.push(one);
    const notifier = new Notifier([hanging, quick], { ...options, outbox, report });
    for (const text of ['1', '2', '3']) notifier.notify(notification('Test', new Date(0), text));
    await notifier.close(50);
    assert.deepEqual(texts, ['1', '2', '3']);
    const hung = deliveries.filter(({ channel }) => channel === 'hanging');
    assert.equal(hung.length, 1);
    assert.match(hung[0]!.error!.message, /stopped first/);
    assert.deepEqual(
      outbox.waiting().map(({ failures }) => failures),
      [{ hanging: 1 }, { hanging: 0 }, { hanging: 0 }],
    );
  });

  it('drops what a channel that stands still cannot take any more, and says so', async () => {
    const deliveries: Delivery[] = [];
    const report = (one: Delivery): void => void deliveries.push(one);
    const notifier = new Notifier([hanging], { ...options, outbox: new Outbox(), report });
    for (let i = 0; i < 105; i++) notifier.notify(test);
    assert.equal(deliveries.length, 5);
    assert.match(deliveries[0]!.error!.message, /100 notifications wait for it already/);
    await notifier.close(0);
  });

  it('sends what a channel refused again when it has rested, and what is new at once', async () => {
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const sent: string[] = [];
    let broken = true;
    const channel: Channel = {
      name: 'c',
      send: async ({ message }) => {
        sent.push(message);
        if (broken) throw new FailoverError('NotifyFailed', 'no');
      },
    };
    const outbox = new Outbox();
    const notifier = new Notifier([channel], { ...options, clock, outbox, report: () => undefined });
    const settle = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 20));
    notifier.notify(notification('Test', new Date(0), 'first'));
    await settle();
    notifier.wake();
    await settle();
    assert.deepEqual(sent, ['first']);
    notifier.notify(notification('Test', new Date(0), 'second'));
    await settle();
    assert.deepEqual(sent, ['first', 'first', 'second']);
    broken = false;
    now = 120_000;
    notifier.wake();
    await notifier.close(1000);
    assert.deepEqual(sent.slice(3), ['first', 'second']);
    assert.deepEqual(outbox.waiting(), []);
  });
});
