import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatProblem, validateSettings } from '../../src/settings/validate.ts';

const valid = `{
  // the whitepaper's servers
  "servers": [
    { "name": "PRIMARY", "role": "primary", "addresses": ["10.1.1.1"] },
    { "name": "FAILOVER", "role": "failover", "addresses": ["10.1.1.2", "2001:db8::2"] },
  ],
  "sites": [
    { "name": "site1.com", "hostNames": ["site1.com"] },
    { "name": "site2.com", "hostNames": ["site2.com"], "healthCheck": { "port": 8080 } }
  ],
  "dns": { "servers": [{ "address": "10.1.1.3" }] }
}`;

function problems(text: string): string[] {
  return validateSettings(text).problems.map((problem) => formatProblem('f', problem));
}

describe('settings file', () => {
  it('takes comments, trailing commas and a byte order mark', () => {
    const { settings } = validateSettings(`\uFEFF${valid}`);
    assert.deepEqual(
      settings?.sites.map((site) => site.name),
      ['site1.com', 'site2.com'],
    );
  });

  it('names line and column of a syntax fault', () => {
    assert.deepEqual(problems('{\n  "servers": [,]\n}')[0], 'f(2,15): JSON syntax: Value expected');
    assert.deepEqual(problems(''), ['f(1,1): JSON syntax: Value expected']);
  });

  it('refuses unknown keys at the key, at any depth', () => {
    assert.deepEqual(problems(valid.replace('"port": 8080', '"prot": 8080')), [
      'f(9,73): sites[1].healthCheck.prot: Unknown key prot',
    ]);
    assert.deepEqual(problems(valid.replace('"dns":', '"dsn": 1, "dns":')), [
      'f(11,3): dsn: Unknown key dsn',
    ]);
  });

  it('names the object that lacks a key', () => {
    assert.deepEqual(problems(valid.replace('"name": "site1.com", ', '')), [
      'f(8,5): sites[0].name: The key name is missing',
    ]);
  });

  it('lists the choices of a value', () => {
    assert.deepEqual(problems(valid.replace('"role": "primary"', '"role": "main"')), [
      'f(4,34): servers[0].role: Must be one of: primary, failover',
    ]);
  });

  it('refuses a key that occurs twice, of which JSON would drop the first in silence', () => {
    assert.deepEqual(problems(valid.replace('"dns":', '"sites": [], "dns":')), [
      'f(7,12): sites: The key sites occurs twice',
    ]);
  });

  for (const [what, change, expected] of [
    [
      'an address that is none',
      ['"10.1.1.1"', '"10.1.1"'],
      'servers[0].addresses[0]: 10.1.1 is not an IPv4 or IPv6 address',
    ],
    ['two primaries', ['"failover"', '"primary"'], 'servers: No server has the role failover'],
    [
      'a site twice, whatever the case',
      ['"name": "site2.com"', '"name": "SITE1.com"'],
      'sites[1].name: The site SITE1.com occurs twice',
    ],
    [
      'a host name of two sites',
      ['["site2.com"]', '["Site1.com."]'],
      'sites[1].hostNames[0]: The host name Site1.com. occurs twice',
    ],
    [
      'an override of a zone that another override has',
      ['"dns": {', '"dns": { "overrides": [{ "zones": ["a.com", "b.com"] }, { "zones": ["B.com."] }],'],
      'dns.overrides[1].zones[0]: The zone B.com. occurs twice',
    ],
    [
      'two kinds of provider for one zone',
      [
        '"dns": {',
        '"dns": { "overrides": [{ "zones": ["a.com"], "key": { "name": "failover", "algorithm": "hmac-sha1", ' +
          '"secret": { "file": "key.txt" } }, ' +
          '"powerdns": { "url": "http://10.1.1.3:8081", "apiKey": { "file": "api-key.txt" } } }],',
      ],
      'dns.overrides[0].powerdns: Zones are changed in one way: remove key or powerdns',
    ],
    [
      'Kerberos beside a key',
      [
        '"dns": {',
        '"dns": { "overrides": [{ "zones": ["a.com"], "gss": { "principal": "DNS/dc1.a.com@A.COM" }, ' +
          '"key": { "name": "failover", "algorithm": "hmac-sha1", "secret": { "file": "key.txt" } } }],',
      ],
      'dns.overrides[0].gss: Zones are changed in one way: remove key or gss',
    ],
    [
      'an address that is none of a name server of an override',
      ['"dns": {', '"dns": { "overrides": [{ "zones": ["a.com"], "nameServers": [{ "address": "ns1" }] }],'],
      'dns.overrides[0].nameServers[0].address: ns1 is not an IPv4 or IPv6 address',
    ],
    [
      'signed queries without a key',
      ['"dns": {', '"dns": { "signQueries": true,'],
      'dns.signQueries: Queries are signed with a key, and there is none',
    ],
    [
      'a zone that occurs twice in a view',
      [
        '"dns": {',
        '"dns": { "overrides": [{ "zones": ["a.com"], "view": "internal" }, { "zones": ["A.com"], "view": "internal" }],',
      ],
      'dns.overrides[1].zones[0]: The zone A.com occurs twice in the view internal',
    ],
    [
      'a view whose servers are not named',
      ['"dns": {', '"dns": { "overrides": [{ "zones": ["a.com"], "view": "internal" }],'],
      'dns.overrides[0].servers: The view internal needs servers: those that DNS names for a zone may be of another view',
    ],
    [
      'a zone of a view whose other servers are not named',
      [
        '"dns": {',
        '"dns": { "overrides": [{ "zones": ["a.com"] }, ' +
          '{ "zones": ["a.com"], "view": "internal", "servers": [{ "address": "10.1.1.5" }] }],',
      ],
      'dns.overrides[0].servers: The default view of a.com needs servers: those that DNS names for a zone may be of another view',
    ],
    [
      'addresses in a view that no zone has',
      ['"addresses": ["10.1.1.1"]', '"addresses": ["10.1.1.1"], "views": { "inside": ["192.168.1.1"] }'],
      'servers[0].views.inside: No zones of dns.overrides have the view inside',
    ],
    [
      "a site's addresses in a view that no zone has",
      [
        '"hostNames": ["site1.com"]',
        '"hostNames": ["site1.com"], "views": { "inside": { "PRIMARY": ["192.168.1.1"] } }',
      ],
      'sites[0].views.inside: No zones of dns.overrides have the view inside',
    ],
    [
      "a site's addresses in a view on a server that there is not",
      [
        '"hostNames": ["site1.com"]',
        '"hostNames": ["site1.com"], "views": { "inside": { "NOBODY": ["192.168.1.1"] } }',
      ],
      'sites[0].views.inside.NOBODY: There is no server NOBODY. Servers are PRIMARY, FAILOVER',
    ],
    [
      'an address in a view that is none',
      ['"addresses": ["10.1.1.1"]', '"addresses": ["10.1.1.1"], "views": { "inside": ["192.168.1"] }'],
      'servers[0].views.inside[0]: 192.168.1 is not an IPv4 or IPv6 address',
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.ok(
        problems(valid.replace(change[0], change[1])).some((line) => line.endsWith(expected)),
        problems(valid.replace(change[0], change[1])).join('\n'),
      );
    });
  }

  it('says something about any text, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const result = validateSettings(text);
        return (
          result.settings !== undefined ||
          result.problems.every(({ line, column }) => line >= 1 && column >= 1)
        );
      }),
    );
  });

  it('never takes a valid file with one character cut for something else than valid or refused with a place', () => {
    fc.assert(
      fc.property(fc.nat(valid.length - 1), (at) => {
        const { settings, problems: found } = validateSettings(valid.slice(0, at) + valid.slice(at + 1));
        return (settings === undefined) === found.length > 0;
      }),
    );
  });
});
