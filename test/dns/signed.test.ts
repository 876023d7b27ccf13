import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createRfc2136Provider,
  parseTsigKey,
  planSwitch,
  recordSet,
  transferZone,
} from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { freePort } from '../support/free-port.ts';
import { missingBind, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { missingKnot, startLabKnot } from '../support/lab-knot.ts';
import { missingPdns, startLabPdns } from '../support/lab-pdns.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { masterFile } from './master-file.ts';
import { a, aaaa, cname, sorted } from './samples.ts';

const run = promisify(execFile);
const zone = 'site1.com';
const key = parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' });
const file = masterFile([
  recordSet(zone, 'SOA', 300, [`ns.${zone} hostmaster.${zone} 1 300 60 86400 300`]),
  recordSet(zone, 'NS', 300, [`ns.${zone}`]),
  a(`ns.${zone}`, '10.1.1.3'),
  a(zone, '10.1.1.1'),
  aaaa(zone, '2001:db8::1'),
  cname(`www.${zone}`, zone),
]);

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Starts a server that signs the zone. */
const servers: Record<
  string,
  { missing: () => Promise<string | undefined>; start: (at: Place) => Promise<{ stop(): Promise<void> }> }
> = {
  'BIND 9': {
    missing: missingBind,
    start: ({ address, port }) =>
      startLabBind(address, {
        port,
        zones: { [zone]: file },
        policy: 'allow-update { key failover; }; dnssec-policy default;',
      }),
  },
  'Knot DNS 3': {
    missing: missingKnot,
    start: ({ address, port }) =>
      startLabKnot(address, { port, zones: { [zone]: file }, zone: ['dnssec-signing: on'] }),
  },
  'PowerDNS 4': {
    missing: missingPdns,
    start: async ({ address, port }) =>
      startLabPdns(address, { port, apiPort: await freePort(), zones: { [zone]: file }, signed: true }),
  },
};

for (const [name, { missing, start }] of Object.entries(servers)) {
  describe(`A zone that ${name} signs`, function () {
    let at: Place;
    let server: { stop(): Promise<void> } | undefined;
    let folder: string;

    before(async function () {
      skipWhereMissing(this, (await missing()) ?? (await missingBind()));
      at = { address: '127.0.0.1', port: await freePort() };
      folder = await mkdtemp(join(tmpdir(), 'signed-'));
      server = await start(at);
    });
    after(async () => {
      await server?.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    const dig = async (...words: string[]) =>
      (await run('dig', [`@${at.address}`, '-p', String(at.port), '+time=2', '+tries=1', ...words])).stdout;
    /** What delv makes of a record set with the zone's own key as its trust anchor. */
    const validate = async (owner: string, type: string): Promise<string> => {
      const keys = (await dig('+short', zone, 'DNSKEY')).split('\n').filter((line) => line.startsWith('257'));
      const anchors = keys.map((line) => {
        const [flags, protocol, algorithm, ...rest] = line.trim().split(' ');
        return `"${zone}." static-key ${flags} ${protocol} ${algorithm} "${rest.join('')}";`;
      });
      const path = join(folder, 'anchors');
      await writeFile(path, `trust-anchors { ${anchors.join(' ')} };\n`);
      const options = [`@${at.address}`, '-p', String(at.port), '-a', path, `+root=${zone}`];
      return (await run('delv', [...options, owner, type])).stdout;
    };
    const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
      for (let tries = 0; !(await isTrue().catch(() => false)); tries++) {
        assert.ok(tries < 100, 'it did not become true');
        await systemClock.sleep(100);
      }
    };
    const validated = (owner: string, type: string, data: string) => async () => {
      const text = await validate(owner, type);
      return text.includes('; fully validated') && text.includes(data);
    };
    const records = async () =>
      sorted(await transferZone(at, zone, { transport: 'tcp', timeoutMs: 3000, attempts: 1 })).filter(
        ({ type }) => !/^(SOA|TYPE\d+|RRSIG|DNSKEY|NSEC.*|CDS|CDNSKEY)$/.test(type),
      );

    it('stays valid through a switch and its way back, and is then what it was', async () => {
      await until(validated(zone, 'A', '10.1.1.1'));
      const original = await records();
      const provider = createRfc2136Provider({ primary: at, nameServers: [], key, clock: systemClock });
      const hostNames = [zone, `www.${zone}`];
      const names = [...hostNames, `old.${zone}`];
      const site = { zone, hostNames, primary: ['10.1.1.1', '2001:db8::1'], failover: ['10.1.1.2'] };
      const current = await provider.read(zone, names);
      const there = planSwitch({ ...site, direction: 'failover', current });
      assert(there.kind === 'change');
      await provider.apply(there.change);
      assert.equal((await provider.readBack(there.change)).confirmed, true);
      await until(validated(zone, 'A', '10.1.1.2'));
      await until(validated(`old.${zone}`, 'A', '10.1.1.1'));
      const now = await provider.read(zone, names);
      const back = planSwitch({ ...site, direction: 'failback', current: now, saved: there.saved });
      assert(back.kind === 'change');
      await provider.apply(back.change);
      assert.equal((await provider.readBack(back.change)).confirmed, true);
      await until(validated(zone, 'A', '10.1.1.1'));
      await until(validated(zone, 'AAAA', '2001:db8::1'));
      assert.deepEqual(await records(), original);
    });
  });
}
