import type { Clock } from '../../edge/clock.ts';
import type { FailoverError } from '../../model/failover-error.ts';
import type { EventQueue, OwnEvent, SiteEvent } from '../../monitor/events.ts';
import { Metrics } from '../../metrics/metrics.ts';
import { type Delivery, Herald } from '../../notify/index.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';

/** What notifications may hold a round up, which the next one waits for. */
const roundMs = 20_000;
/** What a channel that does not answer may hold the end of the continuous monitor up. */
export const lastWordsMs = 5000;
const reminderMs = 15_000;

/** Tells administrators of a round; answers what failed. */
export async function notifyRound(
  events: readonly SiteEvent[],
  loaded: LoadedSettings,
  folder: string,
  { clock }: CommandContext,
): Promise<FailoverError[]> {
  const errors: FailoverError[] = [];
  const report = (_: string, error: FailoverError | undefined): void => void (error && errors.push(error));
  const herald = await Herald.open({ loaded, folder, clock, report });
  for (const event of events) herald.take(event);
  herald.remind();
  await herald.close(roundMs);
  return errors;
}

/** For the continuous monitor. A channel that fails is an event of it, of which nobody is notified. */
export function openHerald(
  loaded: LoadedSettings,
  folder: string,
  queue: EventQueue,
  { clock }: CommandContext,
  delivered: (delivery: Delivery) => void,
): Promise<Herald> {
  return Herald.open({
    loaded,
    folder,
    clock,
    delivered,
    report: (channel, error) => queue.push(ownEvent(error, `Notifications arrive again: ${channel}.`, clock)),
  });
}

/** A fault of what goes with the monitor, or its end, of which nobody is notified. */
export function ownEvent(error: FailoverError | undefined, recovered: string, clock: Clock): OwnEvent {
  return {
    kind: error === undefined ? 'Recovered' : 'Fault',
    time: clock.now(),
    site: undefined,
    message: error?.message ?? recovered,
    error,
  };
}

/** Writes what a round has seen into the settings' metrics file, where they name one. */
export async function writeMetrics(events: readonly SiteEvent[], loaded: LoadedSettings): Promise<void> {
  const path = loaded.settings.monitor?.metricsFile;
  if (path === undefined) return;
  const metrics = new Metrics();
  for (const event of events) metrics.take(event);
  await metrics.write(loaded.resolvePath(path));
}

/** Reminds until the signal fires. */
export async function remind(
  herald: Herald | undefined,
  { clock }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  while (herald !== undefined && !signal.aborted) {
    await clock.sleep(reminderMs, signal).catch(() => undefined);
    if (!signal.aborted) herald.remind();
  }
}
