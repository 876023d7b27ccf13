/** Days and hours in which a failback is welcome, in the local time of a named zone (IANA, e.g. Europe/Berlin). */
export interface FailbackWindow {
  /** mon to sun; empty means every day. The day counts on which the window begins. */
  readonly days: readonly string[];
  /** HH:MM; a window whose end is not after its start ends on the next day. */
  readonly from: string;
  readonly to: string;
  /** Undefined: the monitor's own zone. */
  readonly timeZone: string | undefined;
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Whether a time is within the window: from its first minute up to, and without, its last. */
export function isWindowOpen(window: FailbackWindow, time: Date): boolean {
  const { day, minute } = localTime(time, window.timeZone);
  const from = minutes(window.from);
  const to = minutes(window.to);
  const onDay = (index: number): boolean =>
    window.days.length === 0 || window.days.includes(weekdays[(index + 7) % 7]!);
  if (from < to) return onDay(day) && minute >= from && minute < to;
  return (onDay(day) && minute >= from) || (onDay(day - 1) && minute < to);
}

/** @throws RangeError for a zone that this machine does not know */
export function localTime(time: Date, timeZone: string | undefined): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(time);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: weekdays.indexOf(part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function minutes(text: string): number {
  const [hours = '', rest = ''] = text.split(':');
  return Number(hours) * 60 + Number(rest);
}
