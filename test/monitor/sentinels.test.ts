import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Hold, holdConnection } from '../../src/health/index.ts';
import { Sentinels } from '../../src/monitor/sentinels.ts';
import { fakeClock } from '../failover/lab.ts';

describe('connections that are held to servers', () => {
  let now = 0;
  let open: { readonly place: string; readonly end: () => void }[] = [];
  const ended: string[] = [];
  const hold: Hold = (address, port, end) => {
    const one = { place: `${address} ${port}`, end };
    open.push(one);
    return () => (open = open.filter((other) => other !== one));
  };
  let sentinels: Sentinels;

  beforeEach(() => {
    [now, open, ended.length] = [0, [], 0];
    sentinels = new Sentinels(hold, { ...fakeClock, monotonic: () => now }, (one) => void ended.push(one));
  });
  const places = (): string[] => open.map(({ place }) => place);

  it('are one for each address and port, whatever sites are there, and closed at the end', () => {
    for (const port of [80, 80, 443]) sentinels.keep('10.1.1.1', port);
    assert.deepEqual(places(), ['10.1.1.1 80', '10.1.1.1 443']);
    sentinels.release();
    assert.deepEqual([places(), ended], [[], []]);
  });

  it('tell of their end, and are opened again at once only where they had lasted', () => {
    sentinels.keep('10.1.1.1', 80);
    now = 30_000;
    open.pop()!.end();
    assert.deepEqual(ended, ['10.1.1.1']);
    sentinels.keep('10.1.1.1', 80);
    assert.deepEqual(places(), ['10.1.1.1 80']);
    now += 29_999;
    open.pop()!.end();
    for (now += 59_999; open.length === 0; now++) sentinels.keep('10.1.1.1', 80);
    assert.deepEqual([ended.length, now], [2, 30_000 + 29_999 + 60_001]);
  });

  it('are at most 256', () => {
    for (let port = 1; port <= 300; port++) sentinels.keep('10.1.1.1', port);
    assert.equal(open.length, 256);
  });

  it('end when the server ends them, or there is none', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('bye')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const end = (): Promise<void> =>
      new Promise((resolve) => void holdConnection('127.0.0.1', port, resolve));
    await end();
    server.close();
    await once(server, 'close');
    await end();
  });

  it('tell nothing when they are closed by the monitor', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const { port } = server.address() as AddressInfo;
    let told = 0;
    const close = holdConnection('127.0.0.1', port, () => void (told += 1));
    await accepted;
    close();
    server.close();
    await once(server, 'close');
    assert.equal(told, 0);
  });
});
