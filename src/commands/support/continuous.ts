import { setMaxListeners } from 'node:events';
import { leaseMonitor, type MonitorLease } from '../../edge/monitor-lease.ts';
import { openLog, type RunLog } from '../../edge/run-log.ts';
import { keepHeapSmall } from '../../edge/small-heap.ts';
import { dnsProvider, fleetSites } from '../../failover/fleet.ts';
import { holdConnection, reachable, siteProber } from '../../health/index.ts';
import type { FailoverError } from '../../model/failover-error.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { Plan } from '../../model/plan.ts';
import { EventQueue, type MonitorEvent } from '../../monitor/events.ts';
import { ContinuousMonitor } from '../../monitor/monitor.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { type DashboardRequest, openDashboard } from './dashboard.ts';
import { failbackGates } from './failback-gates.ts';
import { dashboardObject, eventObject } from './monitor-output.ts';
import { Metering } from './metering.ts';
import { lastWordsMs, openHerald, ownEvent, remind } from './notifying.ts';
import { stateFolder } from './places.ts';
import { chosenSites } from './switching.ts';
import { selectByName } from './wildcard.ts';

/** Switches wait for a failback's gate so long at most. */
const gatePatienceMs = 1000;

/** The plan of the continuous monitor: one step, for as long as it runs. */
export interface WatchPlan extends Plan {
  readonly kind: 'watch';
  readonly names: readonly string[] | undefined;
  readonly loaded: LoadedSettings;
  readonly stateFolder: string;
  readonly lease: MonitorLease | undefined;
  readonly dashboard: DashboardRequest | undefined;
}

/** Takes the monitor's lock, except under -WhatIf, and asks for one approval of all that follows. */
export async function planWatch(
  names: readonly string[] | undefined,
  dashboard: DashboardRequest | undefined,
  context: CommandContext,
): Promise<WatchPlan> {
  const loaded = await context.settings();
  const count = chosenSites(names, loaded, context).length;
  await dnsProvider(loaded, context.clock); // what is wrong with its settings is told before it runs
  const folder = stateFolder(context, loaded);
  const lease = context.whatIf
    ? undefined
    : await leaseMonitor(folder, 'continuous', context.clock, context.signal);
  return {
    kind: 'watch',
    names,
    steps: [
      {
        id: 'watch',
        target: `${count} ${count === 1 ? 'site' : 'sites'} of ${loaded.path}`,
        action: 'Watch continuously and move their DNS records',
      },
    ],
    shadow: true,
    release: async () => lease?.release(),
    loaded,
    stateFolder: folder,
    lease,
    dashboard,
  };
}

/** Runs until it is stopped, and yields an object for each event. */
export async function* watch(
  { loaded, names, stateFolder: folder, lease, dashboard: wanted }: WatchPlan,
  context: CommandContext,
) {
  const queue = new EventQueue();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  setMaxListeners(0, signal); // each probe and question under way listens; Node would warn of more than ten
  const write = logger(context.whatIf ? undefined : await openMonitorLog(folder, context), context);
  const metering = new Metering(context, (error) =>
    queue.push(ownEvent(error, 'The metrics can be read again.', context.clock)),
  );
  const { metrics } = metering;
  const dashboard =
    wanted === undefined ? undefined : await openDashboard(wanted, names, loaded, metrics, context);
  const herald = context.whatIf
    ? undefined
    : await openHerald(loaded, folder, queue, context, (one) => metrics.delivered(one)).catch(
        async (error: unknown) => {
          await dashboard?.close();
          throw error;
        },
      );
  const emit = (event: MonitorEvent): void => {
    if (event.site !== undefined) dashboard?.observe(event);
    metrics.take(event);
    herald?.take(event); // not by way of the pipeline, which may stand still
    queue.push(event);
  };
  const monitor = new ContinuousMonitor({
    loaded,
    // Names that match nothing were told at the start, and may match later.
    choose: (settings) => {
      dashboard?.use(settings);
      const chosen = selectByName(
        names,
        fleetSites(settings),
        (site) => site.name,
        settings.path,
        () => undefined,
      );
      metrics.keep(chosen.map((site) => site.name));
      return chosen;
    },
    provider: (settings) => dnsProvider(settings, context.clock),
    stateFolder: folder,
    lease,
    prober: siteProber({ clock: context.clock }),
    reach: reachable,
    hold: holdConnection,
    clock: context.clock,
    signal,
    gate: (settings) => failbackGates(settings, folder, context, gatePatienceMs),
    configured: (settings) => {
      herald?.configure(settings);
      metering.configure(settings);
    },
    meter: metrics,
    emit,
  });
  const growAgain = keepHeapSmall();
  let failure: FailoverError | undefined;
  const running = monitor
    .run()
    .catch((error: unknown) => (failure = toFailoverError(error)))
    .finally(() => queue.close());
  const reminding = remind(herald, context, signal);
  const metered = metering.run(signal);
  try {
    if (dashboard !== undefined) yield dashboardObject(dashboard.message, context.clock.now());
    for await (const event of queue) {
      const dropped = queue.takeDropped();
      if (dropped > 0) context.warning(`${dropped} events were dropped while nobody took them.`);
      const object = eventObject(event);
      await write(object);
      yield object;
    }
  } finally {
    stop.abort();
    await dashboard?.close();
    await running;
    growAgain();
    await reminding;
    await metered;
    await herald?.close(lastWordsMs);
  }
  context.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

function openMonitorLog(folder: string, context: CommandContext): Promise<RunLog> {
  return openLog(folder, 'sitemonitor.log', 'Invoke-FailoverMonitor', context.clock, (text) =>
    context.verbose(text),
  );
}

/** A log that can't be written must not end the watching: it is told once, until it can. */
function logger(log: RunLog | undefined, context: CommandContext) {
  let failed = false;
  return async (object: ReturnType<typeof eventObject>): Promise<void> => {
    try {
      await log?.write(object.Event.toLowerCase(), `${object.Name ?? 'Monitor'}: ${object.Message}`, {
        ...object,
      });
      failed = false;
    } catch (error) {
      if (!failed) context.warning(toFailoverError(error).message);
      failed = true;
    }
  };
}
