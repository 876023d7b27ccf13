import assert from 'node:assert/strict';
import { checkUrl, type HealthCheck, healthCheckOf, statusMatches } from '../../src/health/index.ts';

describe('healthCheckOf', () => {
  it('asks for / by HTTP on port 80 and believes the third failure in a row, one second apart', () => {
    assert.deepEqual(healthCheckOf('site1.com'), {
      check: {
        scheme: 'http',
        port: 80,
        path: '/',
        method: 'GET',
        hostName: 'site1.com',
        expectedStatus: ['200-399'],
        timeoutMs: 5000,
        ignoreCertificate: false,
        certificateWarnDays: 14,
        certificateFailDays: 0,
      },
      verification: { attempts: 3, delayMs: 1000, upAfter: 1, intervalMs: 10_000 },
    });
  });

  it("takes a site's own settings before those of the file", () => {
    const { check, verification } = healthCheckOf(
      'site1.com',
      { path: '/health', scheme: 'https', retrySeconds: 0.25 },
      { path: '/', timeoutSeconds: 1.5, attempts: 2, bodyContains: 'ok', hostName: 'shared.example' },
    );
    assert.equal(check.path, '/health');
    assert.equal(check.port, 443);
    assert.equal(check.timeoutMs, 1500);
    assert.equal(check.bodyContains, 'ok');
    assert.equal(check.hostName, 'shared.example');
    assert.deepEqual(verification, { attempts: 2, delayMs: 250, upAfter: 1, intervalMs: 10_000 });
  });

  const refused: [string, Parameters<typeof healthCheckOf>[1], RegExp][] = [
    [
      'HEAD together with bodyMatches',
      { method: 'HEAD', bodyMatches: 'ok' },
      /no body to find bodyMatches in/,
    ],
    [
      'TCP together with bodyContains',
      { scheme: 'tcp', bodyContains: 'ok' },
      /no body to find bodyContains in/,
    ],
    ['an expression that is not closed', { bodyMatches: '(ok' }, /RE2 does not take: .*missing closing \)/],
    ['an expression that could take forever', { bodyMatches: '(?=ok)' }, /RE2 does not take/],
    ['a Host header', { headers: { host: 'x' } }, /must not set the header host/],
    [
      'a password in a header',
      { headers: { Authorization: 'Basic x' } },
      /must not set the header Authorization/,
    ],
    ['a header name with a blank', { headers: { 'a b': 'x' } }, /invalid name, a b/],
    ['a header that is two', { headers: { a: 'x\r\nb: y' } }, /invalid value for the header a/],
  ];
  for (const [name, settings, message] of refused)
    it(`refuses ${name}`, () => {
      assert.throws(() => healthCheckOf('site1.com', settings), { id: 'HealthCheckInvalid', message });
    });

  it('refuses HEAD together with bodyContains', () => {
    assert.throws(() => healthCheckOf('site1.com', { method: 'HEAD', bodyContains: 'ok' }), {
      id: 'HealthCheckInvalid',
      target: 'site1.com',
    });
  });

  for (const hostName of ['', 'a b', 'site1.com/x', 'user@site1.com', 'site1.com:80', 'a%41', 'a?b'])
    it(`refuses the host name ${JSON.stringify(hostName)}`, () => {
      assert.throws(() => healthCheckOf(hostName), { id: 'HealthCheckInvalid', target: hostName });
    });
});

describe('checkUrl', () => {
  const url = (changes: Partial<HealthCheck>): string =>
    checkUrl({ ...healthCheckOf('site1.com').check, ...changes }).href;

  it('leaves the default port out and keeps another', () => {
    assert.equal(url({}), 'http://site1.com/');
    assert.equal(url({ port: 8080 }), 'http://site1.com:8080/');
    assert.equal(url({ scheme: 'https', port: 443 }), 'https://site1.com/');
  });

  it('writes international names in ASCII, encodes the path and keeps the query', () => {
    assert.equal(
      url({ hostName: 'münchen.example', path: '/ä b?q=1' }),
      'http://xn--mnchen-3ya.example/%C3%A4%20b?q=1',
    );
  });

  it('takes an IPv6 address as the host name', () => {
    assert.equal(url({ hostName: '2001:db8::1' }), 'http://[2001:db8::1]/');
  });
});

describe('statusMatches', () => {
  it('knows single codes and ranges, both ends included', () => {
    const expected = ['200-299', '304'];
    assert.deepEqual(
      [199, 200, 250, 299, 300, 304, 305].filter((status) => statusMatches(status, expected)),
      [200, 250, 299, 304],
    );
  });
});
