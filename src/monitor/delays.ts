import type { Clock } from '../edge/clock.ts';
import { isSuspect, type ServerHealth, type Verification } from '../health/index.ts';

/** By how much an interval is shortened at random, so that checks do not fall into step. It is never longer. */
const jitter = 0.1;

/** Ms until a server is checked for the first time: anywhere within its interval, but soon. */
export function firstDelay({ intervalMs }: Verification, random: number): number {
  return random * Math.min(intervalMs, 5000);
}

/** Ms until the next check: a failure that is not believed yet is checked again at once. */
export function nextDelay(
  health: ServerHealth,
  { intervalMs, delayMs }: Verification,
  random: number,
): number {
  if (isSuspect(health)) return Math.min(delayMs, intervalMs);
  return intervalMs * (1 - jitter * random);
}

/** Ms until what has failed `failures` times in a row is tried again: 1 s, doubled up to a minute, varied. */
export function backOff(failures: number, random: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.max(0, failures - 1)) * (0.75 + 0.5 * random);
}

/** Does a work again and again, until the signal fires. */
export async function every(ms: number, clock: Clock, signal: AbortSignal, work: () => void): Promise<void> {
  while (!signal.aborted) {
    work();
    await clock.sleep(ms, signal).catch(() => undefined);
  }
}
