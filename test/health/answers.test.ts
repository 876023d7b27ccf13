import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthCheckOf, type ProbeResult, siteProber } from '../../src/health/index.ts';
import type { HealthCheckSettings } from '../../src/settings/schema.ts';
import { startHttp, startTcp, type TestServer } from '../support/web-server.ts';

const prober = siteProber();

describe('a health check', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function probe(listener: RequestListener, settings: HealthCheckSettings): Promise<ProbeResult> {
    server = await startHttp(listener);
    const { check } = healthCheckOf('site1.com', { timeoutSeconds: 3, ...settings });
    return prober.probe({ ...check, port: server.port }, '127.0.0.1');
  }
  const page =
    (text: string): RequestListener =>
    (_, response) =>
      response.end(text);

  it('looks for a regular expression in the page', async () => {
    const settings = { bodyMatches: 'queue: [0-9]{1,2}\\b' };
    assert.equal((await probe(page('ok\nqueue: 42'), settings)).healthy, true);
    await server?.close();
    const result = await probe(page('ok\nqueue: 420'), settings);
    assert.deepEqual(
      [result.failure, result.error],
      ['body', 'The answer does not match queue: [0-9]{1,2}\\b'],
    );
  });

  it('reads no more of the page than it is told to', async () => {
    const text = `${' '.repeat(1024)}ok`;
    assert.equal((await probe(page(text), { bodyContains: 'ok', bodyKilobytes: 1 })).failure, 'body');
    await server?.close();
    assert.equal((await probe(page(text), { bodyContains: 'ok', bodyKilobytes: 2 })).healthy, true);
  });

  it('is done with any expression on any page in a time that grows with the page only', async () => {
    const result = await probe(page('a'.repeat(60_000)), { bodyMatches: '(a+)+$b' });
    assert.equal(result.failure, 'body');
  });

  it('sends the headers of the settings', async () => {
    let seen: unknown;
    await probe(
      (request, response) => {
        seen = request.headers['x-probe'];
        response.end();
      },
      { headers: { 'X-Probe': 'monitor 1' } },
    );
    assert.equal(seen, 'monitor 1');
  });

  describe('with credentials', () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), 'credential-'))));
    after(() => rm(folder, { recursive: true }));

    const guarded: RequestListener = ({ headers }, response) => {
      const good = `Basic ${Buffer.from('probe:pässword:1').toString('base64')}`;
      response.writeHead(headers.authorization === good ? 200 : 401).end();
    };

    it('authenticates by the password in its file, which it reads each time', async () => {
      const file = join(folder, 'password.txt');
      await writeFile(file, 'pässword:1\n');
      const credential = { userName: 'probe', password: { file } };
      assert.equal((await probe(guarded, { credential })).statusCode, 200);
      await writeFile(file, 'another');
      await server?.close();
      assert.equal((await probe(guarded, { credential })).statusCode, 401);
    });

    it('says nothing about the server where the password cannot be read', async () => {
      const credential = { userName: 'probe', password: { file: join(folder, 'missing.txt') } };
      const result = await probe(guarded, { credential });
      assert.equal(result.failure, 'local');
      assert.match(result.error ?? '', /missing\.txt/);
    });
  });

  describe('that follows redirects', () => {
    const site: RequestListener = ({ url, headers }, response) => {
      const to = (location: string): unknown => response.writeHead(302, { location }).end();
      const port = headers.host?.split(':')[1];
      if (url === '/') to('/login');
      else if (url === '/www') to(`http://www.site1.com:${port}/login`);
      else if (url === '/out') to('https://login.example.com/');
      else if (url === '/loop') to('/loop');
      else response.end(`hello ${headers.host}`);
    };

    it('asks the same address for the page that the site redirects to', async () => {
      const result = await probe(site, { followRedirects: 1, bodyContains: 'hello site1.com' });
      assert.deepEqual([result.healthy, result.statusCode], [true, 200]);
    });

    it('takes www for the same site', async () => {
      const settings = { path: '/www', followRedirects: 1, bodyContains: 'hello www.site1.com' };
      assert.equal((await probe(site, settings)).healthy, true);
    });

    it('takes the redirect for the answer where it follows none', async () => {
      const result = await probe(site, { bodyContains: 'hello' });
      assert.deepEqual([result.statusCode, result.failure], [302, 'body']);
    });

    it('does not leave the site', async () => {
      const result = await probe(site, { path: '/out', followRedirects: 3 });
      assert.match(result.error ?? '', /redirects to https:\/\/login\.example\.com, out of the site/);
    });

    it('ends a loop', async () => {
      const result = await probe(site, { path: '/loop', followRedirects: 3 });
      assert.match(result.error ?? '', /redirects more than 3 times/);
    });
  });

  it('gives the first byte its own time', async () => {
    const result = await probe(() => undefined, { firstByteSeconds: 0.1 });
    assert.match(result.error ?? '', /No answer from 127\.0\.0\.1 port \d+ within 0\.1 s/);
  });

  describe('by TCP', () => {
    const tcp = (port: number) => ({ ...healthCheckOf('mail.site1.com', { scheme: 'tcp' }).check, port });

    it('finds a server healthy that accepts the connection', async () => {
      server = await startTcp(() => undefined);
      const result = await prober.probe(tcp(server.port), '127.0.0.1');
      assert.deepEqual(
        [result.healthy, result.url, result.statusCode],
        [true, `tcp://mail.site1.com:${server.port}`, null],
      );
      await server.drained();
    });

    it('says that a connection was refused', async () => {
      server = await startTcp(() => undefined);
      const { port } = server;
      await server.close();
      server = undefined;
      const result = await prober.probe(tcp(port), '127.0.0.1');
      assert.deepEqual([result.healthy, result.failure], [false, 'connect']);
      assert.match(result.error ?? '', /refused/);
    });

    it('works by IPv6', async function () {
      server = await startHttp(page('hello'), '::1');
      assert.equal((await prober.probe(tcp(server.port), '::1')).healthy, true);
    });

    it('is stopped by its signal', async () => {
      const stop = new AbortController();
      const probing = prober.probe(tcp(9), '192.0.2.1', stop.signal); // TEST-NET: nobody answers
      stop.abort(new Error('enough'));
      await assert.rejects(probing, /enough/);
    });
  });
});
