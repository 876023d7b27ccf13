import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeQuery } from '../../src/dns/message.ts';
import { exchange, type ExchangeOptions } from '../../src/dns/transport.ts';
import { freePort } from '../support/free-port.ts';
import { bareAnswer } from './fake-server.ts';

const options: ExchangeOptions = { transport: 'udp', timeoutMs: 20_000, attempts: 1 };
const message = (id: number): Buffer => encodeQuery(id, { name: `s${id}.site1.com`, type: 'A' });

describe('Questions to one server at the same time', () => {
  let server: Socket;
  let ports: Set<number>;
  beforeEach(async () => {
    ports = new Set();
    server = createSocket('udp4').on('message', (bytes, from) => {
      ports.add(from.port);
      server.send(Buffer.concat([bareAnswer(bytes), Buffer.from(`to ${bytes.readUInt16BE(0)}`)]), from.port);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());
  const place = () => ({ address: '127.0.0.1', port: server.address().port });
  const ask = async (id: number): Promise<string> =>
    (await exchange(place(), message(id), options)).subarray(12).toString();

  it('share sockets, 64 each, and get their own answers', async () => {
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const answers = await Promise.all(ids.map(ask));
    assert.deepEqual(
      answers,
      ids.map((id) => `to ${id}`),
    );
    assert.equal(ports.size, 4);
  });

  it('go by another socket where their id is under way, and by a new one where none is', async () => {
    assert.deepEqual(await Promise.all([ask(7), ask(7)]), ['to 7', 'to 7']);
    assert.equal(ports.size, 2);
    const before = new Set(ports);
    await ask(7);
    assert.equal([...ports].filter((port) => !before.has(port)).length, 1);
  });

  it('all fail where nothing listens, and the next one is sent anew', async () => {
    const nobody = { address: '127.0.0.1', port: await freePort() };
    const failed = await Promise.allSettled([1, 2, 3].map((id) => exchange(nobody, message(id), options)));
    const ids = failed.map((one) =>
      one.status === 'rejected' ? (one.reason as { id: string }).id : 'answered',
    );
    assert.deepEqual(ids, Array(3).fill('DnsServerUnreachable'));
    await assert.rejects(exchange(nobody, message(4), options), { id: 'DnsServerUnreachable' });
  });

  it('end alone where one is stopped', async () => {
    server.removeAllListeners('message');
    const stop = new AbortController();
    const stopped = exchange(place(), message(1), { ...options, signal: stop.signal });
    const other = exchange(place(), message(2), options);
    const [bytes, from] = (await once(server, 'message')) as [Buffer, { port: number }];
    stop.abort();
    await assert.rejects(stopped, { id: 'Cancelled' });
    server.send(bareAnswer(bytes), from.port); // too late for the one that was stopped
    const late = bareAnswer(message(2));
    server.send(late, from.port);
    assert.deepEqual(await other, late);
  });
});
