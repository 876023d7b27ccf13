import assert from 'node:assert/strict';
import {
  createRfc2136Provider,
  type DnsServer,
  parseTsigKey,
  planSwitch,
  recordSet,
  type RecordSet,
  type Rfc2136Options,
  type TsigKey,
  type ZoneChange,
} from '../../src/dns/index.ts';
import { query, recordSets, transferZone, update } from '../../src/dns/client.ts';
import { encodeUpdate, rcode, type UpdateRecord } from '../../src/dns/message.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { tsigSecret } from '../support/lab-bind.ts';
import { type Habits, signatures, toStandby } from './conformance-signatures.ts';
import { a, aaaa, cname, sorted } from './samples.ts';

/** A name server of these zones that takes updates signed with the key; everyone may transfer. */
export interface Target {
  readonly server: DnsServer;
  stop(): Promise<void>;
}

/** Starts a server of zones, each with its SOA record first. */
export type StartTarget = (
  zones: Readonly<Record<string, readonly RecordSet[]>>,
  key: TsigKey,
) => Promise<Target>;

const key = parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' });
const once = { transport: 'udp', timeoutMs: 3000, attempts: 3 } as const;

/** One for each test that changes something. */
const zoneNames = [
  'site1.com',
  'site2.com',
  'site3.com',
  'site4.com',
  'site5.com',
  'site6.com',
  'site7.com',
] as const;

function zoneOf(zone: string): RecordSet[] {
  return [
    recordSet(zone, 'SOA', 300, [`ns.${zone} hostmaster.${zone} 1 300 60 86400 300`]),
    recordSet(zone, 'NS', 300, [`ns.${zone}`]),
    a(`ns.${zone}`, '10.1.1.3'),
    a(zone, '10.1.1.1'),
    aaaa(zone, '2001:db8::1'),
    cname(`www.${zone}`, zone),
    cname(`cdn.${zone}`, 'cdn.example.net'),
    recordSet(`mail.${zone}`, 'MX', 300, [`10 mx.mail.${zone}`]),
    a(`mx.mail.${zone}`, '10.1.1.4'),
    a(`many.${zone}`, ...Array.from({ length: 60 }, (_, index) => `10.2.0.${index + 1}`)),
  ];
}

/** What the module relies on in a name server: the same suite runs against BIND and against the lab's server. */
export function conformance(
  name: string,
  start: StartTarget,
  missing?: (context: Mocha.Context) => Promise<void>,
  habits: Habits = {},
) {
  describe(`${name} as the module's name server`, function () {
    let target: Target | undefined;
    let server: DnsServer;

    before(async function () {
      await missing?.(this);
      target = await start(Object.fromEntries(zoneNames.map((zone) => [zone, zoneOf(zone)])), key);
      server = target.server;
    });
    after(() => target?.stop());

    const provider = (options: Partial<Rfc2136Options> = {}) =>
      createRfc2136Provider({ primary: server, nameServers: [], key, clock: systemClock, ...options });
    const held = async (zone: string) =>
      sorted(await transferZone(server, zone, { ...once, transport: 'tcp' }));
    const soa = (sets: readonly RecordSet[]) => sets.find(({ type }) => type === 'SOA')!;
    const withoutSoa = (sets: readonly RecordSet[]) => sets.filter(({ type }) => type !== 'SOA');
    const serial = (sets: readonly RecordSet[]) => Number(soa(sets).data[0]!.split(' ')[2]);
    const answer = async (zoneName: string, type: string) => {
      const message = await query(server, { name: zoneName, type }, once);
      return {
        rcode: message.rcode,
        authoritative: message.authoritative,
        answer: sorted(recordSets(message.answer)),
        authority: message.authority.map((record) => record.type),
      };
    };
    const send = (zone: string, prerequisites: readonly UpdateRecord[], updates: readonly UpdateRecord[]) =>
      update(
        server,
        zone,
        (id) => encodeUpdate(id, zone, prerequisites, updates),
        key,
        () => new Date(),
        once,
      );

    it('transfers a zone whole', async () => {
      assert.deepEqual(await held('site1.com'), sorted(zoneOf('site1.com')));
    });

    it('answers with authority, and follows an alias within the zone', async () => {
      const said = { rcode: rcode.NOERROR, authoritative: true };
      const [apex, www] = [a('site1.com', '10.1.1.1'), cname('www.site1.com', 'site1.com')];
      assert.deepEqual(pick(await answer('site1.com', 'A')), { ...said, answer: [apex] });
      assert.deepEqual(pick(await answer('www.site1.com', 'A')), { ...said, answer: [apex, www] });
      assert.deepEqual(pick(await answer('www.site1.com', 'CNAME')), { ...said, answer: [www] });
      const cdn = cname('cdn.site1.com', 'cdn.example.net');
      assert.deepEqual(pick(await answer('cdn.site1.com', 'A')), { ...said, answer: [cdn] });
    });

    it('tells a type that is not there from a name that is not there, and says for how long', async () => {
      const nothing = { authoritative: true, answer: [], authority: ['SOA'] };
      assert.deepEqual(await answer('ns.site1.com', 'AAAA'), { rcode: rcode.NOERROR, ...nothing });
      assert.deepEqual(await answer('old.site1.com', 'A'), { rcode: rcode.NXDOMAIN, ...nothing });
    });

    it('refuses questions about zones that it does not hold', async () => {
      await assert.rejects(query(server, { name: 'example.net', type: 'A' }, once), { id: 'DnsRefused' });
    });

    it('gives by TCP what does not fit a UDP message', async () => {
      assert.equal((await answer('many.site1.com', 'A')).answer[0]?.data.length, 60);
    });

    it('tells how many record sets a zone has', async () => {
      assert.equal(await provider().size?.('site1.com'), zoneOf('site1.com').length);
      assert.equal(await provider().size?.('example.net'), undefined);
    });

    it('is found as the server of a zone, and read', async () => {
      assert.equal(await provider().zoneOf('www.site1.com'), 'site1.com');
      assert.equal(await provider().zoneOf('not.there.site1.com'), 'site1.com');
      const names = ['site1.com', 'www.site1.com', 'mail.site1.com', 'old.site1.com'];
      assert.deepEqual(
        sorted(await provider().read('site1.com', names)),
        sorted(zoneOf('site1.com').filter((set) => names.includes(set.name) && !/SOA|NS/.test(set.type))),
      );
    });

    for (const [transport, zone] of [
      ['udp', 'site1.com'],
      ['tcp', 'site2.com'],
    ] as const) {
      it(`takes a switch and its way back by ${transport}, each in one step`, async () => {
        const dns = provider({ transport });
        const original = await held(zone);
        const site = { zone, hostNames: [zone, `www.${zone}`], primary: ['10.1.1.1', '2001:db8::1'] };
        const failover = ['10.1.1.2'];
        const there = planSwitch({ ...site, failover, direction: 'failover', current: original });
        assert(there.kind === 'change');
        await dns.apply(there.change);
        const during = await held(zone);
        assert.deepEqual(
          withoutSoa(during),
          sorted([
            ...withoutSoa(original).filter((set) => set.name !== zone || set.type === 'NS'),
            a(zone, '10.1.1.2'),
            a(`old.${zone}`, '10.1.1.1'),
            aaaa(`old.${zone}`, '2001:db8::1'),
          ]),
        );
        assert.equal(serial(during), serial(original) + 1);
        assert.equal((await dns.readBack(there.change)).confirmed, true);

        const { saved } = there;
        const back = planSwitch({ ...site, failover, direction: 'failback', current: during, saved });
        assert(back.kind === 'change');
        await dns.apply(back.change);
        assert.deepEqual(withoutSoa(await held(zone)), withoutSoa(original));
      });
    }

    it('changes nothing where one record is not as it was read', async () => {
      const zone = 'site3.com';
      const original = await held(zone);
      const right = { name: zone, type: 'A', before: a(zone, '10.1.1.1'), after: a(zone, '10.1.1.2') };
      const changes: Record<string, ZoneChange> = {
        'another value': { zone, changes: [{ ...right, before: a(zone, '10.9.9.9') }], guards: [] },
        'a value more': {
          zone,
          changes: [{ ...right, before: a(zone, '10.1.1.1', '10.9.9.9') }],
          guards: [],
        },
        'there, not absent': { zone, changes: [{ ...right, before: null }], guards: [] },
        'absent, not there': {
          zone,
          changes: [
            right,
            { name: `old.${zone}`, type: 'A', before: a(`old.${zone}`, '10.1.1.1'), after: null },
          ],
          guards: [],
        },
        'a guard': {
          zone,
          changes: [right],
          guards: [{ name: `www.${zone}`, type: 'CNAME', expected: null }],
        },
        'the values of a guard': {
          zone,
          changes: [right],
          guards: [{ name: `www.${zone}`, type: 'CNAME', expected: cname(`www.${zone}`, 'example.net') }],
        },
      };
      for (const [what, change] of Object.entries(changes)) {
        await assert.rejects(provider().apply(change), { id: 'DnsChangedMeanwhile' }, what);
      }
      assert.deepEqual(await held(zone), original);
    });

    it('does all of an update or nothing', async () => {
      const original = await held('site3.com');
      const updates: UpdateRecord[] = [
        { kind: 'delete-set', name: 'site3.com', type: 'A' },
        { kind: 'add', set: a('site1.com', '10.1.1.2') },
      ];
      await assert.rejects(send('site3.com', [], updates), { id: 'DnsNotZone' });
      assert.deepEqual(await held('site3.com'), original);
    });

    const silent = habits.besideAlias === undefined ? 'without a word' : 'and refuses it';
    it(`adds no address beside an alias and no alias beside an address, ${silent}`, async () => {
      const original = await held('site4.com');
      for (const set of [a('www.site4.com', '10.1.1.2'), cname('site4.com', 'www.site4.com')]) {
        const sent = send('site4.com', [], [{ kind: 'add', set }]);
        if (habits.besideAlias === undefined) await sent;
        else await assert.rejects(sent, { id: habits.besideAlias });
      }
      assert.deepEqual(await held('site4.com'), original);
    });

    it('replaces an alias, sets the TTL of all values, and keeps the zone its SOA and NS', async () => {
      const zone = 'site5.com';
      const original = await held(zone);
      await send(
        zone,
        [],
        [
          { kind: 'add', set: cname(`www.${zone}`, `ns.${zone}`) },
          { kind: 'add', set: recordSet(zone, 'A', 60, ['10.1.1.2']) },
          { kind: 'delete-set', name: zone, type: 'NS' },
          { kind: 'delete-set', name: `many.${zone}`, type: 'A' },
        ],
      );
      const expected = original.filter(
        ({ name, type }) =>
          !['www', 'many'].some((one) => name === `${one}.${zone}`) && !(name === zone && type === 'A'),
      );
      assert.deepEqual(
        withoutSoa(await held(zone)),
        withoutSoa(
          sorted([
            ...expected,
            cname(`www.${zone}`, `ns.${zone}`),
            recordSet(zone, 'A', 60, ['10.1.1.1', '10.1.1.2']),
          ]),
        ),
      );
    });

    signatures({ server: () => server, provider, held, habits });

    it('takes no update of a zone that it does not hold', async () => {
      await assert.rejects(provider().apply(toStandby('example.net')), { id: 'DnsNotAuthoritative' });
    });
  });
}

/** BIND adds name servers to the authority section of answers, which is its choice. */
function pick({
  rcode: code,
  authoritative,
  answer,
}: {
  rcode: number;
  authoritative: boolean;
  answer: RecordSet[];
}) {
  return { rcode: code, authoritative, answer };
}
