import assert from 'node:assert/strict';
import type { Settings } from '../../src/settings/schema.ts';
import { checkServers } from '../../src/settings/validate-servers.ts';

const servers: Settings['servers'] = [
  { name: 'WEB01', role: 'primary', addresses: ['10.1.1.1'] },
  { name: 'WEB02', role: 'primary', addresses: ['10.1.1.2'] },
  { name: 'STANDBY1', role: 'failover', addresses: ['10.1.1.3', '2001:db8::3'] },
  { name: 'STANDBY2', role: 'failover', addresses: ['10.1.1.4'] },
];
const shop = { name: 'shop', hostNames: ['shop.example.com'], primary: 'WEB01' };

function problems(site: Partial<Settings['sites'][number]>, some = servers): string[] {
  const settings = { servers: some, sites: [{ ...shop, ...site }] };
  return checkServers(settings).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the servers of the settings', () => {
  it("may be several of each role, and the names of a site's are in any case", () => {
    const addresses = { web01: ['10.1.1.21'], STANDBY2: ['10.1.1.24', '2001:db8::24'] };
    assert.deepEqual(problems({ primary: 'web01', failover: ['standby2', 'STANDBY1'], addresses }), []);
  });

  it('need not be named by a site where there is one of each', () => {
    const bare = { name: shop.name, hostNames: shop.hostNames };
    const few = servers.filter(({ name }) => name !== 'WEB02');
    assert.deepEqual(checkServers({ servers: few, sites: [bare] }), []);
    const none = checkServers({ servers, sites: [bare] });
    assert.deepEqual(none, [
      {
        path: ['sites', 0, 'primary'],
        message: 'shop needs a primary, as there are several: WEB01, WEB02',
      },
    ]);
  });

  const rows: [string, string[], string][] = [
    [
      'a primary that there is not',
      problems({ primary: 'WEB03' }),
      'sites.0.primary: There is no server WEB03. Primary servers are WEB01, WEB02',
    ],
    [
      'a failover server as the primary',
      problems({ primary: 'STANDBY1' }),
      'sites.0.primary: STANDBY1 has the role failover. Primary servers are WEB01, WEB02',
    ],
    [
      'a primary among the failover servers',
      problems({ failover: ['STANDBY1', 'WEB02'] }),
      'sites.0.failover.1: WEB02 has the role primary. Failover servers are STANDBY1, STANDBY2',
    ],
    [
      'a failover server twice',
      problems({ failover: ['STANDBY1', 'standby1'] }),
      'sites.0.failover.1: The server standby1 occurs twice',
    ],
    [
      'addresses on a server that there is not',
      problems({ addresses: { WEB09: ['10.1.1.9'] } }),
      'sites.0.addresses.WEB09: There is no server WEB09. Servers are WEB01, WEB02, STANDBY1, STANDBY2',
    ],
    [
      'addresses on a server that the site does not use',
      problems({ failover: ['STANDBY1'], addresses: { STANDBY2: ['10.1.1.9'] } }),
      'sites.0.addresses.STANDBY2: shop is neither on STANDBY2 nor fails over to it',
    ],
    [
      'an address of another server, however it is written',
      problems({ addresses: { WEB01: ['2001:DB8:0::3'] } }),
      'sites.0.addresses.WEB01.0: 2001:DB8:0::3 is an address of STANDBY1 already',
    ],
    [
      'an address that is none',
      problems({ addresses: { WEB01: ['10.1.1'] } }),
      'sites.0.addresses.WEB01.0: 10.1.1 is not an IPv4 or IPv6 address',
    ],
    [
      'two servers at one address',
      problems({}, [...servers, { name: 'STANDBY3', role: 'failover', addresses: ['10.1.1.4'] }]),
      'servers.4.addresses.0: 10.1.1.4 is an address of STANDBY2 already',
    ],
    [
      'no failover server',
      problems(
        {},
        servers.filter(({ role }) => role === 'primary'),
      ),
      'servers: No server has the role failover',
    ],
  ];
  for (const [what, found, expected] of rows)
    it(`are refused with ${what}`, () => {
      assert.deepEqual(found, [expected]);
    });
});
