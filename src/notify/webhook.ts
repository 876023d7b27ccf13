import { failure, type FailoverError } from '../model/failover-error.ts';
import type { Secret } from '../model/secret.ts';
import type { Channel } from './channel.ts';
import { fill, type Template } from './template.ts';

export interface WebhookOptions {
  /** Shown in place of the URL, which may hold a token. */
  readonly name: string;
  readonly url: () => Promise<Secret>;
  readonly headers: Readonly<Record<string, string>>;
  /** Value of the Authorization header. */
  readonly authorization: (() => Promise<Secret>) | undefined;
  /** The JSON body; undefined for the notification itself. */
  readonly body: Template;
}

/** POSTs JSON; any 2xx is success. Redirects are not followed: they would take the secrets elsewhere. */
export function webhook({ name, url, headers, authorization, body }: WebhookOptions): Channel {
  const failed = (why: string, cause?: unknown): FailoverError =>
    failure('NotifyFailed.webhook', { channel: name, why }, { target: name, cause });
  return {
    name,
    send: async (notification, signal) => {
      const target = (await url()).reveal().trim();
      if (!/^https?:\/\//i.test(target) || !URL.canParse(target))
        throw failed('its URL is not an http(s) URL');
      const secret = authorization === undefined ? undefined : (await authorization()).reveal();
      let response: Response;
      try {
        response = await fetch(target, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            ...headers,
            ...(secret === undefined ? {} : { authorization: secret }),
          },
          body: JSON.stringify(body === undefined ? notification : fill(body, notification)),
          signal,
        });
      } catch (error) {
        signal.throwIfAborted();
        throw failed(networkWords(error));
      }
      await response.body?.cancel();
      if (!response.ok) throw failed(`it answered ${response.status}`);
    },
  };
}

/** fetch hides the reason in `cause`; its own words may hold the URL or a header. */
function networkWords(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `no connection (${code})` : 'the request could not be sent';
}
