import type { Secret } from '../model/secret.ts';
import { failure } from '../model/failover-error.ts';
import { abortable } from './abortable.ts';
import type { Channel } from './channel.ts';
import type { Notification } from './notification.ts';
import { fillText } from './template.ts';

export interface MailOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** starttls refuses a server that does not offer it; tls speaks TLS from the start. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly userName: string | undefined;
  readonly password: (() => Promise<Secret>) | undefined;
  /** PEM of an authority to trust beside the system's. */
  readonly authority: (() => Promise<Buffer>) | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export const defaultSubject = '[{severity}] {subject}';
export const defaultText = [
  '{message}',
  '',
  'Site: {site}',
  'Reason: {reason}',
  'Records point to: {target}',
  'Primary {primaryServer}: {primary}, failover server {failoverServer}: {failover}',
  'Records changed: {recordChange}',
  'Time: {time}',
  'Monitor: {host}',
].join('\n');

/** Mail by SMTP. */
export function mail(options: MailOptions): Channel {
  const { name, host, port, security, userName, password, authority, from, to, subject, text } = options;
  return {
    name,
    send: async (notification, signal) => {
      const pass = (await password?.())?.reveal();
      const ca = await authority?.();
      const { createTransport } = await import('nodemailer'); // loaded only where it is used
      const transport = createTransport({
        host,
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        ...(userName === undefined ? {} : { auth: { user: userName, pass: pass ?? '' } }),
        ...(ca === undefined ? {} : { tls: { ca } }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const stop = (): void => transport.close();
      signal.addEventListener('abort', stop);
      try {
        // nodemailer knows no signal
        await abortable(
          transport.sendMail({
            from,
            to: [...to],
            subject: oneLine(fillText(subject, notification)),
            text: fillText(text, notification),
            headers: priorityOf(notification),
          }),
          signal,
        );
      } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? withoutSecret(error.message, pass) : 'unknown';
        throw failure('NotifyFailed.mail', { channel: name, why }, { target: name });
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function priorityOf({ severity }: Notification): Record<string, string> {
  return severity === 'error' ? { 'X-Priority': '1', Importance: 'high' } : {};
}

/** A server may repeat what it was told. */
function withoutSecret(text: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') return text;
  return [secret, Buffer.from(secret).toString('base64')].reduce(
    (shown, one) => shown.replaceAll(one, '***'),
    text,
  );
}
