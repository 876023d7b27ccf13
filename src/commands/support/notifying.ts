import type { FailoverError } from '../../model/failover-error.ts';
import type { EventQueue, SiteEvent } from '../../monitor/events.ts';
import { Metrics } from '../../monitor/metrics.ts';
import { Herald } from '../../notify/index.ts';
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
): Promise<Herald> {
  return Herald.open({
    loaded,
    folder,
    clock,
    report: (channel, error) =>
      queue.push({
        kind: error === undefined ? 'Recovered' : 'Fault',
        time: clock.now(),
        site: undefined,
        message: error?.message ?? `Notifications arrive again: ${channel}.`,
        error,
      }),
  });
}

/** Takes events for the settings' metrics file; undefined where they name none. */
export function metricsFile(loaded: LoadedSettings): { metrics: Metrics; path: string } | undefined {
  const path = loaded.settings.monitor?.metricsFile;
  return path === undefined ? undefined : { metrics: new Metrics(), path: loaded.resolvePath(path) };
}

/** Reminds, and writes the metrics, until the signal fires. */
export async function remind(
  herald: Herald | undefined,
  { clock }: CommandContext,
  signal: AbortSignal,
  file: ReturnType<typeof metricsFile>,
): Promise<void> {
  while (herald !== undefined && !signal.aborted) {
    await clock.sleep(reminderMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    herald.remind();
    // A file that can't be written shows by the age of its heartbeat.
    await file?.metrics.write(file.path, clock.now()).catch(() => undefined);
  }
}
