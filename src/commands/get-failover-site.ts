import { readState, siteState } from '../edge/state.ts';
import type { FleetSite } from '../failover/fleet.ts';
import { openSuspension } from '../failover/site-decision.ts';
import type { SiteRecords } from '../failover/switch-plan.ts';
import type { SavedProbe, SiteState } from '../model/state.ts';
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
      Address: { type: 'string[]', help: 'The addresses that the DNS server answers.' },
      Primary: { type: 'string', help: 'The last probe by a monitor of this machine: Up, Down, or empty.' },
      Failover: { type: 'string', help: 'The same for the failover server.' },
      Forced: { type: 'string', help: 'The server on which it is kept by hand, else empty.' },
      SuspendedUntil: {
        type: 'datetime',
        help: 'When its maintenance window ends; empty where none is open.',
      },
      SuspendedReason: { type: 'string', help: 'The reason that was given for it.' },
      LastProbe: { type: 'datetime', help: 'When it was last probed.' },
      LastSwitch: { type: 'datetime', help: 'When its records were last moved.' },
      LastBackup: { type: 'datetime', help: 'When its configuration was last backed up by this machine.' },
      LastRestore: { type: 'datetime', help: 'When its configuration was last restored on this machine.' },
      LastCopy: { type: 'datetime', help: 'When its content was last copied whole by this machine.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'Target', width: 9 },
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
    const state = await readState(stateFolder(context, loaded));
    const sites = chosenSites(parameters.Name, loaded, context);
    const records = await recordsOfSites(sites, loaded, context, (words) => context.warning(words));
    for (const [index, site] of sites.entries())
      yield siteObject(site, await records[index]!, siteState(state, site.name), context.clock.now());
  },
});

function siteObject(site: FleetSite, records: SiteRecords | undefined, state: SiteState, now: Date) {
  const suspension = openSuspension(state, now);
  const { primary, failover } = state.probes ?? {};
  const lastProbe = [primary?.time, failover?.time]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return {
    Name: site.name,
    HostName: site.hostNames,
    Target: capitalise(records?.target ?? 'unknown'),
    Address: addressesIn(records),
    Primary: health(primary),
    Failover: health(failover),
    Forced: state.forced === undefined ? null : capitalise(state.forced),
    SuspendedUntil: suspension === undefined ? null : new Date(suspension.until),
    SuspendedReason: suspension?.reason ?? null,
    LastProbe: date(lastProbe),
    LastSwitch: date(state.lastSwitch),
    LastBackup: date(state.lastBackup),
    LastRestore: date(state.lastRestore),
    LastCopy: date(state.lastCopy),
  };
}

function health(probe: SavedProbe | undefined): string | null {
  if (probe === undefined) return null;
  return probe.healthy ? 'Up' : 'Down';
}

function date(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
