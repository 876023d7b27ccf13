import assert from 'node:assert/strict';
import {
  createRfc2136Provider,
  type DnsProvider,
  type DnsServer,
  parseTsigKey,
  type RecordSet,
  type Rfc2136Options,
  transferZone,
  type TsigAlgorithm,
  type TsigKey,
  type ZoneChange,
} from '../../src/dns/index.ts';
import type { ErrorId } from '../../src/model/error-catalog.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { tsigSecret } from '../support/lab-bind.ts';
import { a } from './samples.ts';

/** Error ids for what servers answer in different ways; by default as BIND does. */
export interface Habits {
  /** To an update without a signature where one is wanted. */
  readonly unsigned?: ErrorId;
  /** To every fault of a signature, where the server does not tell them apart. */
  readonly signature?: ErrorId;
  /** To an address beside an alias; undefined where the answer is NOERROR and nothing changes. */
  readonly besideAlias?: ErrorId;
  /** Keys besides the first that it takes. */
  readonly keys?: readonly { readonly name: string; readonly algorithm: TsigAlgorithm }[];
}

interface Tested {
  readonly server: () => DnsServer;
  readonly provider: (options?: Partial<Rfc2136Options>) => DnsProvider;
  /** The zone by transfer. */
  readonly held: (zone: string) => Promise<RecordSet[]>;
  readonly habits: Habits;
}

/** A part of the conformance suite: which updates a server takes, by their signature. Changes site6.com and site7.com. */
export function signatures({ server, provider, held, habits }: Tested): void {
  const once = { transport: 'tcp', timeoutMs: 3000, attempts: 3 } as const;
  const withoutSoa = (sets: readonly RecordSet[]) => sets.filter(({ type }) => type !== 'SOA');

  const other = (defaults: { name?: string; algorithm?: string }, text = tsigSecret) =>
    parseTsigKey(text, { name: 'failover', algorithm: 'hmac-sha256', ...defaults });
  const late = { ...systemClock, now: () => new Date(Date.now() - 3_600_000) };
  const rejected: Record<
    string,
    [options: Partial<Rfc2136Options> & { key?: TsigKey | undefined }, id: string]
  > = {
    'another secret': [{ key: other({}, 'bm90IHRoZSBzZWNyZXQ=') }, 'DnsSignatureWrong'],
    'an unknown key': [{ key: other({ name: 'stranger' }) }, 'DnsKeyUnknown'],
    'the clock an hour behind': [{ clock: late }, 'DnsClockSkew'],
  };
  for (const [what, [options, id]] of Object.entries(rejected)) {
    it(`takes no update signed with ${what}, and says why`, async () => {
      const original = await held('site6.com');
      await assert.rejects(provider(options).apply(toStandby('site6.com')), {
        id: habits.signature ?? id,
      });
      assert.deepEqual(await held('site6.com'), original);
    });
  }

  for (const { name: keyName, algorithm } of habits.keys ?? []) {
    it(`takes an update signed with ${algorithm} and signs its answer, and gives a signed transfer`, async () => {
      const own = parseTsigKey(tsigSecret, { name: keyName, algorithm });
      const original = await held('site7.com');
      const there = toStandby('site7.com');
      await provider({ key: own }).apply(there);
      const during = await transferZone(server(), 'site7.com', once, own);
      assert.deepEqual(during.find(({ name, type }) => name === 'site7.com' && type === 'A')?.data, [
        '10.1.1.2',
      ]);
      const [change] = there.changes;
      const back = { ...change!, before: change!.after, after: change!.before };
      await provider({ key: own }).apply({ ...there, changes: [back] });
      assert.deepEqual(withoutSoa(await held('site7.com')), withoutSoa(original));
      const other = habits.signature ?? 'DnsSignatureWrong';
      const wrong = parseTsigKey('bm90IHRoZSBzZWNyZXQ=', { name: keyName, algorithm });
      await assert.rejects(provider({ key: wrong }).apply(there), { id: other });
    });
  }

  it('takes no update without a signature', async () => {
    const original = await held('site6.com');
    const unsigned = createRfc2136Provider({ primary: server(), nameServers: [], clock: systemClock });
    await assert.rejects(unsigned.apply(toStandby('site6.com')), { id: habits.unsigned ?? 'DnsRefused' });
    assert.deepEqual(await held('site6.com'), original);
  });
}

/** Points the zone's name to the failover server. */
export function toStandby(zone: string): ZoneChange {
  const change = { name: zone, type: 'A', before: a(zone, '10.1.1.1'), after: a(zone, '10.1.1.2') };
  return { zone, changes: [change], guards: [] };
}
