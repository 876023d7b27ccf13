import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { type HealthCheck, healthCheckOf, HttpProber, type ProbeResult } from '../../src/health/index.ts';
import { type CertificateAuthority, makeAuthority, makeSelfSigned } from '../support/certificates.ts';
import { startHttp, startHttps, startTcp, type TestServer } from '../support/web-server.ts';

describe('HttpProber with HTTPS', () => {
  const now = new Date();
  let authority: CertificateAuthority;
  let prober: HttpProber;
  let server: TestServer | undefined;
  let requests: number;

  before(async () => {
    authority = await makeAuthority(now);
    prober = new HttpProber({ secureContext: authority.trust });
  });
  beforeEach(() => (requests = 0));
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function serve(options: ServerOptions): Promise<void> {
    server = await startHttps(options, (_, response) => {
      requests++;
      response.end('secure');
    });
  }

  function probe(changes: Partial<HealthCheck> = {}): Promise<ProbeResult> {
    const { check } = healthCheckOf('site1.com', { scheme: 'https', timeoutSeconds: 3 });
    return prober.probe({ ...check, port: server?.port ?? 1, ...changes }, '127.0.0.1');
  }

  it('accepts a certificate for the host name and reports its subject and days left', async () => {
    await serve(await authority.issue('site1.com', 42));
    const result = await probe();
    assert.deepEqual([result.healthy, result.statusCode, result.error], [true, 200, null]);
    assert.deepEqual([result.certificateSubject, result.certificateDaysLeft], ['site1.com', 42]);
  });

  it('warns of a certificate that expires soon, and fails where the check says so', async () => {
    await serve(await authority.issue('site1.com', 10));
    const warned = await probe({ certificateWarnDays: 14 });
    assert.deepEqual(
      [warned.healthy, warned.warning],
      [true, 'The certificate of site1.com expires in 10 days'],
    );
    const failed = await probe({ certificateWarnDays: 14, certificateFailDays: 11 });
    assert.deepEqual([failed.healthy, failed.failure, failed.warning], [false, 'tls', null]);
    assert.equal((await probe({ certificateWarnDays: 10 })).warning, null);
  });

  it('asks for the certificate of the site by SNI', async () => {
    const one = await authority.issue('site1.com', 10);
    const other = await authority.issue('site2.com', 20);
    await serve({
      ...one,
      SNICallback: (name, answer) => answer(null, createSecureContext(name === 'site2.com' ? other : one)),
    });
    assert.equal((await probe()).certificateDaysLeft, 10);
    const second = await probe({ hostName: 'site2.com' });
    assert.deepEqual([second.healthy, second.certificateDaysLeft], [true, 20]);
  });

  it('sends no SNI for an address, and wants a certificate for it', async () => {
    let asked: string | undefined;
    const SNICallback: ServerOptions['SNICallback'] = (name, answer) => {
      asked = name;
      answer(null);
    };
    await serve({ ...(await authority.issue('127.0.0.1', 10)), SNICallback });
    const result = await probe({ hostName: '127.0.0.1' });
    assert.deepEqual([result.healthy, result.error, asked], [true, null, undefined]);
    assert.equal((await probe()).failure, 'tls');
    assert.equal(asked, 'site1.com');
  });

  it('reports a certificate for another name, and sends no request', async () => {
    await serve(await authority.issue('site2.com', 42));
    const result = await probe();
    assert.deepEqual([result.healthy, result.statusCode, result.failure], [false, null, 'tls']);
    assert.equal(result.error, 'The certificate is for site2.com, not for site1.com');
    assert.equal(result.certificateDaysLeft, 42);
    assert.equal(requests, 0);
  });

  it('reports an expired certificate and since when', async () => {
    await serve(await authority.issue('site1.com', -4));
    const result = await probe();
    assert.equal(result.failure, 'tls');
    assert.equal(result.error, 'The certificate of site1.com has expired');
    assert.equal(result.certificateDaysLeft, -4);
  });

  it('reports a self-signed certificate', async () => {
    await serve(await makeSelfSigned('site1.com', now, 7));
    const result = await probe();
    assert.deepEqual([result.failure, result.certificateDaysLeft], ['tls', 7]);
    assert.equal(result.error, 'The certificate of site1.com is self-signed');
  });

  it('reports an authority that is not trusted', async () => {
    await serve(await (await makeAuthority(now)).issue('site1.com', 7));
    const result = await probe();
    assert.equal(result.failure, 'tls');
    assert.match(result.error ?? '', /from an authority that this machine does not trust$/);
  });

  it('ignores the fault where the check says so, and still reports the days left', async () => {
    await serve(await makeSelfSigned('other.example', now, -1));
    const result = await probe({ ignoreCertificate: true });
    assert.deepEqual([result.healthy, result.certificateDaysLeft, requests], [true, -1, 1]);
  });

  it('reports a server that speaks no TLS', async () => {
    server = await startHttp((_, response) => response.end());
    const result = await probe();
    assert.equal(result.failure, 'tls');
    assert.match(result.error ?? '', /^The TLS handshake with 127\.0\.0\.1 port \d+ failed/);
  });

  it('reports a handshake that never ends, and gives it no more than its own time', async () => {
    server = await startTcp(() => undefined);
    const result = await probe({ tlsTimeoutMs: 150 });
    assert.equal(result.failure, 'timeout');
    assert.equal(result.error, `No TLS handshake with 127.0.0.1 port ${server.port} within 0.15 s`);
  });

  it('reports a handshake that the server breaks off', async () => {
    server = await startTcp((socket) => void once(socket, 'data').then(() => socket.destroy()));
    assert.equal((await probe()).failure, 'tls');
  });
});
