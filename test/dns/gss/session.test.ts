import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GssContext, GssLibrary } from '../../../src/dns/gss/context.ts';
import type { GssKey } from '../../../src/dns/gss/negotiate.ts';
import { withGssKey } from '../../../src/dns/gss/session.ts';
import { readTkey } from '../../../src/dns/gss/tkey.ts';
import { decodeMessage } from '../../../src/dns/message.ts';
import { uint16 } from '../../../src/dns/rdata.ts';
import { signMessage } from '../../../src/dns/tsig.ts';
import { failure } from '../../../src/model/failover-error.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';

/** A context of as many steps as wanted, whose code is an HMAC; it counts its ends. */
class FakeContext implements GssContext {
  closed = 0;
  #left: number;
  constructor(steps = 1) {
    this.#left = steps;
  }
  async step(token?: Buffer) {
    if (token === undefined) return { token: Buffer.from('hello'), established: false };
    this.#left -= 1;
    return this.#left > 0 ? { token: Buffer.from('more'), established: false } : { established: true };
  }
  sign(message: Buffer): Buffer {
    return createHmac('sha256', 'lab').update(message).digest();
  }
  verify(message: Buffer, code: Buffer): boolean {
    return this.sign(message).equals(code);
  }
  async close(): Promise<void> {
    this.closed += 1;
  }
}

describe('A security context', () => {
  let server: FakeServer | undefined;
  let contexts: FakeContext[] = [];
  afterEach(async () => {
    await server?.stop();
    contexts = [];
  });

  const options = { transport: 'udp', timeoutMs: 3000, attempts: 1 } as const;
  const library =
    (steps = 1) =>
    async (): Promise<GssLibrary> => ({
      async open() {
        const context = new FakeContext(steps);
        contexts.push(context);
        return context;
      },
    });
  /** Answers a TKEY query as it stands: the record moves to the answer section. */
  const echo = (bytes: Buffer, error = 0): Buffer => {
    const answer = Buffer.from(bytes);
    answer[2] = 0x80;
    answer.writeUInt16BE(1, 6);
    answer.writeUInt16BE(0, 10);
    const { dataStart } = decodeMessage(answer).answer[0]!;
    uint16(error).copy(answer, dataStart + 10 + 10);
    return answer;
  };
  const signed = (bytes: Buffer, context: GssContext = new FakeContext()): Buffer => {
    const { name } = readTkey(bytes, decodeMessage(bytes))!;
    return signMessage(echo(bytes), { name, algorithm: 'gss-tsig', context }, new Date()).message;
  };
  const run = async (
    answer: (bytes: Buffer) => readonly Buffer[],
    use: (key: GssKey) => Promise<void> = async () => undefined,
    more: { steps?: number; signal?: AbortSignal } = {},
  ): Promise<void> => {
    server = await startFakeServer(answer);
    const gss = { library: library(more.steps) };
    await withGssKey(server.server, 'DNS/a', gss, () => new Date(), { ...options, signal: more.signal }, use);
  };
  const closed = (): number[] => contexts.map((context) => context.closed);

  it('is agreed to over TCP in as many steps as it takes, and ends with its use', async () => {
    const names: string[] = [];
    await run(
      (bytes) => [signed(bytes)],
      async ({ name }) => void names.push(name),
      { steps: 3 },
    );
    assert.deepEqual(
      server!.seen.map(({ bytes, transport }) => {
        const { name, token, mode } = readTkey(bytes, decodeMessage(bytes))!;
        return [name, token.toString(), mode, transport];
      }),
      ['hello', 'more', 'more'].map((token) => [names[0], token, 3, 'tcp']),
    );
    assert.deepEqual(closed(), [1]);
  });

  const wrong: Readonly<Record<string, readonly [(bytes: Buffer) => Buffer, string]>> = {
    'does not sign its last answer': [echo, 'DnsAnswerNotSigned'],
    'signs its last answer wrongly': [
      (bytes) => {
        const other = new FakeContext();
        other.sign = () => Buffer.alloc(32);
        return signed(bytes, other);
      },
      'DnsAnswerInvalid',
    ],
    'takes the ticket not': [(bytes) => echo(bytes, 17), 'GssRejected'],
    'knows no such mode': [(bytes) => echo(bytes, 19), 'GssRejected'],
    'refuses the query': [
      (bytes) => {
        const answer = echo(bytes);
        answer[3] = 5;
        return answer;
      },
      'GssRejected',
    ],
    'answers for another key': [
      (bytes) => {
        const answer = echo(bytes);
        answer.write('z', decodeMessage(answer).answer[0]!.start + 1);
        return answer;
      },
      'DnsAnswerInvalid',
    ],
  };
  for (const [what, [answer, id]] of Object.entries(wrong))
    it(`is not used with a server that ${what}, and ends`, async () => {
      let used = false;
      const use = async (): Promise<void> => void (used = true);
      await assert.rejects(
        run((bytes) => [answer(bytes)], use),
        { id },
      );
      assert.deepEqual([used, closed()], [false, [1]]);
    });

  it('is given up after ten steps', async () => {
    await assert.rejects(
      run((bytes) => [echo(bytes)], undefined, { steps: 100 }),
      { id: 'GssRejected' },
    );
    assert.equal(server!.seen.length, 10);
    assert.deepEqual(closed(), [1]);
  });

  it('is made anew once where the server knows it no more', async () => {
    const forgotten = failure('DnsKeyUnknown', { server: 'ns1', key: 'k', algorithm: 'gss-tsig' });
    let uses = 0;
    await run(
      (bytes) => [signed(bytes)],
      async () => {
        uses += 1;
        if (uses === 1) throw forgotten;
      },
    );
    assert.deepEqual([uses, closed()], [2, [1, 1]]);
    await server!.stop();
    await assert.rejects(
      run(
        (bytes) => [signed(bytes)],
        () => Promise.reject(forgotten),
      ),
      { id: 'GssRejected', cause: forgotten },
    );
    assert.deepEqual(closed(), [1, 1, 1, 1]);
  });

  it('is not waited for after the command was stopped, and ends all the same', async () => {
    const stop = new AbortController();
    let finish = (): void => undefined;
    const kdc = new Promise<void>((resolve) => (finish = resolve));
    const slow = async (): Promise<GssLibrary> => {
      const fast = await library()();
      return { open: async (...args) => kdc.then(() => fast.open(...args)) };
    };
    server = await startFakeServer(() => []);
    const waited = withGssKey(
      server.server,
      'DNS/a',
      { library: slow },
      () => new Date(),
      { ...options, signal: stop.signal },
      async () => undefined,
    );
    stop.abort();
    await assert.rejects(waited, { id: 'Cancelled' });
    finish();
    for (let tries = 0; tries < 100 && closed()[0] !== 1; tries++) await sleep(10);
    assert.deepEqual([closed(), server.seen.length], [[1], 0]);
  });
});
