import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../../src/model/secret.ts';
import { notification } from '../../src/notify/notification.ts';
import { checkTemplate } from '../../src/notify/template.ts';
import { webhook, type WebhookOptions } from '../../src/notify/webhook.ts';

const { signal } = new AbortController();
const down = notification('PrimaryDown', new Date(0), 'The "primary" is down: ü.', { site: 'site1.com' });

describe('a webhook', () => {
  let server: Server;
  let port: number;
  let answer = 204;
  let requests: { request: IncomingMessage; body: string }[];

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        requests.push({ request, body });
        response.writeHead(answer, { location: '/elsewhere' }).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    requests = [];
    answer = 204;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const channel = (options: Partial<WebhookOptions> = {}) =>
    webhook({
      name: 'webhook x',
      url: async () => new Secret(`http://127.0.0.1:${port}/hook?token=s3cret`),
      headers: {},
      authorization: undefined,
      body: undefined,
      ...options,
    });

  it('gets the notification as JSON', async () => {
    await channel({
      headers: { 'x-team': 'web' },
      authorization: async () => new Secret('Bearer s3cret'),
    }).send(down, signal);
    const [{ request, body } = assert.fail()] = requests;
    assert.deepEqual(JSON.parse(body), down);
    const { method, url, headers } = request;
    assert.deepEqual(
      [method, url, headers['x-team'], headers.authorization],
      ['POST', '/hook?token=s3cret', 'web', 'Bearer s3cret'],
    );
  });

  it('gets the JSON of its template, with quotes and all', async () => {
    const template = { text: '{site}: {message}', blocks: [{ n: 1, kind: '{kind}' }] };
    await channel({ body: template }).send(down, signal);
    const expected = {
      text: 'site1.com: The "primary" is down: ü.',
      blocks: [{ n: 1, kind: 'PrimaryDown' }],
    };
    assert.deepEqual(JSON.parse(requests[0]!.body), expected);
  });

  for (const status of [301, 404, 500])
    it(`has not taken what it answers with ${status}, and is not followed elsewhere`, async () => {
      answer = status;
      await assert.rejects(channel().send(down, signal), {
        id: 'NotifyFailed',
        message: `webhook x was not told: it answered ${status}`,
      });
      assert.equal(requests.length, 1);
    });

  it('that cannot be reached is a fault whose words hold no token', async () => {
    const closed = channel({ url: async () => new Secret('http://127.0.0.1:1/hook?token=s3cret') });
    await assert.rejects(closed.send(down, signal), (error: Error) => {
      assert.match(error.message, /^webhook x was not told: /);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    });
    const wrong = channel({ authorization: async () => new Secret('s3cret\nx: y') });
    await assert.rejects(wrong.send(down, signal), (error: Error) => !error.message.includes('s3cret'));
  });

  it('has a template of placeholders that there are', () => {
    checkTemplate({ a: ['{site} {recordChange}'] }, 'x');
    assert.throws(() => checkTemplate({ a: ['{sight}'] }, 'x'), { id: 'NotifyTemplateInvalid' });
  });
});
