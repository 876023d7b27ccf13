import assert from 'node:assert/strict';
import { lookUp, transfer, type Zone } from '../../build/lab/zone.ts';
import { update, type UpdateRecord } from '../../build/lab/zone-update.ts';
import { recordSet } from '../../src/dns/index.ts';
import { a, cname, sorted } from '../dns/samples.ts';

const soa = (serial: number) =>
  recordSet('site1.com', 'SOA', 300, [`ns.site1.com hostmaster.site1.com ${serial} 300 60 86400 300`]);
const ns = recordSet('site1.com', 'NS', 300, ['ns.site1.com']);
const rest = [
  a('ns.site1.com', '10.1.1.3'),
  a('site1.com', '10.1.1.1', '10.1.1.2'),
  cname('www.site1.com', 'site1.com'),
];
const zone: Zone = { name: 'site1.com', sets: [soa(7), ns, ...rest] };

/** A record of an UPDATE: class, name and type in that order, then data. */
function record(
  klass: UpdateRecord['class'],
  name: string,
  type: string,
  data?: string,
  ttl = 0,
): UpdateRecord {
  return { class: klass, name, type, data, ttl };
}

describe("a zone of the lab's DNS server", () => {
  it('follows aliases, and stops where they lead in a circle or out of the zone', () => {
    const sets = [
      cname('x.site1.com', 'y.site1.com'),
      cname('y.site1.com', 'x.site1.com'),
      cname('z.site1.com', 'example.net'),
    ];
    const aliases: Zone = { ...zone, sets: [...zone.sets, ...sets] };
    assert.deepEqual(lookUp(aliases, 'x.site1.com', 'A').answers, sets.slice(0, 2));
    assert.deepEqual(lookUp(aliases, 'z.site1.com', 'A').answers, sets.slice(2));
  });

  it('knows a name that has names below it alone', () => {
    const deep: Zone = { ...zone, sets: [...zone.sets, a('a.b.site1.com', '10.1.1.1')] };
    assert.equal(lookUp(deep, 'b.site1.com', 'A').rcode, 'NOERROR');
    assert.equal(lookUp(deep, 'c.site1.com', 'A').rcode, 'NXDOMAIN');
  });

  it('transfers its SOA first and last', () => {
    assert.deepEqual(transfer(zone), [soa(7), ns, ...rest, soa(7)]);
  });
});

describe('the prerequisites of an update', () => {
  const cases: [what: string, rcode: string, ...records: UpdateRecord[]][] = [
    ['a name in use', 'NOERROR', record('ANY', 'www.site1.com', 'ANY')],
    ['a name in use that is not', 'NXDOMAIN', record('ANY', 'old.site1.com', 'ANY')],
    ['a name not in use', 'NOERROR', record('NONE', 'old.site1.com', 'ANY')],
    ['a name not in use that is', 'YXDOMAIN', record('NONE', 'www.site1.com', 'ANY')],
    ['a record set', 'NOERROR', record('ANY', 'site1.com', 'A')],
    ['a record set that is not there', 'NXRRSET', record('ANY', 'site1.com', 'MX')],
    ['no record set', 'NOERROR', record('NONE', 'site1.com', 'MX')],
    ['no record set where there is one', 'YXRRSET', record('NONE', 'site1.com', 'A')],
    [
      'all values, in any order',
      'NOERROR',
      record('IN', 'site1.com', 'A', '10.1.1.2'),
      record('IN', 'site1.com', 'A', '10.1.1.1'),
    ],
    ['one value of two', 'NXRRSET', record('IN', 'site1.com', 'A', '10.1.1.1')],
    ['a value of no record set', 'NXRRSET', record('IN', 'old.site1.com', 'A', '10.1.1.1')],
    ['a name outside the zone', 'NOTZONE', record('NONE', 'site2.com', 'A')],
    ['a TTL', 'FORMERR', record('IN', 'site1.com', 'A', '10.1.1.1', 60)],
    ['an existence with data', 'FORMERR', record('ANY', 'site1.com', 'A', '10.1.1.1')],
    ['a value without data', 'FORMERR', record('IN', 'site1.com', 'A')],
    ['a class that says nothing', 'FORMERR', record('other', 'site1.com', 'A')],
  ];
  for (const [what, rcode, ...records] of cases) {
    it(`answer ${rcode} to ${what}`, () => {
      const removal = record('ANY', 'www.site1.com', 'CNAME');
      const done = update(zone, records, [removal]);
      assert.equal(done.rcode, rcode);
      assert.equal(done.zone === zone, rcode !== 'NOERROR');
    });
  }
});

describe('an update', () => {
  const apply = (...records: UpdateRecord[]) => {
    const done = update(zone, [], records);
    assert.equal(done.rcode, 'NOERROR');
    return done.zone;
  };
  const holds = (after: Zone, ...sets: Zone['sets']) => assert.deepEqual(sorted(after.sets), sorted(sets));
  const [nsAddress, apex, www] = rest as [Zone['sets'][0], Zone['sets'][0], Zone['sets'][0]];

  it('deletes one value, and the record set with the last', () => {
    const one = apply(record('NONE', 'site1.com', 'A', '10.1.1.1'));
    holds(one, soa(8), ns, nsAddress, a('site1.com', '10.1.1.2'), www);
    const both = apply(
      record('NONE', 'site1.com', 'A', '10.1.1.1'),
      record('NONE', 'site1.com', 'A', '10.1.1.2'),
    );
    holds(both, soa(8), ns, nsAddress, www);
  });

  it('deletes all at a name but what makes the zone', () => {
    holds(apply(record('ANY', 'site1.com', 'ANY')), soa(8), ns, nsAddress, www);
    holds(apply(record('ANY', 'www.site1.com', 'ANY')), soa(8), ns, nsAddress, apex);
  });

  it('replaces and adds in one step, with one serial more', () => {
    const after = apply(
      record('ANY', 'site1.com', 'A'),
      record('IN', 'site1.com', 'A', '10.1.1.2', 300),
      record('IN', 'old.site1.com', 'A', '10.1.1.1', 300),
    );
    holds(after, soa(8), ns, nsAddress, a('site1.com', '10.1.1.2'), a('old.site1.com', '10.1.1.1'), www);
  });

  it('that changes nothing leaves the serial', () => {
    for (const idle of [
      record('ANY', 'old.site1.com', 'A'),
      record('NONE', 'site1.com', 'A', '10.9.9.9'),
      record('IN', 'site1.com', 'A', '10.1.1.1', 300),
      record('ANY', 'site1.com', 'SOA'),
      record('NONE', 'site1.com', 'NS', 'ns.site1.com'),
    ]) {
      assert.equal(apply(idle), zone);
    }
  });

  it('that cannot be done whole is not begun', () => {
    const good = record('ANY', 'www.site1.com', 'ANY');
    for (const [bad, rcode] of [
      [record('IN', 'site2.com', 'A', '10.1.1.1', 300), 'NOTZONE'],
      [record('IN', 'site1.com', 'ANY', '10.1.1.1', 300), 'FORMERR'],
      [record('IN', 'site1.com', 'A'), 'FORMERR'],
      [record('ANY', 'site1.com', 'A', '10.1.1.1'), 'FORMERR'],
      [record('NONE', 'site1.com', 'A', '10.1.1.1', 300), 'FORMERR'],
      [record('other', 'site1.com', 'A'), 'FORMERR'],
    ] as const) {
      assert.deepEqual(update(zone, [], [good, bad]), { rcode, zone });
    }
  });

  it('follows the largest serial with 1', () => {
    const last: Zone = { ...zone, sets: [soa(0xffffffff), ns, ...rest] };
    const done = update(last, [], [record('ANY', 'www.site1.com', 'ANY')]);
    assert.deepEqual(done.zone.sets[0], soa(1));
  });
});
