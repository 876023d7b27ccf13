import assert from 'node:assert/strict';
import { inView, zonesOf } from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { dnsProvider } from '../../src/failover/dns-provider.ts';
import { bindSettings } from '../../src/settings/load.ts';
import type { DnsSettings } from '../../src/settings/dns-schema.ts';
import { before, ns, soa, stoppedAfterEach } from '../dns/provider-samples.ts';
import { a } from '../dns/samples.ts';

describe("The provider of the settings' zones", () => {
  const { lab } = stoppedAfterEach();
  const open = (dns: DnsSettings) =>
    dnsProvider(
      bindSettings('/etc/iisfailover/failover.json', { servers: [], sites: [], dns }),
      systemClock,
      'reading',
    );

  it('reads each zone of an override from its own server, and every other one from the default', async () => {
    const first = await lab({ 'site1.com': before });
    const zone = 'shop.site1.com';
    const second = await lab(
      { [zone]: [soa(zone), ns(zone, `ns.${zone}`), a(zone, '10.1.1.7')] },
      '127.53.9.2',
    );
    const provider = await open({
      servers: [{ address: '127.0.0.1', port: first.port }],
      overrides: [{ zones: ['Shop.site1.com.'], servers: [{ address: '127.53.9.2', port: second.port }] }],
    });
    assert.equal(await provider.zoneOf('WWW.site1.com'), 'site1.com');
    assert.equal(await provider.zoneOf('www.shop.site1.com'), zone);
    assert.deepEqual(await provider.read('site1.com', ['site1.com']), [a('site1.com', '10.1.1.1')]);
    assert.deepEqual(await provider.read(zone, [zone]), [a(zone, '10.1.1.7')]);
    await assert.rejects(provider.read('site2.com', ['site2.com']), { id: 'DnsRefused' });
  });

  it('reads a view from its own server with a signature where the settings say so, and names it in errors', async () => {
    const server = await lab({ 'site1.com': before });
    const servers = [{ address: '127.0.0.1', port: server.port }];
    const key = { name: 'failover', algorithm: 'hmac-sha256', secret: { file: '/nowhere/key.txt' } } as const;
    const internal = { zones: ['Site1.com.'], view: 'internal', servers };
    const plain = await open({ servers, overrides: [internal] });
    const [view] = plain.views ?? [];
    assert.deepEqual([view?.name, view?.zones], ['internal', ['site1.com']]);
    assert.deepEqual(await zonesOf(['www.site1.com', 'site1.com'], plain), [
      { zone: 'site1.com', hostNames: ['www.site1.com', 'site1.com'] },
      { zone: 'site1.com', view: 'internal', hostNames: ['www.site1.com', 'site1.com'] },
    ]);
    assert.equal((await inView(plain, 'internal').read('site1.com', ['site1.com'])).length, 1);
    await assert.rejects(inView(plain, 'internal').read('site2.com', ['site2.com']), {
      id: 'DnsZoneNotFound',
      message: /^View internal: /,
    });
    // Who lacks the key reads the default view all the same.
    const signed = await open({ servers, overrides: [{ ...internal, key, signQueries: true }] });
    assert.equal((await signed.read('site1.com', ['site1.com'])).length, 1);
    await assert.rejects(inView(signed, 'internal').read('site1.com', ['site1.com']), {
      message: /^View internal: .*key\.txt/,
    });
    assert.throws(() => inView(signed, 'guests'), { id: 'DnsZoneNotFound' });
  });

  it('reads without the key, which only the monitor has', async () => {
    const server = await lab({ 'site1.com': before });
    const key = {
      name: 'failover',
      algorithm: 'hmac-sha256',
      secret: { file: '/nowhere/key.txt' },
    } as const;
    const settings = { servers: [{ address: '127.0.0.1', port: server.port }], key };
    assert.equal((await (await open(settings)).read('site1.com', ['site1.com'])).length, 1);
  });
});
