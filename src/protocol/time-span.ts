/** A [timespan], so that a codec that goes by JavaScript's classes can tell it from a number. */
export class TimeSpan {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

const ticksPerMillisecond = 10_000;

/** xs:duration, as XmlConvert.ToTimeSpan reads it: `P1DT2H3M4.5S`, to .NET's 100 ns. */
export function formatDuration(milliseconds: number): string {
  const ticks = Math.round(Math.abs(milliseconds) * ticksPerMillisecond);
  if (!Number.isSafeInteger(ticks)) throw new RangeError(`${milliseconds} ms is no [timespan]`);
  const seconds = Math.floor(ticks / (1000 * ticksPerMillisecond));
  const fraction = (ticks % (1000 * ticksPerMillisecond)).toString().padStart(7, '0').replace(/0+$/, '');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${seconds % 60}${fraction === '' ? '' : `.${fraction}`}`;
  return `${milliseconds < 0 ? '-' : ''}P${days}DT${hours}H${minutes}M${rest}S`;
}

/** Milliseconds of an xs:duration as XmlConvert.ToString(TimeSpan) writes it, or undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, days, hours, minutes, seconds] = match;
  const whole = (Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0);
  const milliseconds = whole * 60_000 + Math.round(Number(seconds ?? 0) * 1e7) / ticksPerMillisecond;
  return sign === '-' ? -milliseconds : milliseconds;
}
