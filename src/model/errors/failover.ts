import type { ErrorKind } from './error-kind.ts';

/** Failures of src/failover. */
export const failoverErrors = {
  DnsNotConfigured: {
    message: '{settings} names no DNS server',
    category: 'InvalidArgument',
    remedy: 'Name the DNS servers in the setting dns.servers, and their TSIG key in dns.key.',
  },
  DrillNameInUse: {
    message: '{name} {type} {data} is not of a drill: it is left alone',
    category: 'ResourceExists',
    remedy: 'Rename that record: drills need the name failover-drill of each zone for themselves.',
  },
  DrillNotGuarded: {
    message: 'The server of zone {zone} changed a record whose old value was not the expected one',
    category: 'SecurityError',
    remedy: 'Use a DNS server that evaluates the prerequisites of updates (RFC 2136 section 2.4).',
  },
  MonitorRunning: {
    message: {
      unknown: 'The state folder {folder} is in use by another monitor',
      known:
        'The state folder {folder} is in use by a monitor ({mode}, process {processId} on {host}, last sign of life {time})',
    },
    category: 'ResourceBusy',
    remedy: 'Stop that monitor first, or let it go on: one monitor at a time uses a state folder.',
  },
  ServerNotFound: {
    message: {
      settings: 'There is no server {name}. Servers are {choices}',
      site: '{site} has no {role} server {name}, but {choices}',
    },
    category: 'ObjectNotFound',
    remedy: 'Give the name of a server of the settings that serves the site or stands in for it.',
  },
  TargetNotHealthy: {
    message: '{site} is not moved to {server}: {why}',
    category: 'InvalidOperation',
    remedy: 'Repair the server, or switch all the same with -Force.',
  },
} as const satisfies Record<string, ErrorKind>;
