/** How a check came out. A failed one means that a failover would not work now, or not for long. */
export type Outcome = 'Passed' | 'Warning' | 'Failed' | 'Skipped';

export interface CheckResult {
  readonly check: CheckName;
  /** The site; undefined where the check is about the server. */
  readonly site: string | undefined;
  readonly outcome: Outcome;
  readonly message: string;
  /** What to do; empty where it passed. */
  readonly remedy: string;
}

/** The checks in the order in which they are made. */
export const checkNames = [
  'BackupAge',
  'RestoreAge',
  'ContentAge',
  'Configuration',
  'Standby',
  'DnsRecord',
  'DnsPermission',
  'Clock',
  'DiskSpace',
  'Task',
  'Heartbeat',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What is too old, too long or too little. Ages in milliseconds. */
export interface ReadinessLimits {
  readonly backupAgeMs: number;
  readonly restoreAgeMs: number;
  readonly contentAgeMs: number;
  readonly heartbeatAgeMs: number;
  readonly clockSkewMs: number;
  /** Seconds. */
  readonly ttl: number;
  readonly freePercent: number;
}

const hour = 3_600_000;

/** One interval of the whitepaper's schedule and an hour; the TTL that it asks for. */
export const defaultLimits: ReadinessLimits = {
  backupAgeMs: 13 * hour,
  restoreAgeMs: 13 * hour,
  contentAgeMs: 5 * hour,
  heartbeatAgeMs: 30 * 60_000,
  clockSkewMs: 60_000,
  ttl: 300,
  freePercent: 10,
};

export function result(
  check: CheckName,
  site: string | undefined,
  outcome: Outcome,
  message: string,
  remedy = '',
): CheckResult {
  return { check, site, outcome, message, remedy };
}
