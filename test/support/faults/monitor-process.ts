/**
 * Run by the fault tests on the host of the monitor: the core's continuous monitor as the cmdlet runs it, without
 * PowerShell. Writes its events; takes `{ skewMs }`, which sets its wall clock, and `{ stop: true }`.
 */
import { systemClock } from '../../../src/edge/clock.ts';
import { leaseMonitor } from '../../../src/edge/monitor-lease.ts';
import { eventObject } from '../../../src/commands/support/monitor-output.ts';
import { dnsProvider, fleetSites } from '../../../src/failover/fleet.ts';
import { holdConnection, reachable, siteProber } from '../../../src/health/index.ts';
import { ContinuousMonitor } from '../../../src/monitor/monitor.ts';
import { loadSettings } from '../../../src/settings/load.ts';
import { onInput, say } from './process.ts';

const loaded = await loadSettings(process.argv[2]!);
let skewMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + skewMs) };
const stop = new AbortController();
onInput<{ skewMs?: number; stop?: boolean }>((order) => {
  if (order.skewMs !== undefined) skewMs = order.skewMs;
  if (order.stop === true) stop.abort();
});
const folder = loaded.resolvePath(loaded.settings.stateFolder ?? 'state');
const lease = await leaseMonitor(folder, 'continuous', clock, stop.signal);
await new ContinuousMonitor({
  loaded,
  choose: fleetSites,
  provider: (settings) => dnsProvider(settings, clock),
  stateFolder: folder,
  lease,
  prober: siteProber({ clock }),
  reach: reachable,
  hold: holdConnection,
  clock,
  signal: stop.signal,
  emit: (event) => say(eventObject(event)),
}).run();
await lease.release();
process.exit();
