import type { Notification } from './notification.ts';

/** A way to tell an administrator. */
export interface Channel {
  /** For messages and Test-FailoverNotification: `webhook hooks.example.com`. Never a secret. */
  readonly name: string;
  /**
   * Sends one notification once; resolves when it was accepted.
   * @throws FailoverError NotifyFailed and those of secrets; the signal's reason. Its text holds no secret.
   */
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}
