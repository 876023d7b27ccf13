import { jobs, type Schedule, type TaskDefinition, taskScript } from './jobs.ts';

/**
 * A task as a pair of systemd units (systemd.service(5), systemd.timer(5)). A run that was missed is made up for
 * (Persistent); one that is due while another is under way is left out, since a service runs once.
 */
export function systemdUnits(task: TaskDefinition, powershell: string): { service: string; timer: string } {
  const { description, limitMinutes } = jobs[task.job];
  const command = [powershell, '-NoProfile', '-NonInteractive', '-Command', taskScript(task)];
  const service = [
    '# Written by Register-FailoverTask.',
    '[Unit]',
    `Description=${description}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    ...(task.userName === undefined ? [] : [`User=${task.userName}`]),
    `TimeoutStartSec=${limitMinutes}min`,
    `ExecStart=${command.map(argument).join(' ')}`,
    '',
  ];
  const timer = [
    '# Written by Register-FailoverTask.',
    '[Unit]',
    `Description=${description}`,
    '',
    '[Timer]',
    ...calendar(task.schedule).map((time) => `OnCalendar=${time}`),
    'AccuracySec=1s',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ];
  return { service: service.join('\n'), timer: timer.join('\n') };
}

/** Calendar events (systemd.time(7)) at the time of day and each interval after it, until the next day. */
export function calendar({ at, everyMinutes }: Schedule): string[] {
  const start = Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (everyMinutes < 60 && 60 % everyMinutes === 0)
    return [`*-*-* *:${two(start % everyMinutes)}/${everyMinutes}:00`];
  const times = Array.from(
    { length: Math.ceil(1440 / everyMinutes) },
    (_, index) => (start + index * everyMinutes) % 1440,
  );
  return times
    .sort((a, b) => a - b)
    .map((time) => `*-*-* ${two(Math.floor(time / 60))}:${two(time % 60)}:00`);
}

/** In quotes; what systemd would expand or unescape is escaped. */
function argument(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
