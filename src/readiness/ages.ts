import type { Heartbeat } from '../edge/monitor-lease.ts';
import type { SiteState } from '../model/state.ts';
import { type CheckResult, type ReadinessLimits, result } from './result.ts';

/** When the parts of a site were last brought to the failover server, as far as this server knows. */
export interface SiteTimes {
  readonly site: string;
  /** When its backup was written; undefined where there is none, null where this server cannot see the backups. */
  readonly backup: Date | undefined | null;
  readonly state: SiteState;
}

/** Backup, restore and content copy of a site against the limits. */
export function checkAges(
  { site, backup, state }: SiteTimes,
  limits: ReadinessLimits,
  now: Date,
): CheckResult[] {
  return [
    backup === null
      ? result('BackupAge', site, 'Skipped', 'This server cannot see the backup folder')
      : age('BackupAge', site, backup, limits.backupAgeMs, now, 'Backup-FailoverSite', 'backed up'),
    age(
      'RestoreAge',
      site,
      date(state.lastRestore),
      limits.restoreAgeMs,
      now,
      'Restore-FailoverSite',
      'restored',
    ),
    age('ContentAge', site, date(state.lastCopy), limits.contentAgeMs, now, 'Copy-FailoverContent', 'copied'),
  ];
}

/** The monitor's sign of life. */
export function checkHeartbeat(beat: Heartbeat | undefined, limits: ReadinessLimits, now: Date): CheckResult {
  if (beat === undefined)
    return result(
      'Heartbeat',
      undefined,
      'Skipped',
      'No monitor has run with the state folder of this server',
      'Run it where Invoke-FailoverMonitor runs.',
    );
  const old = now.getTime() - new Date(beat.time).getTime();
  const words = `The monitor (${beat.mode}, ${beat.host}) gave its last sign of life ${describeAge(old)} ago`;
  if (old <= limits.heartbeatAgeMs) return result('Heartbeat', undefined, 'Passed', words);
  const remedy = 'Start it again, or look at its task: Get-FailoverTask Monitor.';
  return result('Heartbeat', undefined, 'Failed', words, remedy);
}

function age(
  check: 'BackupAge' | 'RestoreAge' | 'ContentAge',
  site: string,
  when: Date | undefined,
  limit: number,
  now: Date,
  command: string,
  done: string,
): CheckResult {
  const remedy = `Run ${command} ${site}, and look at its task: Get-FailoverTask.`;
  if (when === undefined) {
    if (check === 'BackupAge') return result(check, site, 'Failed', 'There is no backup of the site', remedy);
    // Nothing shows whether this is the failover server.
    return result(check, site, 'Warning', `The site was never ${done} on this server`, remedy);
  }
  const old = now.getTime() - when.getTime();
  const words = `The site was ${done} ${describeAge(old)} ago`;
  if (old <= limit) return result(check, site, 'Passed', words);
  return result(check, site, 'Failed', `${words}; the limit is ${describeAge(limit)}`, remedy);
}

function date(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/** `13 h`, `5 min`, `2 days`. */
export function describeAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
