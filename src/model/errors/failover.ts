import type { ErrorKind } from './error-kind.ts';

/** Failures of src/failover. */
export const failoverErrors = {
  DnsNotConfigured: {
    category: 'InvalidArgument',
    remedy: 'Name the DNS servers in the setting dns.servers, and their TSIG key in dns.key.',
  },
  MonitorRunning: {
    category: 'ResourceBusy',
    remedy: 'Stop that monitor first, or let it go on: one monitor at a time uses a state folder.',
  },
  TargetNotHealthy: {
    category: 'InvalidOperation',
    remedy: 'Repair the server, or switch all the same with -Force.',
  },
} as const satisfies Record<string, ErrorKind>;
