import {
  describeZone,
  type DnsProvider,
  inView,
  namesOfZone,
  normaliseName,
  planZoneSettings,
  type ZoneInView,
  zonesOf,
} from '../dns/index.ts';
import { dnsProvider, viewAddresses } from '../failover/fleet.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { chosenSites } from './support/switching.ts';

type Request = Parameters<typeof planZoneSettings>[0] & ZoneInView;
type ZonePlanned = NonNullable<ReturnType<typeof planZoneSettings>>;

interface ZoneStep extends Step {
  readonly request: Request;
  readonly planned: ZonePlanned;
}

interface ZonePlan extends Plan<ZoneStep> {
  readonly provider: DnsProvider;
  readonly unchanged: readonly Request[];
}

const seconds = { type: 'int', range: [1, 86_400], defaultText: '300, which is five minutes.' } as const;

export const initializeFailoverZone = change({
  kind: 'change',
  verb: 'Initialize',
  noun: 'FailoverZone',
  synopsis: "Brings the TTLs of the sites' DNS zones down, so that a switch is seen within minutes.",
  description: [
    "Lowers the refresh interval and the minimum TTL of each zone's SOA record, and the TTLs of the sites' addresses " +
      'and aliases, to the wanted values. What is lower already stays. -Create adds the records that a site has in this ' +
      "scenario where there are none: the primary's addresses, and www as an alias (CNAME) of the zone's name.",
    'Each zone is changed by one dynamic update (RFC 2136) or one request of the PowerDNS API, on condition that it still ' +
      'is what was read: all of it or nothing. A second run changes nothing. On Windows DNS by its cmdlets it is one record ' +
      'after the other, taken back where one fails; records with a timestamp are reported, for these cmdlets would make ' +
      'them static.',
    'The old TTL holds in caches until it has run out: do this a day before you rely on it.',
  ],
  parameters: {
    Name: nameParameter('Sites whose zones are prepared.', 'All sites of the settings.'),
    Ttl: { ...seconds, help: 'Longest TTL of the addresses and aliases, in seconds.' },
    Refresh: { ...seconds, help: 'Longest refresh interval of the SOA record, in seconds.' },
    Minimum: { ...seconds, help: 'Longest minimum TTL of the SOA record, in seconds.' },
    Create: { type: 'switch', help: "Creates the sites' records where there are none." },
  },
  output: output(
    'IisFailover.Zone',
    {
      Zone: { type: 'string', help: 'The zone, with its view where it is not the default one.' },
      Action: { type: 'string', help: 'Change, or None where it was so already.' },
      HostName: { type: 'string[]', help: "The sites' names in it." },
      Change: { type: 'string[]', help: 'Each value that was changed.' },
    },
    [{ property: 'Zone', width: 24 }, { property: 'Action', width: 7 }, { property: 'Change' }],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See what is too long in the zones',
      code: 'Initialize-FailoverZone -Ttl 60 -SettingsPath .\\failover.json -WhatIf',
      explanation: 'One line for each zone with a value above the wanted one.',
    },
    {
      title: 'Prepare the zone of a new site',
      code: 'Initialize-FailoverZone site1.com -Create -SettingsPath .\\failover.json',
      explanation: 'Creates the records that are missing, and limits all TTLs to five minutes.',
    },
  ],
  related: ['Initialize-FailoverServer', 'Test-FailoverReadiness', 'Switch-FailoverSite'],

  async plan(parameters, context): Promise<ZonePlan> {
    const loaded = await context.settings();
    const provider = await dnsProvider(loaded, context.clock);
    const { Ttl: ttl = 300, Refresh: refresh = 300, Minimum: minimum = 300 } = parameters;
    const sites = chosenSites(parameters.Name, loaded, context);
    const hostNames = sites.flatMap((site) => site.hostNames);
    const primaries = new Map(
      sites.flatMap((site) => site.hostNames.map((name) => [normaliseName(name), site.primary] as const)),
    );
    const steps: ZoneStep[] = [];
    const unchanged: Request[] = [];
    for (const place of await placesOf(hostNames, provider, context)) {
      const { zone } = place;
      const words = describeZone(place);
      try {
        const view = inView(provider, place.view);
        const soa = await view.readSoa?.(zone, context.signal);
        if (soa === undefined) throw unsupported(words);
        const current = await view.read(zone, namesOfZone(zone, place.hostNames), context.signal);
        const create =
          parameters.Create === true
            ? (name: string) => viewAddresses(primaries.get(name)!, place.view)
            : undefined;
        const request = { ...place, soa, current, wanted: { ttl, refresh, minimum }, create };
        const planned = planZoneSettings(request);
        if (planned === undefined) unchanged.push(request);
        else steps.push({ id: words, target: words, action: planned.words.join('; '), request, planned });
      } catch (error) {
        reportOne(error, words, context);
      }
    }
    return { steps, provider, unchanged };
  },

  async *apply(approved, { provider, unchanged }, context) {
    for (const request of unchanged)
      yield { Zone: describeZone(request), Action: 'None', HostName: request.hostNames, Change: [] };
    for (const { request, planned, target } of approved) {
      try {
        const view = inView(provider, request.view);
        await view.apply(planned.change, context.signal);
        await requireDone(request, view, context.signal);
        yield { Zone: target, Action: 'Change', HostName: request.hostNames, Change: planned.words };
      } catch (error) {
        reportOne(error, target, context);
      }
    }
  },
});

/** The zones of the host names in all views; a host name without a zone is reported. */
async function placesOf(
  hostNames: readonly string[],
  provider: DnsProvider,
  context: CommandContext,
): ReturnType<typeof zonesOf> {
  const held: string[] = [];
  for (const hostName of new Set(hostNames.map(normaliseName))) {
    try {
      await provider.zoneOf(hostName, context.signal);
      held.push(hostName);
    } catch (error) {
      reportOne(error, hostName, context);
    }
  }
  return zonesOf(held, provider, context.signal);
}

/** A server may answer that all is well and keep its own SOA record. @throws FailoverError DnsZoneSettingsKept */
async function requireDone(request: Request, provider: DnsProvider, signal: AbortSignal): Promise<void> {
  const { zone, hostNames } = request;
  const soa = await provider.readSoa?.(zone, signal);
  const current = await provider.read(zone, namesOfZone(zone, hostNames), signal);
  const left = soa && planZoneSettings({ ...request, soa, current });
  if (left !== undefined)
    throw failure('DnsZoneSettingsKept', { zone, left: left.words.join('; ') }, { target: zone });
}

function reportOne(error: unknown, target: string, context: CommandContext): void {
  context.signal.throwIfAborted();
  context.error(toFailoverError(error, target));
}

function unsupported(zone: string): FailoverError {
  return failure('DnsZoneSettingsUnsupported.provider', { zone }, { target: zone });
}
