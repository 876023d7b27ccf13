import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRfc2136Provider,
  type DnsServer,
  type GssOptions,
  type RecordSet,
  type Rfc2136Options,
  type ZoneChange,
} from '../../../src/dns/index.ts';
import type { GssLibrary } from '../../../src/dns/gss/context.ts';
import { gssapi } from '../../../src/dns/gss/gssapi.ts';
import { runModule } from '../../support/module.ts';
import { systemClock } from '../../../src/edge/clock.ts';
import { freePort } from '../../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind } from '../../support/lab-bind.ts';
import { type LabDomain, missingDomain, startLabDomain } from '../../support/lab-domain.ts';
import { skipWhereMissing } from '../../support/requirements.ts';
import { a } from '../samples.ts';

describe('Updates signed with Kerberos', function () {
  this.timeout(300_000);
  let domain: LabDomain;
  let bind: LabBind | undefined;
  let dc: DnsServer;
  let ns: DnsServer;
  let keytab: string;
  let stranger: string;
  const environment = { ...process.env };

  before(async function () {
    skipWhereMissing(this, missingDomain());
    skipWhereMissing(this, await missingBind());
    domain = await startLabDomain();
    process.env.KRB5_CONFIG = domain.krb5Config;
    process.env.KRB5CCNAME = 'FILE:/nonexistent/cache';
    dc = { address: '127.0.0.1', port: domain.dnsPort };
    keytab = await domain.addAccount('failover');
    stranger = await domain.addAccount('stranger');
    const service = await domain.addAccount('bind', 'DNS/ns.site1.com');
    const grant = (name: string): string => `grant failover@${domain.realm} name ${name} A AAAA;`;
    bind = await startLabBind('127.0.0.1', {
      port: await freePort(),
      zones: { 'site1.com': paperZone('site1.com', '127.0.0.1', '10.1.1.1') },
      options: `tkey-gssapi-keytab "${service}";`,
      policy: `update-policy { ${grant('site1.com')} ${grant('old.site1.com')} };`,
    });
    ns = { address: '127.0.0.1', port: bind.port };
  });
  after(async () => {
    for (const name of ['KRB5_CONFIG', 'KRB5CCNAME'])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    await bind?.stop();
    await domain?.stop();
  });

  const provider = (primary: DnsServer, gss: GssOptions, options: Partial<Rfc2136Options> = {}) =>
    createRfc2136Provider({ primary, nameServers: [], gss, clock: systemClock, ...options });
  const as = (file: string): GssOptions => ({ credential: { keytab: file } });
  const put = (
    name: string,
    before: RecordSet | null,
    after: RecordSet | null,
    zone = domain.zone,
  ): ZoneChange => ({ zone, changes: [{ name, type: 'A', before, after }], guards: [] });
  const held = (server: DnsServer, zone: string, name: string): Promise<RecordSet[]> =>
    provider(server, {}).read(zone, [name]);

  describe("of a domain's zone, which takes no others (Samba as domain controller)", () => {
    it('make a record, move it and move it back', async () => {
      const dns = provider(dc, as(keytab));
      const name = `shop.${domain.zone}`;
      const [there, back] = [a(name, '10.1.1.2'), a(name, '10.1.1.1')];
      for (const [before, after] of [
        [null, back],
        [back, there],
        [there, back],
      ] as const) {
        const change = put(name, before, after);
        await dns.apply(change);
        assert.deepEqual(await held(dc, domain.zone, name), [after]);
        assert.equal((await dns.readBack(change)).confirmed, true);
      }
    });

    it('change nothing where the record is not as it was read', async () => {
      const name = `race.${domain.zone}`;
      const dns = provider(dc, as(keytab));
      await dns.apply(put(name, null, a(name, '10.1.1.1')));
      const stale = put(name, a(name, '10.9.9.9'), a(name, '10.1.1.2'));
      await assert.rejects(dns.apply(stale), { id: 'DnsAnswerInvalid' });
      assert.deepEqual(await held(dc, domain.zone, name), [a(name, '10.1.1.1')]);
    });

    it('change no record that another account owns, but one that was granted', async () => {
      const name = `owned.${domain.zone}`;
      await provider(dc, as(stranger)).apply(put(name, null, a(name, '10.1.1.1')));
      const theirs = put(name, a(name, '10.1.1.1'), a(name, '10.1.1.2'));
      // Samba's code for it; BIND and Windows refuse.
      await assert.rejects(provider(dc, as(keytab)).apply(theirs), {
        id: 'DnsServerFailure',
        message: /failed at the change of zone ad\.example\.test, signed with a Kerberos ticket$/,
      });
      assert.deepEqual(await held(dc, domain.zone, name), [a(name, '10.1.1.1')]);
      await domain.grant('failover', 'owned');
      await provider(dc, as(keytab)).apply(theirs);
      assert.deepEqual(await held(dc, domain.zone, name), [a(name, '10.1.1.2')]);
    });

    it('leave no context behind, whether they succeed or not', async () => {
      const counts = { opened: 0, closed: 0 };
      const library = async (): Promise<GssLibrary> => ({
        async open(...args) {
          const context = await (await gssapi()).open(...args);
          counts.opened += 1;
          return {
            step: (token) => context.step(token),
            sign: (message) => context.sign(message),
            verify: (message, code) => context.verify(message, code),
            close: async () => {
              counts.closed += 1;
              await context.close();
            },
          };
        },
      });
      const name = `count.${domain.zone}`;
      const dns = provider(dc, { ...as(keytab), library });
      await dns.apply(put(name, null, a(name, '10.1.1.1')));
      await assert.rejects(dns.apply(put(name, null, a(name, '10.1.1.2'))), { id: 'DnsAnswerInvalid' });
      const elsewhere = provider(dc, { ...as(keytab), library, principal: 'DNS/nowhere.ad.example.test' });
      await assert.rejects(elsewhere.apply(put(name, null, a(name, '10.1.1.2'))), {
        id: 'GssServerNotFound',
      });
      assert.deepEqual(counts, { opened: 3, closed: 3 });
    });

    it('are what Switch-FailoverSite sends with dns.gss, there and back', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'iisfailover-gss-'));
      try {
        const name = `web.${domain.zone}`;
        await provider(dc, as(keytab)).apply(put(name, null, a(name, '10.1.1.1')));
        await copyFile(keytab, join(folder, 'failover.keytab'));
        const settings = {
          servers: [
            { name: 'WEB1', role: 'primary', addresses: ['10.1.1.1'] },
            { name: 'WEB2', role: 'failover', addresses: ['10.1.1.2'] },
          ],
          sites: [{ name: 'web', hostNames: [name] }],
          dns: { servers: [dc], nameServers: [], gss: { keytab: { file: 'failover.keytab' } } },
        };
        await writeFile(join(folder, 'failover.json'), JSON.stringify(settings));
        for (const [to, address] of [
          ['Failover', '10.1.1.2'],
          ['Primary', '10.1.1.1'],
        ] as const) {
          const command = `Switch-FailoverSite web -To ${to} -Force -Confirm:$false -SettingsPath failover.json`;
          const { objects, stderr } = await runModule(command, { cwd: folder });
          assert.equal(stderr, '');
          assert.deepEqual([objects[0]?.Switched, objects[0]?.Confirmed], ['True', 'True']);
          assert.deepEqual(await held(dc, domain.zone, name), [a(name, address)]);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('are refused unsigned', async () => {
      const name = `unsigned.${domain.zone}`;
      const dns = createRfc2136Provider({ primary: dc, nameServers: [], clock: systemClock });
      await assert.rejects(dns.apply(put(name, null, a(name, '10.1.1.1'))), { id: 'DnsRefused' });
    });
  });

  describe('of a zone of BIND 9 with update-policy', () => {
    const bindAs = (file: string, more: GssOptions = {}): GssOptions => ({ ...as(file), ...more });
    const move = (): ZoneChange =>
      put('site1.com', a('site1.com', '10.1.1.1'), a('site1.com', '10.1.1.2'), 'site1.com');
    const unmoved = async (): Promise<void> =>
      assert.deepEqual(await held(ns, 'site1.com', 'site1.com'), [a('site1.com', '10.1.1.1')]);

    for (const transport of ['udp', 'tcp'] as const)
      it(`move a record and move it back by ${transport}, with every answer verified`, async () => {
        const dns = provider(ns, bindAs(keytab), { transport });
        await dns.apply(move());
        assert.deepEqual(await held(ns, 'site1.com', 'site1.com'), [a('site1.com', '10.1.1.2')]);
        await dns.apply(
          put('site1.com', a('site1.com', '10.1.1.2'), a('site1.com', '10.1.1.1'), 'site1.com'),
        );
        await unmoved();
      });

    it('change nothing where the record is not as it was read', async () => {
      const stale = put('site1.com', a('site1.com', '10.9.9.9'), a('site1.com', '10.1.1.2'), 'site1.com');
      await assert.rejects(provider(ns, bindAs(keytab)).apply(stale), { id: 'DnsChangedMeanwhile' });
      await unmoved();
    });

    it('are refused for names that the account may not change, and for other accounts', async () => {
      const www = put(
        'ns.site1.com',
        a('ns.site1.com', '127.0.0.1'),
        a('ns.site1.com', '10.1.1.2'),
        'site1.com',
      );
      await assert.rejects(provider(ns, bindAs(keytab)).apply(www), {
        id: 'DnsRefused',
        message: /refused the change of zone site1\.com, signed with a Kerberos ticket$/,
      });
      await assert.rejects(provider(ns, bindAs(stranger)).apply(move()), { id: 'DnsRefused' });
      await unmoved();
    });

    it('are not sent where the server has not the key of the principal', async () => {
      const gss = bindAs(keytab, { principal: `DNS/dc1.${domain.zone}` });
      await assert.rejects(provider(ns, gss).apply(move()), {
        id: 'GssRejected',
        message: /does not take the Kerberos ticket for DNS\/dc1\.ad\.example\.test: TKEY error BADKEY/,
      });
      await unmoved();
    });

    it('are not sent where Kerberos knows no such principal', async () => {
      const gss = bindAs(keytab, { principal: 'DNS/nowhere.site1.com' });
      await assert.rejects(provider(ns, gss).apply(move()), {
        id: 'GssServerNotFound',
        target: 'DNS/nowhere.site1.com',
      });
    });

    it('are refused with a clock that is an hour behind', async () => {
      const clock = { ...systemClock, now: () => new Date(Date.now() - 3_600_000) };
      await assert.rejects(provider(ns, bindAs(keytab), { clock }).apply(move()), { id: 'DnsClockSkew' });
      await unmoved();
    });
  });

  describe('without a ticket', () => {
    const apply = (gss: GssOptions): Promise<void> =>
      provider(dc, gss).apply(put(`none.${domain.zone}`, null, a(`none.${domain.zone}`, '10.1.1.1')));

    it('say so where the account has none', async () => {
      await assert.rejects(apply({}), { id: 'GssTicketMissing', target: `DNS/dc1.${domain.zone}` });
    });

    it('say so where the password has changed since the keytab was made', async () => {
      const old = await domain.addAccount('changed');
      await domain.samba('user', 'setpassword', 'changed', '--random-password');
      await domain.samba('user', 'setpassword', 'changed', '--random-password');
      await assert.rejects(apply(as(old)), { id: 'GssTicketMissing' });
    });

    it('say so where no KDC answers', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'iisfailover-kdc-'));
      const nobody = join(folder, 'krb5.conf');
      const { realm } = domain;
      const kdc = `kdc = 127.0.0.1:${await freePort()}`;
      await writeFile(nobody, `[libdefaults]\ndefault_realm = ${realm}\n[realms]\n${realm} = {\n${kdc}\n}\n`);
      process.env.KRB5_CONFIG = nobody;
      try {
        await assert.rejects(apply(as(keytab)), { id: 'GssKdcUnreachable' });
      } finally {
        process.env.KRB5_CONFIG = domain.krb5Config;
        await rm(folder, { recursive: true });
      }
    });
  });
});
