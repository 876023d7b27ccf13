import { FailoverError } from '../model/failover-error.ts';
import type { Channel } from './channel.ts';
import type { NotificationKind, Severity } from './notification.ts';

/** The part of a PowerShellSession that is used. */
export interface Cmdlets {
  invoke(
    command: string,
    parameters?: Readonly<Record<string, unknown>>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<unknown[]>;
}

export const eventSource = 'IisFailover';

/** Event IDs for filters and for tasks that start on an event: never change one. */
export const eventIds: Readonly<Record<NotificationKind, number>> = {
  Test: 1000,
  Switched: 1001,
  SwitchFailed: 1002,
  PrimaryDown: 1010,
  BothDown: 1011,
  FailoverDown: 1012,
  Degraded: 1013,
  Ok: 1014,
  Fault: 1020,
  Recovered: 1021,
};

const entryTypes: Readonly<Record<Severity, string>> = {
  info: 'Information',
  warning: 'Warning',
  error: 'Error',
};

/** The longest text that an event takes is 31,839 characters (ReportEvent). */
const longest = 31_000;

/**
 * The Windows event log Application, by Windows PowerShell's Write-EventLog. The source is registered where it is
 * missing, which an administrator's account may do.
 */
export function eventLog(cmdlets: Cmdlets): Channel {
  const name = 'Windows event log';
  const source = { LogName: 'Application', Source: eventSource };
  return {
    name,
    send: async ({ kind, severity, subject, message, recordChange }, signal) => {
      const entry = {
        ...source,
        EventId: eventIds[kind],
        EntryType: entryTypes[severity],
        Message: [subject, message, ...recordChange].join('\r\n').slice(0, longest),
      };
      try {
        await cmdlets.invoke('Write-EventLog', entry, { signal });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof FailoverError) || error.id !== 'CmdletFailed') throw error;
        // It failed for its source, or the same error comes again.
        await cmdlets.invoke('New-EventLog', source, { signal }).catch(() => undefined);
        signal.throwIfAborted();
        await cmdlets.invoke('Write-EventLog', entry, { signal });
      }
    },
  };
}
