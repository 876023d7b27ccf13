import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState, siteState } from '../../src/edge/state.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { freePort } from '../support/free-port.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const address = '127.0.0.1'; // BIND listens only on addresses that an interface has

/** BIND 9 on loopback; the switch is forced, for no web server is needed to see what DNS says. */
describe('a switch that DNS does not allow', function () {
  this.timeout(60_000);
  let folder: string;
  let bind: LabBind;
  let closed: number;
  const zones = {
    'site1.com': paperZone('site1.com', address, '10.1.1.1'),
    'two.com': `${paperZone('two.com', address, '10.1.1.1')}@ A 10.9.9.9\n`,
    'alias.com': `${paperZone('alias.com', address, '10.1.1.1')}shop CNAME elsewhere.example.\n`,
    'wide.com': [
      paperZone('wide.com', address, '10.1.1.1'),
      ...Array.from({ length: 10 }, (_, index) => `host${index} A 10.1.2.${index}\n`),
    ].join(''),
    'mail.com': `${paperZone('mail.com', address, '10.1.1.1')}@ MX 10 mail\n`,
  };

  before(async function () {
    skipWhereMissing(this, await missingBind());
    folder = await mkdtemp(join(tmpdir(), 'dns-faults-'));
    closed = await freePort();
    bind = await startLabBind(address, {
      port: await freePort(),
      zones,
      policy: 'update-policy { grant failover zonesub A; };',
    });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await writeFile(join(folder, 'wrong.txt'), Buffer.from('another secret').toString('base64'));
  });
  after(async () => {
    await bind?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const key = { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } };
  const server = (): object => ({ address, port: bind.port });
  const cases: [string, () => object, string, string, RegExp][] = [
    [
      'of a server that does not answer',
      () => ({ servers: [{ address, port: closed }], key }),
      'site1.com',
      'DnsServerUnreachable',
      /127\.0\.0\.1:/,
    ],
    [
      'with a wrong secret',
      () => ({ servers: [server()], key: { ...key, secret: { file: 'wrong.txt' } } }),
      'site1.com',
      'DnsSignatureWrong',
      /secret/,
    ],
    [
      'with an unknown key',
      () => ({ servers: [server()], key: { ...key, name: 'nobody' } }),
      'site1.com',
      'DnsKeyUnknown',
      /nobody/,
    ],
    ['without a key', () => ({ servers: [server()] }), 'site1.com', 'DnsRefused', /refused/],
    [
      'of a zone that the server lacks',
      () => ({ servers: [server()], key }),
      'nowhere.net',
      'DnsZoneNotFound',
      /nowhere\.net/,
    ],
    [
      'of a name with a second address',
      () => ({ servers: [server()], key }),
      'two.com',
      'DnsUnexpectedAddress',
      /10\.9\.9\.9/,
    ],
    [
      'of an alias to elsewhere',
      () => ({ servers: [server()], key }),
      'shop.alias.com',
      'DnsAliasElsewhere',
      /elsewhere\.example/,
    ],
    ['of a name with mail', () => ({ servers: [server()], key }), 'mail.com', 'DnsMailAtName', /mail/],
    [
      'of a name that is not there',
      () => ({ servers: [server()], key }),
      'none.site1.com',
      'DnsRecordMissing',
      /none\.site1\.com/,
    ],
  ];

  for (const [what, dns, hostName, id, message] of cases) {
    it(`${what} is ${id} and changes nothing`, async () => {
      await writeFile(
        join(folder, 'failover.json'),
        JSON.stringify(settings({ timeoutSeconds: 0.5, ...dns() }, hostName)),
      );
      const before = await tables();
      const errors = await moduleErrors(
        "Switch-FailoverSite site -To Failover -Force -Confirm:$false -SettingsPath 'failover.json'",
        { cwd: folder },
      );
      assert.deepEqual(
        errors.map((error) => error.id),
        [id],
        JSON.stringify(errors),
      );
      assert.match(errors[0]!.message, message);
      assert.deepEqual(await tables(), before);
      // What failed is not what the monitor should make later.
      assert.equal(siteState(await readState(join(folder, 'state')), 'site').forced, undefined);
    });
  }

  it('of more of a zone than is allowed is told under -WhatIf as in the real run, and -Force allows it', async () => {
    const dns = { servers: [server()], key, maxZoneChangePercent: 5 };
    const failover = { name: 'FAILOVER', role: 'failover', addresses: [address] };
    const content = settings(dns, 'wide.com') as { servers: object[] };
    content.servers[1] = failover;
    const healthCheck = { scheme: 'tcp', port: bind.port };
    await writeFile(join(folder, 'failover.json'), JSON.stringify({ ...content, healthCheck }));
    const command = "Switch-FailoverSite site -To Failover -SettingsPath 'failover.json'";
    const before = await tables();
    const [planned] = await moduleErrors(`${command} -WhatIf`, { cwd: folder });
    assert.match(planned!.message, /would change 1 of the 15 record sets of zone wide\.com at once \(7 %/);
    assert.deepEqual(await moduleErrors(`${command} -Confirm:$false`, { cwd: folder }), [planned]);
    assert.deepEqual(await tables(), before);
    const shown = await runModule(`${command} -Force -WhatIf`, { cwd: folder });
    assert.match(
      shown.stdout,
      /10\.1\.1\.1 -> 127\.0\.0\.1; .*visitors follow within 6 min, .* within 11 min/,
    );
    assert.deepEqual(await tables(), before);
    const { objects } = await runModule(`${command} -Force -Confirm:$false`, { cwd: folder });
    assert.deepEqual(
      objects.map((one) => [one.Switched, one.ExpectedRecovery]),
      [['True', '00:11:00']],
    );
  });

  it('does not keep Get-FailoverSite from reading, without the key that only the monitor has', async () => {
    const dns = { servers: [server()], key: { ...key, secret: { file: 'elsewhere.txt' } } };
    await writeFile(join(folder, 'failover.json'), JSON.stringify(settings(dns, 'site1.com')));
    const { objects, stderr } = await runModule('Get-FailoverSite -SettingsPath failover.json', {
      cwd: folder,
    });
    assert.equal(stderr, '');
    assert.deepEqual(
      objects.map(({ Target, Address }) => [Target, Address]),
      [['Primary', '10.1.1.1']],
    );
  });

  function tables(): Promise<string[][]> {
    return Promise.all(Object.keys(zones).map((zone) => bind.table(zone)));
  }

  function settings(dns: object, hostName: string): object {
    return {
      servers: [
        { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
        { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
      ],
      sites: [{ name: 'site', hostNames: [hostName] }],
      dns,
    };
  }
});
