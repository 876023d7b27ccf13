import assert from 'node:assert/strict';
import { namesToRead, planSwitch, recordSet, whereItPoints } from '../../src/dns/index.ts';
import {
  a,
  aaaa,
  applied,
  before,
  cname,
  during,
  planned,
  refusal,
  request,
  sorted,
  withTtl,
} from './samples.ts';

describe("the plan of a site's switch", () => {
  it("moves the whitepaper's records as its tables show, and back", () => {
    const there = planned(request({ current: before }));
    assert.deepEqual(applied(before, there.change), sorted(during));
    assert.deepEqual(there.saved, [before[0]]);
    assert.deepEqual(there.warnings, []);
    const back = planned(request({ current: during, direction: 'failback', saved: there.saved }));
    assert.deepEqual(applied(during, back.change), sorted(before));
    assert.deepEqual(back.warnings, []);
  });

  it('relies on the records it leaves alone', () => {
    assert.deepEqual(planned(request({ current: before })).change, {
      zone: 'site1.com',
      changes: [
        {
          name: 'site1.com',
          type: 'A',
          before: a('site1.com', '10.1.1.1'),
          after: a('site1.com', '10.1.1.2'),
        },
        { name: 'old.site1.com', type: 'A', before: null, after: a('old.site1.com', '10.1.1.1') },
      ],
      guards: [
        { name: 'site1.com', type: 'AAAA', expected: null },
        { name: 'www.site1.com', type: 'CNAME', expected: cname('www.site1.com', 'site1.com') },
        { name: 'site1.com', type: 'MX', expected: null },
        { name: 'old.site1.com', type: 'AAAA', expected: null },
        { name: 'old.site1.com', type: 'CNAME', expected: null },
      ],
    });
  });

  it('reads the host names and the old record, once each', () => {
    const names = { zone: 'Site1.com.', hostNames: ['site1.com', 'WWW.site1.com', 'Site1.com.'] };
    assert.deepEqual(namesToRead(names), ['site1.com', 'www.site1.com', 'old.site1.com']);
    assert.deepEqual(namesToRead({ ...names, options: { oldLabel: 'was' } }).at(-1), 'was.site1.com');
    assert.deepEqual(namesToRead({ ...names, options: { keepOldRecord: false } }).length, 2);
  });

  it('keeps each TTL, and gives the old record the lowest', () => {
    const current = [withTtl(a('site1.com', '10.1.1.1'), 600), withTtl(a('www.site1.com', '10.1.1.1'), 60)];
    assert.deepEqual(applied(current, planned(request({ current })).change), [
      withTtl(a('old.site1.com', '10.1.1.1'), 60),
      withTtl(a('site1.com', '10.1.1.2'), 600),
      withTtl(a('www.site1.com', '10.1.1.2'), 60),
    ]);
  });

  it('moves AAAA together with A', () => {
    const current = [...before, aaaa('site1.com', '2001:db8::1')];
    const after = applied(current, planned(request({ current })).change);
    assert.deepEqual(
      after,
      sorted([...during, aaaa('site1.com', '2001:db8::2'), aaaa('old.site1.com', '2001:db8::1')]),
    );
  });

  it('removes AAAA where the standby has none, and restores it exactly', () => {
    const current = [...before, withTtl(aaaa('site1.com', '2001:db8::1'), 77)];
    const failover = ['10.1.1.2'];
    const there = planned(request({ current, failover }));
    const switched = applied(current, there.change);
    assert.deepEqual(switched, sorted([...during, withTtl(aaaa('old.site1.com', '2001:db8::1'), 77)]));
    const back = planned(request({ current: switched, failover, direction: 'failback', saved: there.saved }));
    assert.deepEqual(applied(switched, back.change), sorted(current));
  });

  it('computes the way back from the settings where nothing was saved, and says so', () => {
    const back = planned(request({ current: during, direction: 'failback' }));
    assert.deepEqual(applied(during, back.change), sorted(before));
    assert.match(back.warnings.join(), /no records were saved/);
  });

  it('does nothing where the records point there already', () => {
    const nothing = { kind: 'nothing', warnings: [] };
    assert.deepEqual(planSwitch(request({ current: during })), nothing);
    assert.deepEqual(planSwitch(request({ current: before, direction: 'failback' })), nothing);
    const foreign = [...before, a('old.site1.com', '10.1.1.1')];
    assert.deepEqual(planSwitch(request({ current: foreign, direction: 'failback' })), nothing);
  });

  it('finishes a switch of which a part was done by hand, and brings all of it back', () => {
    const current = [a('site1.com', '10.1.1.2'), a('www.site1.com', '10.1.1.1')];
    const there = planned(request({ current }));
    const switched = applied(current, there.change);
    const back = planned(request({ current: switched, direction: 'failback', saved: there.saved }));
    assert.deepEqual(applied(switched, back.change), [
      a('site1.com', '10.1.1.1'),
      a('www.site1.com', '10.1.1.1'),
    ]);
  });

  it('keeps no old record where the settings say so', () => {
    const options = { keepOldRecord: false };
    const { change } = planned(request({ current: before, options }));
    assert.deepEqual(
      change.changes.map(({ name }) => name),
      ['site1.com'],
    );
  });

  const foreignOld = {
    'with another address': a('old.site1.com', '10.9.9.9'),
    "with the primary's address, there before": a('old.site1.com', '10.1.1.1'),
    'that is an alias': cname('old.site1.com', 'archive.example.net'),
    'that takes mail': recordSet('old.site1.com', 'MX', 300, ['10 mail.site1.com']),
  };
  for (const [what, old] of Object.entries(foreignOld)) {
    it(`leaves an old record alone ${what}`, () => {
      const current = [...before, old];
      const there = planned(request({ current }));
      assert.match(there.warnings.join(), /old\.site1\.com .* left as it is/);
      const switched = applied(current, there.change);
      assert.deepEqual(switched, sorted([a('site1.com', '10.1.1.2'), old, before[1]!]));
      const back = planned(request({ current: switched, direction: 'failback', saved: there.saved }));
      assert.deepEqual(applied(switched, back.change), sorted(current));
    });
  }

  it('leaves an old record alone that someone changed meanwhile', () => {
    const current = [during[0]!, a('old.site1.com', '10.9.9.9'), during[2]!];
    const back = planned(request({ current, direction: 'failback', saved: [before[0]!] }));
    assert.deepEqual(
      back.change.changes.map(({ name }) => name),
      ['site1.com'],
    );
    assert.match(back.warnings.join(), /old\.site1\.com A 10\.9\.9\.9 .* left as it is/);
  });

  it('does not use a host name of the site for the old address', () => {
    const current = [...before, a('old.site1.com', '10.1.1.1')];
    const hostNames = ['site1.com', 'old.site1.com'];
    const there = planned(request({ current, hostNames }));
    assert.deepEqual(
      there.change.changes.map(({ after }) => after?.data),
      [['10.1.1.2'], ['10.1.1.2']],
    );
    assert.match(there.warnings.join(), /old\.site1\.com is a host name of the site/);
  });

  it('moves mail only when told that it may', () => {
    const current = [...before, recordSet('site1.com', 'MX', 300, ['10 site1.com'])];
    assert.equal(refusal(request({ current }))[0], 'DnsMailAtName');
    const there = planned(request({ current, options: { acknowledgeMx: true } }));
    assert.match(there.warnings.join(), /MX/);
    const switched = applied(current, there.change);
    const back = planned(request({ current: switched, direction: 'failback', saved: there.saved }));
    assert.deepEqual(applied(switched, back.change), sorted(current));
  });

  const refused: Record<string, [current: typeof before, id: string, why: RegExp]> = {
    'a second address': [
      [a('site1.com', '10.1.1.1', '10.9.9.9')],
      'DnsUnexpectedAddress',
      /10\.1\.1\.1, 10\.9\.9\.9/,
    ],
    "both servers' addresses": [
      [a('site1.com', '10.1.1.1', '10.1.1.2')],
      'DnsUnexpectedAddress',
      /10\.1\.1\.2/,
    ],
    "an address that is neither server's": [
      [a('site1.com', '10.9.9.9')],
      'DnsUnexpectedAddress',
      /A records 10\.9\.9\.9/,
    ],
    'a foreign AAAA': [
      [a('site1.com', '10.1.1.1'), aaaa('site1.com', '2001:db8::9')],
      'DnsUnexpectedAddress',
      /AAAA records 2001:db8::9/,
    ],
    'an alias elsewhere': [[cname('site1.com', 'cdn.example.net')], 'DnsAliasElsewhere', /cdn\.example\.net/],
    'an alias that leads back': [
      [cname('site1.com', 'www.site1.com'), cname('www.site1.com', 'site1.com')],
      'DnsAliasElsewhere',
      /back to itself/,
    ],
    'no record': [[], 'DnsRecordMissing', /site1\.com has no address record/],
  };
  for (const direction of ['failover', 'failback'] as const) {
    for (const [what, [sets, id, why]] of Object.entries(refused)) {
      it(`refuses a host name with ${what} on ${direction}`, () => {
        const current = sets.some(({ name }) => name === 'www.site1.com') ? sets : [...sets, before[1]!];
        const [refusedId, message] = refusal(request({ current, direction, saved: [before[0]!] }));
        assert.equal(refusedId, id);
        assert.match(message, why);
      });
    }
  }

  it('refuses what would leave a name without any address', () => {
    const current = [aaaa('site1.com', '2001:db8::1'), before[1]!];
    assert.equal(refusal(request({ current, failover: ['10.1.1.2'] }))[0], 'DnsNoAddressLeft');
  });

  it('refuses a host name outside the zone', () => {
    assert.equal(refusal(request({ current: before, hostNames: ['site2.com'] }))[0], 'DnsNotZone');
  });
});

describe('where a site points', () => {
  const at = (current: typeof before) => whereItPoints(request({ current }));

  it('tells the server from the records', () => {
    assert.equal(at(before), 'primary');
    assert.equal(at(during), 'failover');
    assert.equal(at([...before, aaaa('site1.com', '2001:db8::1')]), 'primary');
  });

  it('tells a half-done switch', () => {
    assert.equal(at([a('site1.com', '10.1.1.1'), a('www.site1.com', '10.1.1.2')]), 'mixed');
    assert.equal(at([during[0]!, during[2]!, aaaa('site1.com', '2001:db8::1')]), 'mixed');
  });

  it('does not guess', () => {
    assert.equal(at([a('site1.com', '10.9.9.9'), before[1]!]), 'unknown');
    assert.equal(at([a('site1.com', '10.1.1.1', '10.1.1.2'), before[1]!]), 'unknown');
    assert.equal(at([before[0]!]), 'unknown');
    assert.equal(at([before[0]!, cname('www.site1.com', 'cdn.example.net')]), 'unknown');
    assert.equal(whereItPoints(request({ current: [], hostNames: [] })), 'unknown');
  });
});
