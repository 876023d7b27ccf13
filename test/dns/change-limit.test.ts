import assert from 'node:assert/strict';
import { type DnsProvider, limitChanges, type ZoneChange } from '../../src/dns/index.ts';
import { a, withTtl } from './samples.ts';

const zone = 'site1.com';
const changing = (count: number, added = 0): ZoneChange => ({
  zone,
  changes: Array.from({ length: count + added }, (_, index) => {
    const name = `host${index}.${zone}`;
    return {
      name,
      type: 'A',
      before: index < count ? a(name, '10.1.1.1') : null,
      after: a(name, '10.1.1.2'),
    };
  }),
  guards: [],
});

describe('The largest share of a zone that one switch may change', () => {
  const limited = (size: number | undefined, percent: number) => {
    const applied: ZoneChange[] = [];
    const bare = { apply: async (change: ZoneChange) => void applied.push(change) };
    const provider = { ...bare, size: async () => size } as unknown as DnsProvider;
    return { applied, provider: limitChanges(provider, percent) };
  };

  for (const [what, size, changes, percent] of [
    ['is kept exactly', 10, changing(3), 30],
    ['does not count what is added', 20, changing(6, 5), 30],
    ['is not told for zones of fewer than 10 record sets', 9, changing(9), 30],
    ['is not known where the server does not tell the size', undefined, changing(500), 30],
    ['is all with 100', 10, changing(10), 100],
  ] as const) {
    it(what, async () => {
      const { applied, provider } = limited(size, percent);
      await provider.apply(changes);
      assert.deepEqual(applied, [changes]);
    });
  }

  it('does not count another TTL of the same values', async () => {
    const { applied, provider } = limited(20, 30);
    const ttls = changing(15).changes.map((one) => ({ ...one, after: withTtl(one.before!, 60) }));
    await provider.apply({ zone, changes: ttls, guards: [] });
    assert.equal(applied.length, 1);
  });

  it('is passed by nothing: the error has the numbers, and nothing was changed', async () => {
    const { applied, provider } = limited(20, 30);
    await assert.rejects(provider.apply(changing(7)), {
      id: 'DnsTooManyChanges',
      message:
        'The switch would change 7 of the 20 record sets of zone site1.com at once (35 %, more than the 30 % ' +
        'allowed), so none was changed',
    });
    assert.deepEqual(applied, []);
  });

  it('can be asked for without a change', async () => {
    const { applied, provider } = limited(20, 30);
    await provider.check?.(changing(6));
    await assert.rejects(async () => provider.check?.(changing(7)), { id: 'DnsTooManyChanges' });
    assert.deepEqual(applied, []);
  });

  it('is nothing where the setting is 0', async () => {
    await assert.rejects(limited(1000, 0).provider.apply(changing(1)), { id: 'DnsTooManyChanges' });
  });
});
