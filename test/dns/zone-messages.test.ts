import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recordSet, type ZoneChange, ZoneMessages, zoneMessages } from '../../src/dns/index.ts';

const a = (name: string, address: string) => recordSet(name, 'A', 300, [address]);

/** A switch of one name; the `old` record is shared by all. */
function part(name: string, from = '10.1.1.1', to = '10.1.1.2'): ZoneChange {
  return {
    zone: 'example.com',
    changes: [
      { name, type: 'A', before: a(name, from), after: a(name, to) },
      { name: 'old.example.com', type: 'A', before: null, after: a('old.example.com', from) },
    ],
    guards: [{ name, type: 'CNAME', expected: null }],
  };
}

const parts = (count: number) => Array.from({ length: count }, (_, index) => part(`s${index}.example.com`));

describe('the messages of a zone', () => {
  it('are one where everything fits', () => {
    assert.deepEqual(zoneMessages(parts(100)), [parts(100)]);
  });

  it('are several where it does not, each with whole parts in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 20_000 }), (count, octets) => {
        const groups = zoneMessages(parts(count), octets);
        assert.deepEqual(groups.flat(), parts(count));
        assert.ok(groups.every((group) => group.length > 0));
      }),
    );
  });

  it('are none where nothing changes', () => {
    assert.deepEqual(zoneMessages([]), []);
  });

  it('make what they share once, and do not ask again for what was there before it', () => {
    const messages = new ZoneMessages();
    const first = messages.next([part('a.example.com')]);
    assert.deepEqual(
      first.changes.map(({ name }) => name),
      ['a.example.com', 'old.example.com'],
    );
    messages.made(first);
    const guarded = { ...part('b.example.com') };
    const guards = [{ name: 'old.example.com', type: 'A', expected: null }];
    const second = messages.next([{ ...guarded, guards }]);
    assert.deepEqual(
      second.changes.map(({ name }) => name),
      ['b.example.com'],
    );
    assert.deepEqual(second.guards, []);
  });

  it('make it again where the message before was not made', () => {
    const messages = new ZoneMessages();
    messages.next([part('a.example.com')]);
    assert.equal(messages.next([part('b.example.com')]).changes.length, 2);
  });

  it('refuse what contradicts the ones before', () => {
    const messages = new ZoneMessages();
    messages.made(messages.next([part('a.example.com')]));
    assert.throws(() => messages.next([part('b.example.com', '10.1.1.9')]), { id: 'DnsChangesConflict' });
  });
});
