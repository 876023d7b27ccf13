import assert from 'node:assert/strict';
import { checkMonitor } from '../../src/settings/validate-monitor.ts';
import { settings } from '../failover/lab.ts';

describe('the settings of the monitor', () => {
  it('name servers, addresses and time zones that exist', () => {
    const monitor = {
      referenceTargets: [{ address: '10.0.0.1', port: 53, servers: ['primary'] }],
      failbackWindow: { from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' },
    };
    assert.deepEqual(checkMonitor({ ...settings, monitor }), []);
  });

  it('are refused where they do not, each with its place', () => {
    const monitor = {
      referenceTargets: [{ address: 'router', port: 53, servers: ['PRIMARY', 'THIRD'] }],
      failbackWindow: { from: '22:00', to: '04:00', timeZone: 'Mars/Olympus' },
    };
    assert.deepEqual(
      checkMonitor({ ...settings, monitor }).map(({ path, message }) => `${path.join('.')}: ${message}`),
      [
        'monitor.referenceTargets.0.address: router is not an IPv4 or IPv6 address',
        'monitor.referenceTargets.0.servers.1: There is no server THIRD',
        'monitor.failbackWindow.timeZone: Mars/Olympus is not a time zone that this machine knows',
      ],
    );
  });
});
