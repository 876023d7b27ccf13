import assert from 'node:assert/strict';
import { fleetSites, sitesOfServer } from '../../src/failover/fleet.ts';
import { sitePolicies } from '../../src/failover/monitor-policy.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { loadedWith } from './lab.ts';

const servers: Settings['servers'] = [
  { name: 'WEB01.example.com', role: 'primary', addresses: ['10.1.1.1'], views: { inside: ['192.168.1.1'] } },
  { name: 'WEB02', role: 'primary', addresses: ['10.1.1.2'] },
  { name: 'STANDBY1', role: 'failover', addresses: ['10.1.1.3'] },
  { name: 'STANDBY2', role: 'failover', addresses: ['10.1.1.4'] },
];
const sites: Settings['sites'] = [
  { name: 'one', hostNames: ['one.com'], primary: 'web01.example.com' },
  {
    name: 'two',
    hostNames: ['two.com'],
    primary: 'WEB02',
    failover: ['standby2'],
    addresses: { web02: ['10.1.2.2'] },
    monitor: { failback: 'manual' },
  },
];
const loaded = loadedWith({ servers, sites, monitor: { failback: 'automatic', holdSeconds: 7 } });
const [one, two] = fleetSites(loaded);

describe('the sites of the settings', () => {
  it('have their servers in order, at the addresses of the site, with names where there are several', () => {
    assert.deepEqual(
      [one!.primary, ...one!.standbys].map(({ name, label }) => `${name}: ${label}`),
      [
        'WEB01.example.com: the primary server WEB01.example.com',
        'STANDBY1: the failover server STANDBY1',
        'STANDBY2: the failover server STANDBY2',
      ],
    );
    assert.deepEqual(one!.primary.views, { inside: ['192.168.1.1'] });
    assert.deepEqual(
      [two!.primary, ...two!.standbys].map(({ name, addresses }) => [name, ...addresses]),
      [
        ['WEB02', '10.1.2.2'],
        ['STANDBY2', '10.1.1.4'],
      ],
    );
    assert.equal(fleetSites(loadedWith())[0]!.primary.label, 'the primary server');
  });

  it('have the policy of all, with what is their own', () => {
    const policyOf = sitePolicies(loaded.settings.monitor, 'round');
    const words = [one!, two!].map((site) => policyOf(site).switching);
    assert.deepEqual(
      words.map(({ failback, holdMs }) => [failback, holdMs]),
      [
        ['automatic', 7000],
        ['manual', 7000],
      ],
    );
    assert.equal(policyOf(two!), policyOf(two!));
  });

  it('are those of a primary on that computer, whatever domain its name has, and all anywhere else', () => {
    const names = (server: string): string[] => sitesOfServer(loaded, server).map(({ name }) => name);
    assert.deepEqual(names('WEB01'), ['one']);
    assert.deepEqual(names('web02.example.com'), ['two']);
    assert.deepEqual(names('STANDBY1'), ['one', 'two']);
    assert.deepEqual(
      sitesOfServer(loadedWith(), 'PRIMARY').map(({ name }) => name),
      ['site1.com', 'site2.com'],
    );
  });
});
