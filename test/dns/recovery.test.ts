import assert from 'node:assert/strict';
import {
  describeRecovery,
  expectedRecovery,
  planSwitch,
  recordSet,
  type RecordSet,
} from '../../src/dns/index.ts';
import { a, aaaa, before, request, withTtl } from './samples.ts';

describe('The time until visitors follow', () => {
  const change = (from: RecordSet | null, to: RecordSet | null) => [
    { zone: 'site1.com', changes: [{ name: 'site1.com', type: 'A', before: from, after: to }], guards: [] },
  ];
  const [old, next] = [a('site1.com', '10.1.1.1'), a('site1.com', '10.1.1.2')];

  it('is the TTL of the old records and what browsers keep; at worst the minimum of a resolver', () => {
    assert.deepEqual(expectedRecovery(change(old, next)), { usual: 360, worst: 660 });
    assert.deepEqual(expectedRecovery(change(withTtl(old, 3600), withTtl(next, 60))), {
      usual: 3660,
      worst: 3660,
    });
  });

  it('counts an address that is removed, and nothing for one that was not there', () => {
    assert.deepEqual(expectedRecovery(change(withTtl(old, 30), null)), { usual: 90, worst: 660 });
    assert.equal(expectedRecovery(change(null, next)), undefined);
    assert.equal(expectedRecovery([]), undefined);
  });
});

describe('The time until visitors follow, where an address comes back that was taken away', () => {
  const soa = recordSet('site1.com', 'SOA', 3600, ['ns.site1.com hostmaster.site1.com 1 300 60 86400 900']);
  const six = aaaa('site1.com', '2001:db8::1');
  const changes = [
    {
      zone: 'site1.com',
      changes: [
        {
          name: 'site1.com',
          type: 'A',
          before: a('site1.com', '10.1.1.2'),
          after: a('site1.com', '10.1.1.1'),
        },
        { name: 'site1.com', type: 'AAAA', before: null, after: six },
      ],
      guards: [],
    },
  ];

  it('is at least as long as resolvers remember that there was none (RFC 2308)', () => {
    assert.deepEqual(expectedRecovery(changes, new Map([['site1.com', soa]])), { usual: 960, worst: 960 });
    const short = { ...soa, ttl: 30 };
    assert.deepEqual(expectedRecovery(changes, new Map([['site1.com', short]])), { usual: 360, worst: 660 });
    assert.deepEqual(expectedRecovery(changes), { usual: 360, worst: 660 });
  });

  it('is told in words', () => {
    assert.equal(
      describeRecovery({ usual: 90, worst: 660 }),
      'visitors follow within 90 s, behind resolvers that keep answers longer within 11 min',
    );
    assert.equal(describeRecovery({ usual: 3661, worst: 3661 }), 'visitors follow within 62 min');
  });
});

describe('A lower TTL while a site is failed over', () => {
  const current = [...before, aaaa('site1.com', '2001:db8::1')].map((set) =>
    set.name === 'site1.com' ? withTtl(set, 3600) : set,
  );
  const there = (ttlWhileSwitched: number) =>
    planSwitch(
      request({
        current,
        direction: 'failover',
        failover: ['10.1.1.2', '2001:db8::2'],
        options: { ttlWhileSwitched },
      }),
    );

  it('is that of the new addresses alone; the old record keeps the old one, and failback restores it', () => {
    const plan = there(60);
    assert(plan.kind === 'change');
    assert.deepEqual(
      plan.change.changes.map(({ name, type, after }) => [name, type, after?.ttl]),
      [
        ['site1.com', 'A', 60],
        ['site1.com', 'AAAA', 60],
        ['old.site1.com', 'A', 3600],
        ['old.site1.com', 'AAAA', 3600],
      ],
    );
    const now = [...plan.change.changes.flatMap(({ after }) => after ?? []), before[1]!];
    const back = planSwitch(
      request({
        current: now,
        direction: 'failback',
        failover: ['10.1.1.2', '2001:db8::2'],
        saved: plan.saved,
        options: { ttlWhileSwitched: 60 },
      }),
    );
    assert(back.kind === 'change');
    assert.deepEqual(
      back.change.changes.flatMap(({ after }) => after ?? []),
      current.filter(({ name }) => name === 'site1.com'),
    );
  });

  it('never raises a TTL', () => {
    const plan = there(7200);
    assert(plan.kind === 'change');
    assert.equal(plan.change.changes[0]!.after!.ttl, 3600);
  });
});
