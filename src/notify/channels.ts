import { readRequired } from '../edge/files.ts';
import { Secret } from '../model/secret.ts';
import { type LoadedSettings, openSecret } from '../settings/load.ts';
import type { NotifySettings } from '../settings/notify-schema.ts';
import type { PowerShellSession } from '../windows/powershell-session.ts';
import type { Channel } from './channel.ts';
import { eventLog } from './event-log.ts';
import { defaultSubject, defaultText, mail } from './mail.ts';
import { script } from './script.ts';
import { checkTemplate } from './template.ts';
import { webhook } from './webhook.ts';

const ports = { starttls: 587, tls: 465, none: 25 } as const;

/**
 * The channels of the settings. Secrets are read with each sending, so that a changed one counts at once.
 * @throws FailoverError NotifyTemplateInvalid
 */
export function channelsOf(
  notify: NotifySettings,
  loaded: LoadedSettings,
  session: Pick<PowerShellSession, 'invoke' | 'executable'>,
): Channel[] {
  return [
    ...(notify.webhooks ?? []).map((one, index) => webhookOf(one, index, loaded)),
    ...(notify.mails ?? []).map((one) => mailOf(one, loaded)),
    ...(notify.scripts ?? []).map(({ file, block }, index) =>
      script({
        name: file === undefined ? `script block ${index + 1}` : `script ${file}`,
        executable: session.executable,
        code: file === undefined ? { block: block ?? '' } : { file: loaded.resolvePath(file) },
      }),
    ),
    ...(notify.eventLog === true ? [eventLog(session)] : []),
  ];
}

function webhookOf(
  { url, urlSecret, headers = {}, authorization, body }: NonNullable<NotifySettings['webhooks']>[number],
  index: number,
  loaded: LoadedSettings,
): Channel {
  // Paths and queries of hooks hold tokens more often than not.
  const name = `webhook ${url === undefined ? index + 1 : new URL(url).host}`;
  checkTemplate(body, name);
  return webhook({
    name,
    url: async () => (urlSecret === undefined ? new Secret(url ?? '') : openSecret(loaded, urlSecret)),
    headers,
    authorization: authorization && (() => openSecret(loaded, authorization)),
    body,
  });
}

function mailOf(settings: NonNullable<NotifySettings['mails']>[number], loaded: LoadedSettings): Channel {
  const { server, security = 'starttls', userName, password, authority, from, to } = settings;
  const { port = ports[security], subject = defaultSubject, text = defaultText } = settings;
  const name = `mail to ${to.join(', ')}`;
  checkTemplate([subject, text], name);
  return mail({
    name,
    host: server,
    port,
    security,
    userName,
    password: password && (() => openSecret(loaded, password)),
    authority: authority === undefined ? undefined : () => readRequired(loaded.resolvePath(authority)),
    from,
    to,
    subject,
    text,
  });
}
