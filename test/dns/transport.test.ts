import assert from 'node:assert/strict';
import fc from 'fast-check';
import { freePort } from '../support/free-port.ts';
import { startTcp } from '../support/web-server.ts';
import { encodeQuery } from '../../src/dns/message.ts';
import {
  exchange,
  exchangeTcp,
  type ExchangeOptions,
  FrameReader,
  streamTcp,
} from '../../src/dns/transport.ts';
import { bareAnswer, type FakeServer, framed, startFakeServer, type Transport } from './fake-server.ts';

const message = encodeQuery(0x1234, { name: 'site1.com', type: 'A' });
const options: ExchangeOptions = { transport: 'udp', timeoutMs: 5000, attempts: 3 };
const impatient: ExchangeOptions = { ...options, timeoutMs: 50 };

/** The answer with this text behind its header, so that two answers can be told apart. */
const answer = (text: string): Buffer => Buffer.concat([bareAnswer(message), Buffer.from(text)]);
const truncated = (): Buffer => {
  const bytes = bareAnswer(message);
  bytes[2] = bytes[2]! | 0x02;
  return bytes;
};
const withId = (bytes: Buffer, id: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(id, 0);
  return copy;
};

describe('Messages in a TCP stream', () => {
  it('are found however the stream is cut', () => {
    const messages = fc.array(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      { maxLength: 6 },
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
    fc.assert(
      fc.property(messages, cuts, (sent, sizes) => {
        const stream = Buffer.concat(sent.map(framed));
        const reader = new FrameReader();
        const found: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          found.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        assert.deepEqual(found, sent);
      }),
    );
  });
});

describe('An exchange with a name server', () => {
  const servers: { stop(): Promise<void> }[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((one) => one.stop())));
  const start = async (
    respond: (bytes: Buffer, transport: Transport, count: number) => readonly Buffer[],
  ): Promise<FakeServer> => {
    let count = 0;
    const fake = await startFakeServer((bytes, transport) => respond(bytes, transport, ++count));
    servers.push(fake);
    return fake;
  };
  const ways = (fake: FakeServer): Transport[] => fake.seen.map(({ transport }) => transport);

  it('goes by UDP, with the message as it is', async () => {
    const fake = await start(() => [answer('it')]);
    assert.deepEqual(await exchange(fake.server, message, options), answer('it'));
    assert.deepEqual(fake.seen, [{ bytes: message, transport: 'udp' }]);
  });

  it('goes by TCP where that is asked for, and where the message is too long for UDP', async () => {
    const fake = await start((bytes) => [bareAnswer(bytes)]);
    await exchange(fake.server, message, { ...options, transport: 'tcp' });
    await exchange(fake.server, Buffer.concat([message, Buffer.alloc(500)]), options);
    assert.deepEqual(ways(fake), ['tcp', 'tcp']);
  });

  it('turns to TCP where the answer is cut', async () => {
    const fake = await start((_, transport) => [transport === 'udp' ? truncated() : answer('whole')]);
    assert.deepEqual(await exchange(fake.server, message, options), answer('whole'));
    assert.deepEqual(ways(fake), ['udp', 'tcp']);
  });

  it('is tried again by UDP where no answer comes, and ends after the last attempt', async () => {
    const late = await start((_, __, count) => (count < 3 ? [] : [answer('third')]));
    assert.deepEqual(await exchange(late.server, message, { ...options, timeoutMs: 300 }), answer('third'));
    const silent = await start(() => []);
    await assert.rejects(exchange(silent.server, message, impatient), {
      id: 'DnsTimeout',
      message: `The DNS server 127.0.0.1:${silent.server.port} did not answer within 50 ms`,
    });
    assert.equal(silent.seen.length, 3);
  });

  it('passes over answers with another id, questions and fragments, by UDP and TCP', async () => {
    const strange = [withId(answer('no'), 0x4321), message, bareAnswer(message).subarray(0, 11)];
    const fake = await start(() => [...strange, answer('yes')]);
    assert.deepEqual(await exchange(fake.server, message, options), answer('yes'));
    assert.deepEqual(await exchangeTcp(fake.server, message, options), answer('yes'));
  });

  it('takes an answer that comes byte by byte', async () => {
    const tcp = await startTcp((socket) => {
      socket.setNoDelay(true);
      socket.once('data', () => {
        for (const byte of framed(answer('slow'))) socket.write(Buffer.of(byte));
      });
    });
    servers.push({ stop: () => tcp.close() });
    const server = { address: '127.0.0.1', port: tcp.port };
    assert.deepEqual(await exchangeTcp(server, message, options), answer('slow'));
  });

  it('says that the server cannot be reached where nothing listens, and where the connection ends', async () => {
    const closed = { address: '127.0.0.1', port: await freePort() };
    for (const transport of ['udp', 'tcp'] as const)
      await assert.rejects(exchange(closed, message, { ...options, transport }), {
        id: 'DnsServerUnreachable',
        target: `127.0.0.1:${closed.port}`,
      });
    const tcp = await startTcp((socket) => {
      socket.once('data', () => socket.end(framed(answer('half')).subarray(0, 7)));
    });
    servers.push({ stop: () => tcp.close() });
    await assert.rejects(exchangeTcp({ address: '127.0.0.1', port: tcp.port }, message, options), {
      id: 'DnsServerUnreachable',
      message: /it closed the connection$/,
    });
    await tcp.drained();
  });

  it('rejects where the server cannot be addressed at all', async () => {
    const nowhere = { address: '127.0.0.1', port: 70_000 };
    await assert.rejects(exchange(nowhere, message, impatient), RangeError);
    await assert.rejects(exchangeTcp(nowhere, message, impatient), RangeError);
  });

  it('ends soon after its signal, and lets the connection go', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const signalled = (signal: AbortSignal): ExchangeOptions => ({ ...options, timeoutMs: 25_000, signal });
    const fake = await start(() => []);
    await assert.rejects(exchange(fake.server, message, signalled(stopped.signal)), { id: 'Cancelled' });
    assert.equal(fake.seen.length, 0);

    for (const transport of ['udp', 'tcp'] as const) {
      const controller = new AbortController();
      const asked = await start(() => {
        controller.abort();
        return [];
      });
      const running = exchange(asked.server, message, { ...signalled(controller.signal), transport });
      await assert.rejects(running, { id: 'Cancelled' });
      assert.deepEqual(ways(asked), [transport]);
    }
  });

  it('hands over the messages of one answer until it has enough, and fails with what the reader throws', async () => {
    const parts = ['one', 'two', 'three'].map(answer);
    const fake = await start(() => parts);
    const read: Buffer[] = [];
    await streamTcp(fake.server, message, options, (one) => read.push(one) === 2);
    assert.deepEqual(read, parts.slice(0, 2));
    const failing = streamTcp(fake.server, message, options, () => {
      throw new Error('not this');
    });
    await assert.rejects(failing, /not this/);
  });
});
