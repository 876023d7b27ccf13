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

  it('serve metrics to other machines with a token only', () => {
    const messages = (metrics: { address: string; token?: { file: string } }) =>
      checkMonitor({ ...settings, monitor: { metrics } }).map(({ message }) => message);
    for (const address of ['127.0.0.1:9797', '[::1]:9797', 'localhost:0'])
      assert.deepEqual(messages({ address }), []);
    assert.deepEqual(messages({ address: '0.0.0.0:9797', token: { file: 'token.txt' } }), []);
    assert.match(messages({ address: '0.0.0.0:9797' }).join(), /give a token as well/);
    assert.match(
      messages({ address: 'monitor:9797' }).join(),
      /monitor:9797 is not an IP address and a port/,
    );
  });
});
