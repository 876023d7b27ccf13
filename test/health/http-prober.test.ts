import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type HealthCheck, healthCheckOf, HttpProber } from '../../src/health/index.ts';
import { startHttp, startTcp, type TestServer } from '../support/web-server.ts';

const prober = new HttpProber();

describe('HttpProber', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const check = (changes: Partial<HealthCheck> = {}): HealthCheck => ({
    ...healthCheckOf('site1.com').check,
    port: server?.port ?? 1,
    timeoutMs: 3000,
    ...changes,
  });

  /** For servers that are waited for in vain. */
  const short = { timeoutMs: 150 };

  it('finds a server healthy that answers 200, whatever address it has and whatever the host name resolves to', async () => {
    server = await startHttp((_, response) => response.end('hello'), '127.0.0.9');
    const result = await prober.probe(check(), '127.0.0.9');
    assert.deepEqual(
      { ...result, latencyMs: 0, time: 0 },
      {
        address: '127.0.0.9',
        url: `http://site1.com:${server.port}/`,
        healthy: true,
        statusCode: 200,
        latencyMs: 0,
        certificateDaysLeft: null,
        certificateSubject: null,
        error: null,
        failure: null,
        warning: null,
        time: 0,
      },
    );
    assert.ok(result.latencyMs > 0);
  });

  it('sends the host name, path and method of the check', async () => {
    let seen: IncomingMessage | undefined;
    server = await startHttp((request, response) => {
      seen = request;
      response.end();
    });
    await prober.probe(
      check({ hostName: 'www.Site1.com', path: '/health?full=1', method: 'HEAD' }),
      '127.0.0.1',
    );
    assert.equal(seen?.headers.host, `www.site1.com:${server.port}`);
    assert.equal(seen?.url, '/health?full=1');
    assert.equal(seen?.method, 'HEAD');
  });

  it('reaches an IPv6 address', async () => {
    server = await startHttp((_, response) => response.end(), '::1');
    assert.equal((await prober.probe(check(), '::1')).healthy, true);
  });

  it('takes a redirect for an answer and does not follow it', async () => {
    server = await startHttp((_, response) =>
      response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
    );
    const result = await prober.probe(check(), '127.0.0.1');
    assert.deepEqual([result.healthy, result.statusCode], [true, 302]);
  });

  it('reports a status that is not expected', async () => {
    server = await startHttp((_, response) => response.writeHead(500).end('broken'));
    const result = await prober.probe(check(), '127.0.0.1');
    assert.deepEqual([result.healthy, result.statusCode, result.failure], [false, 500, 'status']);
    assert.equal(result.error, 'The answer was 500, expected is 200-399');
  });

  it('accepts a status that is expected, even an error', async () => {
    server = await startHttp((_, response) => response.writeHead(401).end());
    assert.equal((await prober.probe(check({ expectedStatus: ['200', '401'] }), '127.0.0.1')).healthy, true);
  });

  it('looks for text in the body', async () => {
    server = await startHttp((_, response) => response.end('<p>Größe: ok</p>'));
    assert.equal((await prober.probe(check({ bodyContains: 'Größe: ok' }), '127.0.0.1')).healthy, true);
    const result = await prober.probe(check({ bodyContains: 'This is site1' }), '127.0.0.1');
    assert.deepEqual([result.statusCode, result.failure], [200, 'body']);
    assert.equal(result.error, 'The answer does not contain "This is site1"');
  });

  it('reads no more than 64 KB of an endless body and closes the connection', async () => {
    const page = Buffer.alloc(16 * 1024, 'x');
    server = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pump = (): void => {
        while (!socket.destroyed && socket.write(page));
        socket.once('drain', pump);
      };
      pump();
    });
    const result = await prober.probe(check(), '127.0.0.1');
    assert.deepEqual([result.healthy, result.error], [true, null]);
    await server.drained();
  });

  it('reports a refused connection', async () => {
    server = await startHttp(() => undefined);
    const { port } = server;
    await server.close();
    server = undefined;
    const result = await prober.probe(check({ port }), '127.0.0.1');
    assert.deepEqual([result.healthy, result.statusCode, result.failure], [false, null, 'connect']);
    assert.equal(result.error, `The connection to 127.0.0.1 port ${port} was refused`);
  });

  it('reports a server that accepts and never answers', async () => {
    server = await startTcp(() => undefined);
    const result = await prober.probe(check(short), '127.0.0.1');
    assert.deepEqual([result.statusCode, result.failure], [null, 'timeout']);
    assert.equal(result.error, `No answer from 127.0.0.1 port ${server.port} within 0.15 s`);
    await server.drained();
  });

  it('reports a body that stops half way', async () => {
    server = await startTcp((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    const result = await prober.probe(check(short), '127.0.0.1');
    assert.deepEqual([result.statusCode, result.failure], [200, 'timeout']);
    assert.match(result.error ?? '', /^No complete answer from/);
  });

  it('gives a slow drip no more than the total time', async () => {
    let drip: NodeJS.Timeout | undefined;
    server = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      drip = setInterval(() => socket.write('x'), 10);
      socket.once('close', () => clearInterval(drip));
    });
    const result = await prober.probe(check(short), '127.0.0.1');
    clearInterval(drip);
    assert.deepEqual([result.healthy, result.failure], [false, 'timeout']);
  });

  it('reports a connection that ends before the answer, or in the middle of the body', async () => {
    server = await startTcp((socket) => socket.end());
    const before = await prober.probe(check(), '127.0.0.1');
    assert.equal(before.failure, 'protocol');
    assert.match(before.error ?? '', /closed the connection before its answer was complete$/);
    await server.close();
    server = await startTcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    const within = await prober.probe(check(), '127.0.0.1');
    assert.deepEqual([within.statusCode, within.failure], [200, 'protocol']);
  });

  for (const [what, bytes] of [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['binary rubbish', '\x00\x01\x02\xff\xfe\r\n\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'X-Filler: '.padEnd(1000, 'x')}\r\n`.repeat(40)],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
  ] as const)
    it(`reports ${what} instead of HTTP`, async () => {
      server = await startTcp((socket) => socket.write(bytes, 'latin1'));
      const result = await prober.probe(check(), '127.0.0.1');
      assert.deepEqual([result.healthy, result.failure], [false, 'protocol']);
      assert.match(result.error ?? '', /did not answer with valid HTTP/);
    });

  it('stops at once when the signal fires, and leaves no connection', async () => {
    const controller = new AbortController();
    server = await startTcp(() => controller.abort());
    await assert.rejects(prober.probe(check(), '127.0.0.1', controller.signal), { name: 'AbortError' });
    await server.drained();
    await assert.rejects(prober.probe(check(), '127.0.0.1', controller.signal), { name: 'AbortError' });
  });

  it('refuses a name in place of an address', async () => {
    await assert.rejects(prober.probe(check(), 'localhost'), {
      id: 'ProbeAddressInvalid',
      target: 'localhost',
    });
  });
});
