import type { Progress } from '../commands/definition.ts';
import type { Clock } from '../edge/clock.ts';

/** Between two records of one activity: each costs the session a drawing of its bar. */
const intervalMs = 200;

/**
 * Lets commands report as often as they like. Of one activity about five records a second pass, and its bar never
 * falls back.
 *
 * | record                                 | what passes                   |
 * |----------------------------------------|-------------------------------|
 * | of an activity that is not shown       | the record                    |
 * | of the one shown, too early            | nothing                       |
 * | of the one shown                       | the record, percent not lower |
 * | completed, of the one shown            | the record                    |
 * | completed, of an activity not shown    | nothing                       |
 */
export class ProgressGate {
  readonly #clock: Clock;
  #shown: { readonly activity: string; readonly percent: number; readonly at: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the session gets to see of a record; undefined for nothing. */
  pass(record: Progress): Progress | undefined {
    const shown = this.#shown?.activity === record.activity ? this.#shown : undefined;
    if (record.completed === true) {
      if (shown === undefined) return undefined;
      this.#shown = undefined;
      return record;
    }
    const at = this.#clock.monotonic();
    if (shown !== undefined && at - shown.at < intervalMs) return undefined;
    const { activity, percent: raw } = record;
    if (raw === undefined) {
      this.#shown = { activity, percent: shown?.percent ?? 0, at };
      return record;
    }
    const percent = Math.max(shown?.percent ?? 0, Math.min(100, Math.floor(raw)));
    this.#shown = { activity, percent, at };
    return { ...record, percent };
  }
}
