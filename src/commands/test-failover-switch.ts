import PQueue from 'p-queue';
import { describeZone, type DnsProvider, inView, type ZoneInView, zonesOf } from '../dns/index.ts';
import { openLog } from '../edge/run-log.ts';
import { drillName, type DrillStep, drillZone } from '../failover/drill.ts';
import { dnsProvider, type FleetSite } from '../failover/fleet.ts';
import { probeQueue } from '../failover/observe.ts';
import { type ProbeResult, siteProber } from '../health/index.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { stateFolder } from './support/places.ts';
import { chosenSites } from './support/switching.ts';

interface DrillPlanStep extends Step {
  readonly place: ZoneInView;
  readonly sites: readonly FleetSite[];
}

interface DrillPlan extends Plan<DrillPlanStep> {
  readonly provider: DnsProvider;
  readonly stateFolder: string;
}

/** Zones whose scratch records are exercised at once. */
const zonesAtOnce = 16;

const drillOutput = output(
  'IisFailover.SwitchDrill',
  {
    Name: { type: 'string', help: 'The zone, with its view where it has several, or for Standby the site.' },
    Step: {
      type: 'string',
      help:
        'Leftover: removed what a drill that was killed had left. Create, Switch, Remove: updates of the scratch record. ' +
        'Guard: an update with a wrong old value, which the server must refuse. Standby: a probe of the failover server.',
    },
    Succeeded: { type: 'bool', help: 'True where the step did what it should.' },
    Duration: { type: 'timespan', help: 'How long the step took in all; empty where it could not begin.' },
    Update: { type: 'timespan', help: 'From the update to the answer of the server that took it.' },
    Confirm: { type: 'timespan', help: 'From then until every name server showed it.' },
    Server: {
      type: 'string[]',
      help: 'Name servers that showed it, or the failover server that was probed, by name and address.',
    },
    ErrorId: { type: 'string', help: 'One word for scripts where it failed.' },
    Error: { type: 'string', help: 'Why it failed, and what to do.' },
    Time: { type: 'datetime', help: 'When its result was known.' },
  },
  [
    { property: 'Name', width: 24 },
    { property: 'Step', width: 9 },
    { property: 'Succeeded', width: 9 },
    { property: 'Duration', width: 17 },
    { property: 'Server', width: 30 },
    { property: 'Error' },
  ],
);

interface DrillObject {
  readonly Name: string;
  readonly Step: DrillStep['step'] | 'Standby';
  readonly Succeeded: boolean;
  readonly Duration: number | null;
  readonly Update: number | null;
  readonly Confirm: number | null;
  readonly Server: readonly string[];
  readonly ErrorId: string | null;
  readonly Error: string | null;
  readonly Time: Date;
}

export const testFailoverSwitch = change({
  kind: 'change',
  verb: 'Test',
  noun: 'FailoverSwitch',
  synopsis:
    'A drill: exercises DNS updates with a scratch record, and the failover server; live records stay.',
  description: [
    'In the zone of each site a record failover-drill (type A, addresses of RFC 5737 that no host has) is created, ' +
      'changed on condition of its old value, read back from every name server, and removed: by the same server, key and ' +
      'messages as a switch. A change with a wrong old value must be refused. Then the failover server is asked for each ' +
      "site's page with its host header and SNI name.",
    'The times say how long a switch takes until the authoritative servers answer with it. The scratch record is ' +
      'removed whatever happens; one that a killed drill has left is removed by the next. A key that is limited to names ' +
      'must be allowed failover-drill, type A, in each zone.',
  ],
  parameters: { Name: nameParameter('Sites whose zones and standby are exercised.', 'All sites.') },
  output: drillOutput,
  confirmImpact: 'Low',
  examples: [
    {
      title: 'The monthly drill',
      code: 'Test-FailoverSwitch -SettingsPath .\\failover.json',
      explanation: 'Five lines for each zone and site; the live records stay as they are.',
    },
    {
      title: 'Did all of it work?',
      code: 'Test-FailoverSwitch -SettingsPath .\\failover.json | Where-Object { -not $_.Succeeded }',
      explanation: 'Nothing is written where the drill passed.',
    },
  ],
  related: ['Test-FailoverReadiness', 'Test-FailoverSite', 'Switch-FailoverSite'],

  async plan(parameters, context): Promise<DrillPlan> {
    const loaded = await context.settings();
    const provider = await dnsProvider(loaded, context.clock);
    const sites = chosenSites(parameters.Name, loaded, context);
    const zones = new Map<string, { place: ZoneInView; sites: FleetSite[] }>();
    await Promise.all(
      sites.map(async (site) => {
        try {
          for (const place of await zonesOf(site.hostNames, provider, context.signal)) {
            const known = zones.get(describeZone(place));
            if (known === undefined) zones.set(describeZone(place), { place, sites: [site] });
            else known.sites.push(site);
          }
        } catch (error) {
          context.signal.throwIfAborted();
          context.error(toFailoverError(error, site.name));
        }
      }),
    );
    return {
      steps: [...zones]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([words, own]) => ({
          id: words,
          target: words,
          action: `Create, change and remove the scratch record ${drillName(own.place.zone)}`,
          ...own,
        })),
      provider,
      stateFolder: stateFolder(context, loaded),
    };
  },

  async *apply(approved, { provider, stateFolder: folder }, context) {
    if (approved.length === 0) return;
    const log = await openLog(folder, 'sitemonitor.log', 'Test-FailoverSwitch', context.clock, (text) =>
      context.verbose(text),
    );
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const queue = new PQueue({ concurrency: zonesAtOnce });
    const drills = approved.map(({ place }) =>
      queue.add(() => drillZone(place.zone, inView(provider, place.view), context.clock, signal)),
    );
    const probes = probeStandby(approved, context, signal);
    for (const one of [...drills, ...probes]) one.catch(() => undefined); // awaited below, in order
    try {
      for (const [index, { target: zone }] of approved.entries())
        for (const step of await drills[index]!) {
          const object = zoneObject(zone, step, context.clock.now());
          await log.write('drill', `${zone}: ${words(object)}`, { zone, ...object });
          yield object;
        }
      for (const probe of probes) {
        const object = standbyObject(await probe);
        await log.write('drill', `${object.Name}: ${words(object)}`, { site: object.Name, ...object });
        yield object;
      }
    } finally {
      // The pipeline may have ended early: scratch records are removed all the same.
      stop.abort();
      await Promise.allSettled([...drills, ...probes]);
    }
  },
});

interface StandbyProbe {
  readonly site: string;
  readonly server: string;
  readonly result: ProbeResult;
}

function probeStandby(
  steps: readonly DrillPlanStep[],
  context: CommandContext,
  signal: AbortSignal,
): Promise<StandbyProbe>[] {
  const prober = siteProber({ clock: context.clock });
  const queue = probeQueue();
  const sites = [...new Set(steps.flatMap((step) => step.sites))];
  const standbys = sites.flatMap((site) =>
    site.standbys.map(({ name, addresses }) => ({ site, name, addresses })),
  );
  return standbys.flatMap(({ site, name, addresses }) =>
    addresses.map((address) =>
      queue.add(async () => ({
        site: site.name,
        server: name,
        result: await prober.probe(site.check, address, signal),
      })),
    ),
  );
}

function zoneObject(zone: string, step: DrillStep, time: Date): DrillObject {
  const { updateMs, confirmMs, error } = step;
  return {
    Name: zone,
    Step: step.step,
    Succeeded: step.succeeded,
    Duration: updateMs === null ? null : updateMs + (confirmMs ?? 0),
    Update: updateMs,
    Confirm: confirmMs,
    Server: step.servers,
    ErrorId: error?.id ?? null,
    Error: error === undefined ? null : `${error.message}. ${error.remedy}`,
    Time: time,
  };
}

function standbyObject({ site, server, result }: StandbyProbe): DrillObject {
  return {
    Name: site,
    Step: 'Standby',
    Succeeded: result.healthy,
    Duration: result.latencyMs,
    Update: null,
    Confirm: null,
    Server: [`${server} ${result.address}`],
    ErrorId: result.failure,
    Error: result.error,
    Time: result.time,
  };
}

function words({ Step: step, Succeeded, Error: error }: DrillObject): string {
  return `${step} ${Succeeded ? 'succeeded' : `failed: ${error}`}`;
}
