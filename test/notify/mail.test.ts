import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { Secret } from '../../src/model/secret.ts';
import { defaultSubject, defaultText, mail, type MailOptions } from '../../src/notify/mail.ts';
import { notification } from '../../src/notify/notification.ts';
import { makeSelfSigned, type ServerCertificate } from '../support/certificates.ts';

const { signal } = new AbortController();
const password = 'pass-w0rd-of-mail';
const down = notification('BothDown', new Date(0), 'Both servers are down: schön.', { site: 'site1.com' });

describe('a mail, by a real SMTP server', () => {
  let certificate: ServerCertificate;
  let server: SMTPServer | undefined;
  let received: { text: string; secure: boolean; user: unknown; to: string[] }[];

  before(async () => (certificate = await makeSelfSigned('localhost', new Date(), 10)));
  beforeEach(() => (received = []));
  afterEach(async () => {
    if (server !== undefined) await new Promise<void>((done) => server!.close(done));
    server = undefined;
  });

  async function start(options: SMTPServerOptions = {}): Promise<MailOptions> {
    server = new SMTPServer({
      ...certificate,
      logger: false,
      onAuth: ({ username, password: given }, _session, done) =>
        given === password ? done(null, { user: username }) : done(new Error(`wrong password ${given}`)),
      onData: (stream, session, done) => {
        let text = '';
        stream.setEncoding('utf8').on('data', (part: string) => (text += part));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received.push({ text, secure: session.secure, user: session.user, to });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined); // a client that hangs up
    const listener = server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return {
      name: 'mail to a@example.com',
      host: 'localhost',
      port: (listener.address() as AddressInfo).port,
      security: 'starttls',
      userName: 'monitor',
      password: async () => new Secret(password),
      authority: async () => Buffer.from(certificate.cert),
      from: 'monitor@example.com',
      to: ['a@example.com', 'b@example.com'],
      subject: defaultSubject,
      text: defaultText,
    };
  }

  it('arrives over STARTTLS, signed in, with its subject and text', async () => {
    await mail(await start()).send(down, signal);
    const [one = assert.fail()] = received;
    assert.deepEqual([one.secure, one.user, one.to], [true, 'monitor', ['a@example.com', 'b@example.com']]);
    assert.match(one.text, /^Subject: \[error\] site1\.com: BothDown\r?$/m);
    assert.match(one.text, /^Importance: high\r?$/m);
    assert.match(one.text, /^Site: site1\.com\r?$/m);
    assert.match(one.text, /Both servers are down: sch=C3=B6n\./);
  });

  it('arrives over TLS from the start, and without sign-in', async () => {
    const tls = await start({ secure: true, authOptional: true });
    await mail({ ...tls, security: 'tls', userName: undefined, password: undefined }).send(down, signal);
    assert.equal(received[0]?.secure, true);
  });

  it('keeps a line break out of its header', async () => {
    const options = await start();
    await mail({ ...options, subject: '{message}' }).send(
      { ...down, message: 'a\r\nBcc: x@example.com' },
      signal,
    );
    assert.deepEqual(received[0]?.to, ['a@example.com', 'b@example.com']);
    assert.match(received[0].text, /^Subject: a Bcc: x@example\.com\r?$/m);
  });

  const faults: [string, SMTPServerOptions, Partial<MailOptions>][] = [
    ['does not offer STARTTLS', { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, {}],
    ['shows a certificate that is not trusted', {}, { authority: undefined }],
    ['refuses the password', {}, { password: async () => new Secret('another-pass-w0rd') }],
  ];
  for (const [what, server, client] of faults)
    it(`is not sent to a server that ${what}, and the password is not in the words`, async () => {
      const options = { ...(await start(server)), ...client };
      await assert.rejects(mail(options).send(down, signal), (error: Error & { id: string }) => {
        assert.equal(error.id, 'NotifyFailed');
        assert.match(error.message, /^mail to a@example\.com did not take the mail: /);
        assert.doesNotMatch(error.message, /pass-w0rd/);
        return true;
      });
      assert.deepEqual(received, []);
    });

  it('ends when its time is over', async () => {
    const options = await start({ onConnect: () => undefined });
    const stop = new AbortController();
    const sending = mail(options).send(down, stop.signal);
    stop.abort(new Error('over'));
    await assert.rejects(sending, { message: 'over' });
  });
});
