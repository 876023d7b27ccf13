import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planMove, planSwitch, type RecordSet, type SwitchOptions } from '../../src/dns/index.ts';
import { a, aaaa, applied, before, cname, planned, request, sorted, withTtl } from './samples.ts';

const first = ['10.1.1.2'];
const second = ['10.1.1.3', '2001:db8::3'];

interface Move {
  readonly current: readonly RecordSet[];
  readonly saved: readonly RecordSet[];
  readonly options?: SwitchOptions;
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

function move({ current, saved, options = {}, from = first, to = second }: Move) {
  const { zone, hostNames, primary } = request({ current });
  const plan = planMove({ zone, hostNames, primary, from, to, current, saved, options });
  assert.equal(plan.kind, 'change', plan.kind === 'refused' ? plan.error.message : plan.kind);
  return plan;
}

/** The site on its first failover server. */
function moved(zone: readonly RecordSet[], options: SwitchOptions = {}) {
  const there = planned(request({ current: zone, failover: first, options }));
  return { current: applied(zone, there.change), saved: there.saved };
}

describe('the move from one failover server to another', () => {
  const dual = [...before, aaaa('site1.com', '2001:db8::1')];

  it('is one change of the addresses; what failback restores and the old record stay', () => {
    const { current, saved } = moved(before);
    const { change, saved: more } = move({ current, saved });
    assert.deepEqual(
      change.changes.map(({ name, type, after }) => [name, type, after?.data]),
      [['site1.com', 'A', ['10.1.1.3']]],
    );
    assert.deepEqual(more, []);
    const now = applied(current, change);
    assert.deepEqual(now, sorted([a('site1.com', '10.1.1.3'), a('old.site1.com', '10.1.1.1'), before[1]!]));
    const back = planned(request({ current: now, failover: second, direction: 'failback', saved }));
    assert.deepEqual(applied(now, back.change), sorted(before));
  });

  it('gives a family again that the first one lacks, and takes one that the second lacks', () => {
    const { current, saved } = moved(dual);
    assert.ok(!current.some(({ name, type }) => name === 'site1.com' && type === 'AAAA'));
    const { change } = move({ current, saved });
    const now = applied(current, change);
    assert.deepEqual(
      now.filter(({ name }) => name === 'site1.com'),
      [a('site1.com', '10.1.1.3'), aaaa('site1.com', '2001:db8::3')],
    );
    const home = move({ current: now, saved, from: second, to: first });
    assert.deepEqual(applied(now, home.change), current);
    assert.deepEqual(
      home.change.changes.map(({ type, after }) => [type, after?.data]),
      [
        ['A', first],
        ['AAAA', undefined],
      ],
    );
  });

  it('keeps the lower TTL of a switched site', () => {
    const options = { ttlWhileSwitched: 30 };
    const slow = [withTtl(a('site1.com', '10.1.1.1'), 3600), cname('www.site1.com', 'site1.com')];
    const { current, saved } = moved(slow, options);
    const now = applied(current, move({ current, saved, options }).change);
    assert.deepEqual(
      now.find(({ name }) => name === 'site1.com'),
      withTtl(a('site1.com', '10.1.1.3'), 30),
    );
  });

  it('is refused where the records are of neither', () => {
    const plan = planMove({
      ...request({ current: [a('site1.com', '10.9.9.9')] }),
      from: first,
      to: second,
      saved: [],
    });
    assert.equal(plan.kind === 'refused' && plan.error.id, 'DnsUnexpectedAddress');
  });

  it('leaves what a failover to the second at once would have left, whatever the families and TTLs', () => {
    const ttl = fc.integer({ min: 1, max: 86_400 });
    const addresses = (last: number) =>
      fc.constantFrom([`10.1.1.${last}`], [`10.1.1.${last}`, `2001:db8::${last}`]);
    const zones = fc
      .record({ a: ttl, aaaa: fc.option(ttl, { nil: undefined }) })
      .map((ttls): RecordSet[] => [
        withTtl(a('site1.com', '10.1.1.1'), ttls.a),
        ...(ttls.aaaa === undefined ? [] : [withTtl(aaaa('site1.com', '2001:db8::1'), ttls.aaaa)]),
      ]);
    const options = fc.constantFrom<SwitchOptions>({}, { ttlWhileSwitched: 60 }, { keepOldRecord: false });
    fc.assert(
      fc.property(zones, addresses(2), addresses(3), options, (zone, from, to, some) => {
        const common = { hostNames: ['site1.com'], options: some };
        const there = planned(request({ ...common, current: zone, failover: from }));
        const current = applied(zone, there.change);
        const { zone: name, primary } = request({ current });
        const onward = planMove({ ...common, zone: name, primary, from, to, current, saved: there.saved });
        const now = onward.kind === 'change' ? applied(current, onward.change) : current;
        const direct = planSwitch(request({ ...common, current: zone, failover: to }));
        assert.deepEqual(now, direct.kind === 'change' && applied(zone, direct.change));
        const back = planned(
          request({ ...common, current: now, failover: to, direction: 'failback', saved: there.saved }),
        );
        assert.deepEqual(applied(now, back.change), sorted(zone));
      }),
    );
  });
});
