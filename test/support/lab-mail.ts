import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A running SMTP server of a test that takes every mail, without sign-in. */
export interface LabMail {
  readonly port: number;
  /** The mails as they arrived, headers and all. */
  readonly received: readonly string[];
  stop(): Promise<void>;
}

export async function startLabMail(): Promise<LabMail> {
  const received: string[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
      stream.on('end', () => {
        received.push(text);
        done();
      });
    },
  });
  server.on('error', () => undefined); // a client that hangs up
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    received,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
