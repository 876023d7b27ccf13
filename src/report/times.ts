import { type Html, markup } from './html.ts';

const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** ISO 8601 in UTC with whole seconds: `2026-11-24 12:52:32Z`, the same in every culture. */
export function isoTime(time: Date): string {
  return time.toISOString().replace('T', ' ').replace(/\.\d+/, '');
}

/** In one unit, rounded down: `3 min ago`, `in 2 h`. */
export function ago(time: Date, now: Date): string {
  const ms = now.getTime() - time.getTime();
  const unit = units.find(([size]) => Math.abs(ms) >= size);
  if (unit === undefined) return 'now';
  const words = `${Math.floor(Math.abs(ms) / unit[0])} ${unit[1]}`;
  return ms < 0 ? `in ${words}` : `${words} ago`;
}

/** The time with its age beside; a dash where there is none. */
export function timeHtml(time: Date | undefined, now: Date): Html {
  if (time === undefined) return markup`<span class="none">never</span>`;
  return markup`<time datetime="${time.toISOString()}">${isoTime(time)}</time>
    <small>${ago(time, now)}</small>`;
}
