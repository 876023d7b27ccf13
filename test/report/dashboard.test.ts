import assert from 'node:assert/strict';
import { request } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnHost, parseDashboardAddress } from '../../src/dashboard/address.ts';
import { type DashboardServer, startDashboard } from '../../src/dashboard/server.ts';
import { isSame, newToken, readToken } from '../../src/dashboard/token.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { noAssets } from './samples.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

describe('the dashboard server', () => {
  const token = newToken();
  let server: DashboardServer;
  let version = 'v1';
  let renderings = 0;
  const view = () => ({
    version,
    page: () => 'the page',
    main: () => {
      renderings += 1;
      return `main ${version} ${'and so on '.repeat(1000)}`;
    },
  });

  before(async () => {
    server = await startDashboard({
      address: parseDashboardAddress('127.0.0.1:0'),
      token,
      assets: noAssets,
      view: async () => view(),
      metrics: async () => ({ type: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    });
  });
  after(() => server.close());

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, server.url), { method, headers, agent: false }, (response) => {
        let body = '';
        response.on('data', (part: Buffer) => {
          body += part.toString();
          if (path === '/events') response.destroy();
        });
        response.on('close', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  const bearer = { authorization: `Bearer ${token.reveal()}` };

  it('shows nothing without the token', async () => {
    for (const path of ['/', '/main', '/events', '/metrics', '/nothing', '/?token=', '/?token=wrong']) {
      const { status, body } = await ask(path);
      assert.equal(status, 401, path);
      assert.doesNotMatch(body, /page|main v|up 1/);
    }
    assert.equal((await ask('/', { authorization: 'Bearer wrong' })).status, 401);
    assert.equal((await ask('/', { cookie: `iisfailover-${new URL(server.url).port}=wrong` })).status, 401);
  });

  it('turns the token of the first visit into a cookie, out of the address', async () => {
    const first = await ask(`/?token=${token.reveal()}`);
    assert.equal(first.status, 303);
    assert.equal(first.headers.location, '/');
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    assert.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/$/);
    assert.ok(!cookie.includes(token.reveal()));
    const { status, body } = await ask('/', { cookie: `other=1; ${cookie.split(';')[0]}` });
    assert.deepEqual([status, body], [200, 'the page']);
  });

  it('only shows', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask('/', bearer, method);
      assert.equal(status, 405);
      assert.equal(headers.allow, 'GET, HEAD');
    }
    assert.deepEqual(await ask('/', bearer, 'HEAD').then(({ status, body }) => [status, body]), [200, '']);
    assert.equal((await ask('/../secret', bearer)).status, 404);
  });

  it('answers to its own addresses only, so that no foreign name can lead a browser to it', async () => {
    const { port } = new URL(server.url);
    for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, '127.0.0.1:1'])
      assert.equal((await ask('/', { ...bearer, host })).status, 421, host);
    assert.equal((await ask('/', { ...bearer, host: `localhost:${port}` })).status, 200);
    assert.equal(isOwnHost('[::1]:80', 80, []), true);
    assert.equal(isOwnHost('127.0.0.1', 80, []), true);
    assert.equal(isOwnHost('WEB01:80', 80, ['web01']), true);
    assert.equal(isOwnHost(undefined, 80, ['web01']), false);
  });

  it('sends security headers with every answer', async () => {
    for (const answer of [await ask('/'), await ask('/', bearer)]) {
      assert.match(
        String(answer.headers['content-security-policy']),
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['referrer-policy'], 'no-referrer');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  });

  it('tells pages that are open of each new version', async () => {
    const answer = await fetch(new URL('events', server.url), { headers: bearer });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, 'event: version\ndata: v1\n\n');
    version = 'v2';
    server.announce(view());
    assert.equal((await reader.read()).value, 'event: version\ndata: v2\n\n');
    await reader.cancel();
    const main = await ask('/main', bearer);
    assert.equal(main.headers['x-version'], 'v2');
    assert.match(main.body, /^main v2 /);
  });

  it('renders each version once for all, and sends it compressed to those who accept that', async () => {
    version = 'v3';
    renderings = 0;
    const plain = await ask('/main', bearer);
    assert.equal(plain.headers['content-encoding'], undefined);
    const answer = await fetch(new URL('main', server.url), { headers: bearer });
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    assert.equal(await answer.text(), plain.body);
    assert.equal(renderings, 1);
    assert.equal(server.watched(), true);
  });

  it('answers a scrape that sends the token', async () => {
    const { status, headers, body } = await ask('/metrics', bearer);
    assert.deepEqual([status, headers['content-type'], body], [200, 'text/plain; version=0.0.4', 'up 1\n']);
  });

  it('says which address it cannot have, and why', async () => {
    const { port } = new URL(server.url);
    const options = {
      token,
      assets: noAssets,
      view: async () => view(),
      metrics: async () => ({ type: 'text/plain', body: '' }),
    };
    const fail = async (address: string): Promise<FailoverError> => {
      const other = startDashboard({ ...options, address: parseDashboardAddress(address) });
      return other.then(
        () => assert.fail('it listens'),
        (error: unknown) => error as FailoverError,
      );
    };
    const used = await fail(`127.0.0.1:${port}`);
    assert.equal(used.id, 'DashboardUnavailable');
    assert.match(used.message, /127\.0\.0\.1:\d+: another program uses this port/);
    assert.match((await fail('192.0.2.1:0')).message, /does not have this address/);
  });
});

describe('the address and the token of a dashboard', () => {
  it('is an address and a port', () => {
    assert.deepEqual(parseDashboardAddress('[::1]:8787'), { host: '::1', port: 8787, loopback: true });
    assert.deepEqual(parseDashboardAddress('localhost:1'), { host: '127.0.0.1', port: 1, loopback: true });
    assert.equal(parseDashboardAddress('10.1.1.4:8787').loopback, false);
    for (const wrong of [
      '',
      '8787',
      '127.0.0.1',
      '127.0.0.1:65536',
      '::1:80',
      '[127.0.0.1]:80',
      'web:80',
      'a:b',
    ])
      assert.throws(() => parseDashboardAddress(wrong), { id: 'ParameterInvalid' }, wrong);
  });

  it('has a token that cannot be guessed, or one of a file that is long enough', async () => {
    assert.match(newToken().reveal(), /^[\w-]{32}$/);
    assert.notEqual(newToken().reveal(), newToken().reveal());
    assert.equal(isSame('a', 'a'), true);
    assert.equal(isSame('a', 'ab'), false);
    const folder = await mkdtemp(join(tmpdir(), 'token-'));
    const path = join(folder, 'token.txt');
    try {
      await writeFile(path, '12345678901234567890\r\n');
      assert.equal((await readToken(path)).reveal(), '12345678901234567890');
      for (const weak of ['short', 'long enough but with spaces'])
        await writeFile(path, weak).then(() => assert.rejects(readToken(path), { id: 'DashboardTokenWeak' }));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
