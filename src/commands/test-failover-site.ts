import { isIP } from 'node:net';
import { type FleetSite, fleetSites, siteServers } from '../failover/fleet.ts';
import { probeQueue } from '../failover/observe.ts';
import { type HealthCheck, healthCheckOf, type ProbeResult, siteProber } from '../health/index.ts';
import { failure } from '../model/failover-error.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type CommandContext, query } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { chosenServers, serverParameter } from './support/server-parameter.ts';
import { hasWildcard, selectByName } from './support/wildcard.ts';
import { capitalise } from './support/words.ts';

interface Probe {
  readonly name: string;
  readonly role: string | null;
  readonly server: string | null;
  readonly address: string;
  readonly check: HealthCheck;
}

export const testFailoverSite = query({
  kind: 'query',
  verb: 'Test',
  noun: 'FailoverSite',
  synopsis: 'Probes sites on the primary or the failover server, whatever DNS says.',
  description: [
    "Asks a chosen address for a site's page with the site's host header and, for https, its SNI name, and tells " +
      'status, latency and certificate. Nothing is looked up in DNS. This is the successor of Gethttp.exe.',
    'Without -Role, -Server and -Address all servers of each site are probed. With -Address no settings file is needed: ' +
      'the site name is the host header then. Each address is probed once; the monitor probes again before it believes.',
  ],
  parameters: {
    Name: nameParameter('Sites to probe.', 'All sites of the settings.'),
    Role: {
      type: 'string',
      choices: ['Primary', 'Failover'],
      help: 'Probes the servers of this role only.',
    },
    Server: serverParameter('Probes these servers only.'),
    Address: {
      type: 'string[]',
      help: 'Probes these IPv4 or IPv6 addresses instead of those of the settings.',
    },
  },
  output: output(
    'IisFailover.SiteTest',
    {
      Name: { type: 'string', help: 'The site.' },
      Role: { type: 'string', help: 'Primary or Failover; empty for an address given with -Address.' },
      Server: { type: 'string', help: 'The name of the server; empty for an address given with -Address.' },
      Address: { type: 'string', help: 'The address that was asked.' },
      Healthy: { type: 'bool', help: 'True where the answer was as expected.' },
      StatusCode: { type: 'int', help: 'HTTP status; empty where none arrived.' },
      Latency: { type: 'timespan', help: 'From the start of the connection to the verdict.' },
      CertificateDaysLeft: { type: 'int', help: 'Days until the certificate expires, negative once it has.' },
      CertificateSubject: { type: 'string', help: 'For whom the certificate is.' },
      Failure: { type: 'string', help: 'connect, timeout, tls, status, body, protocol or local.' },
      Error: { type: 'string', help: 'Why it is not healthy.' },
      Warning: { type: 'string', help: 'What a healthy server should be looked after for.' },
      Url: { type: 'string', help: 'What was asked.' },
      Time: { type: 'datetime', help: 'When.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'Role', width: 9 },
      { property: 'Server', width: 12 },
      { property: 'Address', width: 16 },
      { property: 'Healthy', width: 8 },
      { property: 'StatusCode', width: 7, align: 'Right', label: 'Status' },
      { property: 'Error' },
    ],
  ),
  examples: [
    {
      title: 'Probe every site on both servers',
      code: 'Test-FailoverSite -SettingsPath .\\failover.json',
      explanation: 'One object for each site and address.',
    },
    {
      title: 'Is the standby ready to serve?',
      code: 'Test-FailoverSite -SettingsPath .\\failover.json -Role Failover | Where-Object { -not $_.Healthy }',
      explanation: 'Lists the sites that the failover server would not serve now.',
    },
  ],
  related: ['Invoke-FailoverMonitor', 'Get-FailoverSite'],

  async *run(parameters, context) {
    const loaded = await context.settingsIfPresent();
    if (loaded === undefined && (parameters.Address === undefined || parameters.Name === undefined))
      await context.settings(); // says which file is missing
    const addresses = parameters.Address?.map(checkedAddress);
    const chosen = chosenServers(parameters.Server, loaded, context);
    const queue = probeQueue();
    const prober = siteProber({ clock: context.clock });
    const probes = sitesOf(parameters.Name, loaded, context).flatMap((site) =>
      addresses === undefined
        ? serverProbes(site as FleetSite, parameters.Role, chosen)
        : addresses.map((address): Probe => ({ ...site, role: null, server: null, address })),
    );
    const results = probes.map((probe) =>
      queue.add(() => prober.probe(probe.check, probe.address, context.signal)),
    );
    for (const result of results) result.catch(() => undefined); // awaited below, in order
    for (const [index, probe] of probes.entries()) yield testObject(probe, await results[index]!);
  },
});

interface ProbedSite {
  readonly name: string;
  readonly check: HealthCheck;
}

/** Sites of the settings; without settings the names themselves are host names. */
function sitesOf(
  names: readonly string[] | undefined,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): ProbedSite[] {
  if (loaded !== undefined)
    return selectByName(
      names,
      fleetSites(loaded),
      (site) => site.name,
      loaded.path,
      (error) => context.error(error),
    );
  return (names ?? [])
    .filter((name) => !hasWildcard(name))
    .map((name) => ({ name, check: healthCheckOf(name).check }));
}

function serverProbes(
  site: FleetSite,
  role: 'Primary' | 'Failover' | undefined,
  chosen: ReadonlySet<string> | undefined,
): Probe[] {
  return siteServers(site)
    .filter((server) => role === undefined || role.toLowerCase() === server.role)
    .filter(({ name }) => chosen === undefined || chosen.has(name))
    .flatMap((server) =>
      server.addresses.map((address): Probe => ({
        name: site.name,
        check: site.check,
        role: capitalise(server.role),
        server: server.name,
        address,
      })),
    );
}

function checkedAddress(address: string): string {
  if (isIP(address) === 0) throw failure('ParameterInvalid.testAddress', { address }, { target: address });
  return address;
}

function testObject(probe: Probe, result: ProbeResult) {
  return {
    Name: probe.name,
    Role: probe.role,
    Server: probe.server,
    Address: probe.address,
    Healthy: result.healthy,
    StatusCode: result.statusCode,
    Latency: result.latencyMs,
    CertificateDaysLeft: result.certificateDaysLeft,
    CertificateSubject: result.certificateSubject,
    Failure: result.failure,
    Error: result.error,
    Warning: result.warning,
    Url: result.url,
    Time: result.time,
  };
}
