import assert from 'node:assert/strict';
import { createRfc2136Provider, type DnsProvider, parseTsigKey, recordSet } from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { type DrillStep, drillName, drillZone } from '../../src/failover/drill.ts';
import { freePort } from '../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { FakeProvider } from './lab.ts';

const zones = {
  'site1.com': paperZone('site1.com', '127.0.0.1', '10.1.1.1'),
  'wild.com': `${paperZone('wild.com', '127.0.0.1', '10.1.1.1')}* A 10.1.1.1\n* MX 10 mail\n`,
  'taken.com': `${paperZone('taken.com', '127.0.0.1', '10.1.1.1')}failover-drill A 10.9.9.9\n`,
};
const { signal } = new AbortController();
const shown = (steps: readonly DrillStep[]) =>
  steps.map(({ step, succeeded, error }) => `${step} ${succeeded ? 'passed' : error?.id}`);
const all = ['Create passed', 'Guard passed', 'Switch passed', 'Remove passed'];

describe('a drill on BIND 9', () => {
  let bind: LabBind;
  let provider: DnsProvider;

  before(async function () {
    skipWhereMissing(this, await missingBind());
    const address = '127.0.0.1';
    const port = await freePort();
    bind = await startLabBind(address, {
      port,
      zones,
      policy:
        'update-policy { grant failover name failover-drill.site1.com A; grant failover subdomain wild.com A; };',
    });
    provider = createRfc2136Provider({
      primary: { address, port },
      nameServers: [{ address, port }],
      key: parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' }),
      clock: systemClock,
    });
  });
  after(() => bind?.stop());

  it('passes with a key that may change nothing but the scratch record, and leaves the zone as it was', async () => {
    const before = await bind.table('site1.com');
    const steps = await drillZone('site1.com', provider, systemClock, signal);
    assert.deepEqual(shown(steps), all);
    assert.deepEqual(await bind.table('site1.com'), before);
    for (const { step, servers, confirmMs } of steps)
      if (step !== 'Guard') assert.deepEqual([servers.length, confirmMs !== null], [1, true]);
  });

  it('passes in a zone with a wildcard, whose answer is not taken for a record', async () => {
    const before = await bind.table('wild.com');
    assert.deepEqual(shown(await drillZone('wild.com', provider, systemClock, signal)), all);
    assert.deepEqual(await bind.table('wild.com'), before);
  });

  it('removes what a drill that was killed has left', async () => {
    const before = await bind.table('site1.com');
    const after = recordSet(drillName('site1.com'), 'A', 30, ['192.0.2.2']);
    const changes = [{ name: after.name, type: 'A', before: null, after }];
    await provider.apply({ zone: 'site1.com', changes, guards: [] });
    const steps = await drillZone('site1.com', provider, systemClock, signal);
    assert.deepEqual(shown(steps), ['Leftover passed', ...all]);
    assert.deepEqual(await bind.table('site1.com'), before);
  });

  it('cleans up after it was cancelled in any of its updates', async () => {
    const before = await bind.table('site1.com');
    for (const cancelAt of [1, 2, 3]) {
      const stop = new AbortController();
      let updates = 0;
      const cancelled: DnsProvider = {
        zoneOf: (...rest) => provider.zoneOf(...rest),
        read: (...rest) => provider.read(...rest),
        readBack: (...rest) => provider.readBack(...rest),
        apply: async (...rest) => {
          await provider.apply(...rest).finally(() => (updates += 1) === cancelAt && stop.abort());
        },
      };
      await assert.rejects(drillZone('site1.com', cancelled, systemClock, stop.signal), {
        name: 'AbortError',
      });
      assert.deepEqual(await bind.table('site1.com'), before);
      assert.ok(updates >= cancelAt);
    }
  });

  it('leaves a record alone that is not of a drill', async () => {
    const before = await bind.table('taken.com');
    const steps = await drillZone('taken.com', provider, systemClock, signal);
    assert.deepEqual(shown(steps), ['Create DrillNameInUse']);
    assert.deepEqual(await bind.table('taken.com'), before);
  });

  it('says of a key that is not allowed what the administrator must allow', async () => {
    const wrong = createRfc2136Provider({
      primary: { address: '127.0.0.1', port: bind.port },
      nameServers: [],
      clock: systemClock,
    });
    const steps = await drillZone('site1.com', wrong, systemClock, signal);
    assert.deepEqual(shown(steps), ['Create DnsRefused']);
  });
});

describe('a drill on a server that ignores prerequisites', () => {
  it('fails, and removes its record', async () => {
    const provider = new FakeProvider({ 'site1.com': [] });
    const steps = await drillZone('site1.com', provider, systemClock, signal);
    assert.deepEqual(shown(steps), ['Create passed', 'Guard DrillNotGuarded', 'Remove passed']);
    assert.deepEqual(provider.zones.get('site1.com'), []);
  });
});
