import { hostname } from 'node:os';

/**
 * What an administrator is told of.
 *
 * | kind         | severity | meaning                                                        |
 * |--------------|----------|----------------------------------------------------------------|
 * | BothDown     | error    | nobody serves the site                                         |
 * | PrimaryDown  | error    | the primary is down; the message says what follows             |
 * | FailoverDown | warning  | the failover server would not serve the site                   |
 * | Degraded     | warning  | the server in use serves with a warning (a certificate)        |
 * | Ok           | info     | both serve again                                               |
 * | Switched     | warning  | the records were moved to the failover server, or back (info)  |
 * | SwitchFailed | error    | they could not be moved, or not everywhere                     |
 * | Fault        | error    | of the monitor itself; also a site whose records are unread    |
 * | Recovered    | info     | the end of a Fault of the monitor                              |
 * | Test         | info     | Test-FailoverNotification                                      |
 */
export type NotificationKind =
  | 'BothDown'
  | 'PrimaryDown'
  | 'FailoverDown'
  | 'Degraded'
  | 'Ok'
  | 'Switched'
  | 'SwitchFailed'
  | 'Fault'
  | 'Recovered'
  | 'Test';

export type Severity = 'info' | 'warning' | 'error';

/** What a channel sends; as JSON it is what a webhook and a script get. All is text that may be shown to anyone. */
export interface Notification {
  readonly kind: NotificationKind;
  readonly severity: Severity;
  /** True where it repeats an earlier one, because the state lasts. */
  readonly reminder: boolean;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The monitor's machine. */
  readonly host: string;
  /** The site; empty for what concerns the monitor itself. */
  readonly site: string;
  /** One line: `site1.com: PrimaryDown`. */
  readonly subject: string;
  readonly message: string;
  /** DecisionReason, or the id of an error. */
  readonly reason: string;
  /** Where the records point: primary, failover, unknown or empty. */
  readonly target: string;
  /** What is held of each server: up, degraded, down, unknown or empty. */
  readonly primary: string;
  readonly failover: string;
  /** The name of the server that the records point to, of the primary, and of the failover server of that state. */
  readonly servedBy: string;
  readonly primaryServer: string;
  readonly failoverServer: string;
  readonly recordChange: readonly string[];
}

/** A notification from what is particular about it. */
export function notification(
  kind: NotificationKind,
  time: Date,
  message: string,
  given: Partial<Notification> = {},
): Notification {
  const site = given.site ?? '';
  const what = `${given.reminder === true ? 'still ' : ''}${kind}`;
  return {
    kind,
    severity: severities[kind],
    reminder: false,
    time: time.toISOString(),
    host: hostname(),
    site,
    subject: `${site === '' ? 'Failover monitor' : site}: ${what}`,
    message,
    reason: kind,
    target: '',
    primary: '',
    failover: '',
    servedBy: '',
    primaryServer: '',
    failoverServer: '',
    recordChange: [],
    ...given,
  };
}

const severities: Readonly<Record<NotificationKind, Severity>> = {
  BothDown: 'error',
  PrimaryDown: 'error',
  FailoverDown: 'warning',
  Degraded: 'warning',
  Ok: 'info',
  Switched: 'warning',
  SwitchFailed: 'error',
  Fault: 'error',
  Recovered: 'info',
  Test: 'info',
};
