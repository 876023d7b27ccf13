import assert from 'node:assert/strict';
import fc from 'fast-check';
import { notification } from '../../src/notify/notification.ts';
import { Outbox, type Waiting } from '../../src/notify/outbox.ts';

const nothing: ReadonlySet<Waiting> = new Set();

const note = (message: string, given: object = {}) =>
  notification('PrimaryDown', new Date(0), message, given);

describe('the outbox', () => {
  it('is taken in order; after a failure the newest is tried, and after two in a row nothing', () => {
    const outbox = new Outbox();
    for (const text of ['a', 'b', 'c']) outbox.add(note(text), ['x']);
    const [a, b] = outbox.waiting();
    const next = (tried: readonly Waiting[], inRow: number): string | undefined =>
      outbox.next('x', new Set(tried), inRow)?.notification.message;
    assert.deepEqual(
      [next([], 0), next([a!], 1), next([a!], 0), next([a!, b!], 2)],
      ['a', 'c', 'b', undefined],
    );
    outbox.delivered('x', a!);
    assert.equal(next([], 0), 'b');
    assert.equal(outbox.next('other', new Set(), 0), undefined);
  });

  it('takes no reminder of what waits still, and no more than a hundred for a channel', () => {
    const outbox = new Outbox();
    outbox.add(note('a', { site: 'x' }), ['c', 'd']);
    outbox.delivered('d', outbox.next('d', nothing, 0)!);
    outbox.add(note('b', { site: 'x', reminder: true }), ['c', 'd']);
    assert.deepEqual(
      outbox.waiting().map(({ notification: { message }, failures }) => [message, Object.keys(failures)]),
      [
        ['a', ['c']],
        ['b', ['d']],
      ],
    );
    for (let i = 1; i < 100; i++) assert.deepEqual(outbox.add(note(String(i)), ['c']), []);
    assert.deepEqual(outbox.add(note('too many'), ['c', 'd']), ['c']);
  });

  it('gives up what is too old, and forgets channels that are no more', () => {
    const outbox = new Outbox();
    outbox.add(note('a'), ['c', 'd']);
    outbox.add(notification('Ok', new Date(60_000), 'b'), ['c']);
    assert.deepEqual(outbox.expire(new Date(60_000), 60_000), new Map());
    assert.deepEqual([...outbox.expire(new Date(60_001), 60_000)].sort(), [
      ['c', 1],
      ['d', 1],
    ]);
    assert.equal(outbox.waiting().length, 1);
    outbox.keep(['d']);
    assert.deepEqual(outbox.waiting(), []);
  });

  it('delivers everything once to each channel, whatever fails meanwhile and however often it is saved', () => {
    const step = fc.tuple(fc.constantFrom('c', 'd'), fc.constantFrom('fail', 'take', 'restart'));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 40 }), (count, steps) => {
        let outbox = new Outbox();
        const taken = { c: [] as string[], d: [] as string[] };
        const take = (channel: 'c' | 'd'): boolean => {
          const one = outbox.next(channel, nothing, 0);
          if (one === undefined) return false;
          taken[channel].push(one.notification.message);
          outbox.delivered(channel, one);
          return true;
        };
        const all = Array.from({ length: count }, (_, index) => String(index));
        for (const text of all) outbox.add(note(text), ['c', 'd']);
        for (const [channel, what] of steps as ['c' | 'd', string][]) {
          const one = outbox.next(channel, nothing, 0);
          if (what === 'restart') outbox = new Outbox(JSON.parse(JSON.stringify(outbox.waiting())) as []);
          else if (what === 'take') take(channel);
          else if (one !== undefined) outbox.failed(channel, one);
        }
        for (const channel of ['c', 'd'] as const) while (take(channel));
        assert.deepEqual([taken.c.sort(), taken.d.sort()], [all, all]);
        assert.deepEqual(outbox.waiting(), []);
      }),
    );
  });
});
