import type { ErrorKind } from './error-kind.ts';

/** Failures of src/failover. */
export const failoverErrors = {
  DnsNotConfigured: {
    category: 'InvalidArgument',
    remedy: 'Name the DNS servers in the setting dns.servers, and their TSIG key in dns.key.',
  },
  DrillNameInUse: {
    category: 'ResourceExists',
    remedy: 'Rename that record: drills need the name failover-drill of each zone for themselves.',
  },
  DrillNotGuarded: {
    category: 'SecurityError',
    remedy: 'Use a DNS server that evaluates the prerequisites of updates (RFC 2136 section 2.4).',
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
