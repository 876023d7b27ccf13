import assert from 'node:assert/strict';
import { respond, type Zones } from '../../build/lab/dns-answer.ts';
import { createRfc2136Provider, type Rfc2136Options } from '../../src/dns/index.ts';
import { decodeMessage } from '../../src/dns/message.ts';
import { readTsig } from '../../src/dns/tsig.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { bareAnswer, type FakeServer, startFakeServer } from './fake-server.ts';
import { before, change, isUpdate, key, provider, soa, stoppedAfterEach } from './provider-samples.ts';
import { a } from './samples.ts';

describe('An update whose answer is lost', () => {
  const { keep } = stoppedAfterEach();
  let zones: Zones;
  const handle = (bytes: Buffer): Buffer[] => respond(bytes, 'udp', zones, key, new Date());
  const address = () => zones.get('site1.com')!.sets.find((set) => set.type === 'A')?.data;

  /** A server that handles queries as it should, and the updates (counted from 1) as the test says. */
  const start = async (
    takeUpdate: (bytes: Buffer, count: number) => readonly Buffer[],
  ): Promise<FakeServer & { updates(): Buffer[] }> => {
    zones = new Map([['site1.com', { name: 'site1.com', sets: before }]]);
    let count = 0;
    const fake = await startFakeServer((bytes) =>
      isUpdate(bytes) ? takeUpdate(bytes, ++count) : handle(bytes),
    );
    keep(fake);
    return {
      ...fake,
      updates: () => fake.seen.map(({ bytes }) => bytes).filter(isUpdate),
    };
  };
  const apply = ({ server }: FakeServer, options: Partial<Rfc2136Options> = {}): Promise<void> =>
    provider({ primary: server, timeoutMs: 300, ...options }).apply(change);

  it('is done where the zone shows it', async () => {
    const fake = await start((bytes) => {
      handle(bytes);
      return [];
    });
    await apply(fake);
    assert.equal(fake.updates().length, 1);
    assert.deepEqual(address(), ['10.1.1.2']);
  });

  it('is signed and sent again where the zone does not show it', async () => {
    const fake = await start((bytes, count) => (count === 1 ? [] : handle(bytes)));
    let signatures = 0;
    const now = (): Date => new Date(Date.now() + 10_000 * signatures++);
    await apply(fake, { clock: { ...systemClock, now } });
    const [first, second, ...more] = fake
      .updates()
      .map((bytes) => readTsig(bytes, decodeMessage(bytes))!.time);
    assert(second! >= first! + 10, `signed at ${first} and ${second}`);
    assert.equal(more.length, 0);
    assert.deepEqual(address(), ['10.1.1.2']);
  });

  it('is done where the second copy meets the effect of the first', async () => {
    let first: Buffer;
    const fake = await start((bytes, count) => {
      if (count === 1) {
        first = bytes;
        return [];
      }
      handle(first); // it was only late
      return handle(bytes);
    });
    await apply(fake);
    assert.equal(fake.updates().length, 2);
    assert.deepEqual(address(), ['10.1.1.2']);
  });

  it('has failed where someone else was faster', async () => {
    const fake = await start((bytes, count) => {
      if (count === 1) return [];
      zones.set('site1.com', { name: 'site1.com', sets: [soa('site1.com'), a('site1.com', '10.9.9.9')] });
      return handle(bytes);
    });
    await assert.rejects(apply(fake), { id: 'DnsChangedMeanwhile', target: 'site1.com' });
    assert.deepEqual(address(), ['10.9.9.9']);
  });

  it('has failed where the zone showed the change before it was sent', async () => {
    const fake = await start(handle);
    await apply(fake);
    await assert.rejects(apply(fake), { id: 'DnsChangedMeanwhile' });
    assert.equal(fake.updates().length, 2);
  });

  it('has failed after the last attempt', async () => {
    const fake = await start(() => []);
    await assert.rejects(apply(fake, { timeoutMs: 100, attempts: 2 }), { id: 'DnsTimeout' });
    assert.equal(fake.updates().length, 2);
    assert.deepEqual(address(), ['10.1.1.1']);
  });

  it('has failed at once where the zone cannot be read either', async () => {
    const fake = await startFakeServer(() => []);
    keep(fake);
    await assert.rejects(apply(fake, { timeoutMs: 50, attempts: 2 }), { id: 'DnsTimeout' });
    assert.equal(fake.seen.filter(({ bytes }) => isUpdate(bytes)).length, 1);
  });

  it('is not looked after once it was stopped', async () => {
    const controller = new AbortController();
    const fake = await start(() => {
      controller.abort();
      return [];
    });
    const running = provider({ primary: fake.server, timeoutMs: 25_000 }).apply(change, controller.signal);
    await assert.rejects(running, { id: 'Cancelled' });
    assert.equal(fake.seen.length, 1);
  });

  it('is not believed to be made on an unsigned word', async () => {
    for (const [code, id] of [
      [0, 'DnsAnswerNotSigned'],
      [8, 'DnsAnswerNotSigned'],
      [5, 'DnsRefused'],
      [2, 'DnsServerFailure'],
    ] as const) {
      const fake = await start((bytes) => [bareAnswer(bytes, code)]);
      await assert.rejects(apply(fake), { id }, `code ${code}`);
    }
  });

  const codes: [code: number, id: string, message: RegExp][] = [
    [1, 'DnsFormatError', /did not understand the change of zone site1\.com, which was not signed$/],
    [2, 'DnsServerFailure', /failed at the change of zone site1\.com/],
    [4, 'DnsNotImplemented', /does not support the change/],
    [5, 'DnsRefused', /refused the change/],
    [6, 'DnsChangedMeanwhile', /so that the change of zone site1\.com, .* was not made$/],
    [7, 'DnsChangedMeanwhile', /has other records than were read before/],
    [8, 'DnsChangedMeanwhile', /has other records than were read before/],
    [9, 'DnsNotAuthoritative', /is not authoritative for the change of zone site1\.com/],
    [10, 'DnsNotZone', /finds a name outside the zone/],
    [11, 'DnsServerFailure', /answered code 11/],
  ];
  for (const [code, id, message] of codes) {
    it(`names the server and the zone where the answer is code ${code}: ${id}`, async () => {
      const fake = await start((bytes) => [bareAnswer(bytes, code)]);
      const unsigned = createRfc2136Provider({ primary: fake.server, clock: systemClock });
      await assert.rejects(unsigned.apply(change), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, new RegExp(`^The DNS server 127.0.0.1:${fake.server.port} `));
        assert.equal((error as Error & { id: string }).id, id);
        return true;
      });
      assert.equal(fake.updates().length, 1);
    });
  }
});
