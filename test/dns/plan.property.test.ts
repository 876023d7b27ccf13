import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  mergeZoneChanges,
  planSwitch,
  recordSet,
  type RecordSet,
  type SwitchRequest,
  whereItPoints,
} from '../../src/dns/index.ts';
import { a, applied, planned, request, sorted, withTtl } from './samples.ts';

const hostNames = ['site1.com', 'www.site1.com', 'shop.site1.com'];
const ttl = fc.integer({ min: 0, max: 86_400 });
const ipv4 = ['10.1.1.1', '10.1.1.2', '10.9.9.9'];
const ipv6 = ['2001:db8::1', '2001:db8::2', '2001:db8::9'];

function sets(name: string, type: string, values: readonly string[]): fc.Arbitrary<RecordSet> {
  const data = fc.subarray([...values], { minLength: 1 });
  return fc.tuple(ttl, data).map(([seconds, some]) => recordSet(name, type, seconds, some));
}

/** Whatever may be at a name: addresses, mail and text, or an alias, or nothing. */
function recordsAt(name: string, addresses4 = ipv4, addresses6 = ipv6): fc.Arbitrary<RecordSet[]> {
  const some = (type: string, values: readonly string[]) =>
    fc.option(sets(name, type, values), { nil: undefined });
  const own = fc
    .tuple(some('A', addresses4), some('AAAA', addresses6))
    .map((found) => found.filter((set) => set !== undefined));
  const alias = fc
    .constantFrom(...hostNames, 'cdn.example.net')
    .map((target) => [recordSet(name, 'CNAME', 300, [target])]);
  return fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: alias });
}

const zoneNames = [...hostNames, 'old.site1.com', 'mail.site1.com'];
const anyZone = fc.tuple(...zoneNames.map((name) => recordsAt(name))).map((all) => all.flat());

/** Zones whose host names point to the primary, each with A or both, the rest as it may be. */
const primaryZone = fc
  .tuple(
    ...hostNames.map((name) => sets(name, 'A', ['10.1.1.1'])),
    fc.tuple(...hostNames.map((name) => fc.option(sets(name, 'AAAA', ['2001:db8::1'])))),
    recordsAt('old.site1.com'),
    recordsAt('mail.site1.com'),
  )
  .map((all) => all.flat().filter((set) => set !== null));

const standby = fc.constantFrom(['10.1.1.2'], ['10.1.1.2', '2001:db8::2']);
const direction = fc.constantFrom('failover' as const, 'failback' as const);

describe('any zone', () => {
  it('is what it was after failover and failback', () => {
    fc.assert(
      fc.property(primaryZone, standby, (zone, failover) => {
        const there = planned(request({ hostNames, failover, current: zone }));
        const switched = applied(zone, there.change);
        assert.equal(whereItPoints(request({ hostNames, failover, current: switched })), 'failover');
        const { saved } = there;
        const back = planned(
          request({ hostNames, failover, current: switched, direction: 'failback', saved }),
        );
        assert.deepEqual(applied(switched, back.change), sorted(zone));
      }),
    );
  });

  it('is switched whole, for good, and at the host names and old alone, or refused', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(anyZone, primaryZone), standby, direction, (zone, failover, to) => {
        const asked: SwitchRequest = request({ hostNames, failover, current: zone, direction: to });
        const plan = planSwitch(asked);
        kinds.add(plan.kind);
        if (plan.kind !== 'change') return;
        const after = applied(zone, plan.change);
        const others = (all: readonly RecordSet[]) => all.filter(({ name }) => name === 'mail.site1.com');
        assert.deepEqual(others(after), sorted(others(zone)));
        assert.equal(whereItPoints({ ...asked, current: after }), to === 'failover' ? 'failover' : 'primary');
        assert.deepEqual(planSwitch({ ...asked, current: after }).kind, 'nothing');
      }),
      { numRuns: 500 },
    );
    assert.deepEqual([...kinds].sort(), ['change', 'nothing', 'refused']);
  });
});

describe('two sites of one zone', () => {
  const blog = { hostNames: ['blog.site1.com'] };
  const shop = { hostNames: ['shop.site1.com'] };
  const zone = [withTtl(a('blog.site1.com', '10.1.1.1'), 60), a('shop.site1.com', '10.1.1.1')];
  const old = withTtl(a('old.site1.com', '10.1.1.1'), 60);
  const switched = [withTtl(a('blog.site1.com', '10.1.1.2'), 60), old, a('shop.site1.com', '10.1.1.2')];

  it('move in one message, with one old record', () => {
    const plans = [shop, blog].map((site) => planned(request({ ...site, current: zone })));
    const merged = mergeZoneChanges(plans.map(({ change }) => change));
    assert.deepEqual(applied(zone, merged), switched);
  });

  it('come back in one message', () => {
    const back = (site: typeof blog, saved: RecordSet) =>
      planned(request({ ...site, current: switched, direction: 'failback', saved: [saved] })).change;
    const merged = mergeZoneChanges([back(blog, zone[0]!), back(shop, zone[1]!)]);
    assert.deepEqual(applied(switched, merged), zone);
  });

  it('share the old record when one follows the other, until the last is back', () => {
    const first = planned(request({ ...blog, current: zone }));
    const half = applied(zone, first.change);
    const second = planned(request({ ...shop, current: half, saved: first.saved }));
    assert.deepEqual(second.warnings, []);
    assert.deepEqual(second.saved, [zone[1]]);
    assert.deepEqual(applied(half, second.change), switched);

    const options = { othersSwitched: true };
    const failback = { direction: 'failback' as const };
    const one = planned(request({ ...blog, ...failback, current: switched, saved: first.saved, options }));
    const left = applied(switched, one.change);
    assert.deepEqual(left, [zone[0], old, switched[2]]);
    const other = planned(request({ ...shop, ...failback, current: left, saved: second.saved }));
    assert.deepEqual(applied(left, other.change), zone);
  });

  it('contradict each other where they disagree on a record', () => {
    const { change } = planned(request({ ...blog, current: zone }));
    const other = planned(request({ ...blog, current: zone, failover: ['10.1.1.3'] })).change;
    assert.throws(() => mergeZoneChanges([change, other]), { id: 'DnsChangesConflict' });
  });
});
