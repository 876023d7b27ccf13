import { type Heartbeat, heartbeatMs, readHeartbeat } from '../edge/monitor-lease.ts';
import { readState, siteState } from '../edge/state.ts';
import { type FleetSite, type SiteServer, siteServers } from '../failover/fleet.ts';
import { leadingStandby } from '../failover/leading-standby.ts';
import { flapHistoryOf, savedHealthOf, savedProbeOf } from '../failover/saved-health.ts';
import { openSuspension } from '../failover/site-decision.ts';
import type { SiteRecords } from '../failover/switch-plan.ts';
import { unfinished } from '../failover/unfinished.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { SiteState } from '../model/state.ts';
import { query } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { stateFolder } from './support/places.ts';
import { addressesIn, recordsOfSites } from './support/site-records.ts';
import { chosenSites } from './support/switching.ts';
import { capitalise } from './support/words.ts';

export const getFailoverSite = query({
  kind: 'query',
  verb: 'Get',
  noun: 'FailoverSite',
  synopsis: 'Gets what is known of each site now: where its records point, and what the last runs did.',
  description: [
    'Reads the settings, asks the DNS server where the records of each site point, and adds what earlier runs on this ' +
      'machine left in the state folder: the last probes, backup, restore, copy and switch. It changes nothing and ' +
      'probes nothing.',
    'Where the DNS server does not answer, the target is Unknown and a warning says why.',
  ],
  parameters: {
    Name: nameParameter('Sites to get.', 'All sites of the settings.'),
  },
  output: output(
    'IisFailover.Site',
    {
      Name: { type: 'string', help: 'The site.' },
      HostName: { type: 'string[]', help: 'DNS names that move with it.' },
      Target: { type: 'string', help: 'Where its records point: Primary, Failover or Unknown.' },
      ServedBy: { type: 'string', help: 'The name of that server; empty where it is not known.' },
      Address: { type: 'string[]', help: 'The addresses that the DNS server answers.' },
      Confirmed: {
        type: 'bool',
        help: 'False while some zone or name server does not show the last switch; empty where there was none.',
      },
      Unconfirmed: { type: 'string[]', help: 'The zones and name servers that do not show it.' },
      Primary: {
        type: 'string',
        help: 'What the monitor of this machine holds of it: Up, Degraded, Down or Unknown; empty before the first check.',
      },
      Failover: {
        type: 'string',
        help: 'The same for the failover server; of several, the one that serves it, else the best of them.',
      },
      PrimaryServer: { type: 'string', help: 'The name of its primary server.' },
      FailoverServer: {
        type: 'string[]',
        help: 'The names of its failover servers, the first choice first.',
      },
      Standby: { type: 'string[]', help: 'What is held of each of them, as in STANDBY1: Up.' },
      Forced: { type: 'string', help: 'Primary or Failover where it is kept there by hand, else empty.' },
      ForcedServer: { type: 'string', help: 'The failover server on which it is kept, where one was named.' },
      SuspendedUntil: {
        type: 'datetime',
        help: 'When its maintenance window ends; empty where none is open.',
      },
      SuspendedReason: { type: 'string', help: 'The reason that was given for it.' },
      LockedUntil: {
        type: 'datetime',
        help: 'Until then it is not failed back, after too many failovers; empty where it is not locked.',
      },
      Monitor: {
        type: 'string',
        help: 'How it is watched by this machine: Continuous, Round, or Stopped where a continuous monitor gives no sign of life; empty where none ever ran.',
      },
      MonitorLastSeen: { type: 'datetime', help: "The monitor's last sign of life." },
      LastProbe: { type: 'datetime', help: 'When it was last probed.' },
      LastSwitch: { type: 'datetime', help: 'When its records were last moved.' },
      LastBackup: { type: 'datetime', help: 'When its configuration was last backed up by this machine.' },
      LastRestore: { type: 'datetime', help: 'When its configuration was last restored on this machine.' },
      LastCopy: { type: 'datetime', help: 'When its content was last copied whole by this machine.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'Target', width: 9 },
      { property: 'ServedBy', width: 12 },
      { property: 'Primary', width: 8 },
      { property: 'Failover', width: 9 },
      { property: 'LastProbe', width: 20 },
      { property: 'LastSwitch', width: 20 },
      { property: 'Address' },
    ],
  ),
  examples: [
    {
      title: 'Show every site',
      code: 'Get-FailoverSite -SettingsPath .\\failover.json',
      explanation: 'One line for each site.',
    },
    {
      title: 'Which sites does the failover server serve?',
      code: "Get-FailoverSite -SettingsPath .\\failover.json | Where-Object Target -eq 'Failover'",
      explanation: 'The answer comes from DNS, not from memory.',
    },
  ],
  related: ['Invoke-FailoverMonitor', 'Switch-FailoverSite', 'Suspend-FailoverSite', 'Test-FailoverSite'],

  async *run(parameters, context) {
    const loaded = await context.settings();
    const folder = stateFolder(context, loaded);
    const state = await readState(folder);
    const beat = await readHeartbeat(folder).catch((error: unknown) => {
      context.warning(toFailoverError(error).message);
      return undefined;
    });
    const sites = chosenSites(parameters.Name, loaded, context);
    const records = await recordsOfSites(sites, loaded, context, (words) => context.warning(words));
    for (const [index, site] of sites.entries()) {
      const found = await records[index]!;
      const now = context.clock.now();
      yield {
        ...siteObject(site, found, siteState(state, site.name), now),
        Monitor: monitorOf(beat, now),
        MonitorLastSeen: date(beat?.time),
      };
    }
  },
});

function siteObject(site: FleetSite, records: SiteRecords | undefined, state: SiteState, now: Date) {
  const suspension = openSuspension(state, now);
  const { lockedUntil } = flapHistoryOf(state);
  const unconfirmed = unfinished(site, records, state);
  const lastProbe = siteServers(site)
    .flatMap((server) => savedProbeOf(state, site, server)?.time ?? [])
    .sort()
    .at(-1);
  const held = (server: SiteServer) => savedHealthOf(state, site, server, now.getTime()).state;
  const standbys = site.standbys.map((server) => ({ server: server.name, state: held(server) }));
  const isProbed = lastProbe !== undefined;
  return {
    Name: site.name,
    HostName: site.hostNames,
    Target: capitalise(records?.target ?? 'unknown'),
    ServedBy: records?.server ?? null,
    Address: addressesIn(records),
    Confirmed: state.lastSwitch === undefined && unconfirmed.length === 0 ? null : unconfirmed.length === 0,
    Unconfirmed: unconfirmed,
    Primary: isProbed ? capitalise(held(site.primary)) : null,
    Failover: isProbed ? capitalise(leadingStandby(standbys, records?.server).state) : null,
    PrimaryServer: site.primary.name,
    FailoverServer: site.standbys.map(({ name }) => name),
    Standby: isProbed ? standbys.map((one) => `${one.server}: ${capitalise(one.state)}`) : [],
    Forced: state.forced === undefined ? null : capitalise(state.forced),
    ForcedServer: state.forcedServer ?? null,
    SuspendedUntil: suspension === undefined ? null : new Date(suspension.until),
    SuspendedReason: suspension?.reason ?? null,
    LockedUntil: lockedUntil !== undefined && now.getTime() < lockedUntil ? new Date(lockedUntil) : null,
    LastProbe: date(lastProbe),
    LastSwitch: date(state.lastSwitch),
    LastBackup: date(state.lastBackup),
    LastRestore: date(state.lastRestore),
    LastCopy: date(state.lastCopy),
  };
}

/** Signs of life that may be missed in a row. */
const missed = 3;

function monitorOf(beat: Heartbeat | undefined, now: Date): string | null {
  if (beat === undefined) return null;
  const age = now.getTime() - Date.parse(beat.time);
  // A round ends; when the next one comes only its schedule knows.
  if (beat.mode === 'continuous' && age > missed * heartbeatMs) return 'Stopped';
  return capitalise(beat.mode);
}

function date(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
