import assert from 'node:assert/strict';
import { createRfc2136Provider, parseTsigKey, type ZoneChange } from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { a } from './samples.ts';

const zone = 'site1.com';
const address = '127.0.0.1';
const key = parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' });

describe('A secondary that is notified', () => {
  const servers: LabBind[] = [];
  let ports: [primary: number, secondary: number];

  before(async function () {
    skipWhereMissing(this, await missingBind());
    ports = [await freePort(), await freePort()];
    const [primary, secondary] = ports;
    // Of a smaller zone BIND sends all rather than what has changed (max-ixfr-ratio).
    const others = Array.from({ length: 100 }, (_, index) => `host${index} A 10.1.2.${index}\n`);
    const zones = { [zone]: `${paperZone(zone, address, '10.1.1.1')}${others.join('')}` };
    const policy =
      `update-policy { grant failover name ${zone}. A; grant failover name old.${zone}. A; }; ` +
      `notify explicit; notify-delay 0; also-notify { ${address} port ${secondary}; };`;
    servers.push(await startLabBind(address, { port: primary, zones, policy }));
    servers.push(await startLabBind(address, { port: secondary, zones, primaryPort: primary }));
  });
  after(() => Promise.all(servers.map((server) => server.stop())));

  it('shows a change long before its refresh, and the change is confirmed by both', async () => {
    const [primary, secondary] = ports.map((port) => ({ address, port }));
    const dns = createRfc2136Provider({
      primary: primary!,
      nameServers: [secondary!],
      key,
      clock: systemClock,
    });
    // The zone's refresh is 300 s, so that only a NOTIFY brings it in the time that the test has.
    for (const [from, to] of [
      ['10.1.1.1', '10.1.1.2'],
      ['10.1.1.2', '10.1.1.1'],
    ] as const) {
      const changes = [{ name: zone, type: 'A', before: a(zone, from), after: a(zone, to) }];
      const change: ZoneChange = { zone, changes, guards: [] };
      await dns.apply(change);
      const { confirmed, servers: seen } = await dns.readBack(change, { deadlineMs: 30_000 });
      assert.deepEqual([confirmed, seen.length], [true, 2]);
    }
    // The first copy is the whole zone; after it only what has changed is sent (RFC 1995).
    const transfers = servers[0]!.log().matchAll(/ transfer of 'site1\.com\/IN': (.* started .*)/g);
    assert.deepEqual(
      [...transfers].map(([, what]) => what),
      ['AXFR started (serial 1)', 'IXFR started (serial 1 -> 2)', 'IXFR started (serial 2 -> 3)'],
    );
    assert.deepEqual(await servers[1]!.table(zone), await servers[0]!.table(zone));
  });
});
