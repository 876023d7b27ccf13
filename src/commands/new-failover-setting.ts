import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readIfPresent, replaceFile, sha256, writeError } from '../edge/files.ts';
import { openSiteStore } from '../iis/index.ts';
import { FailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import { starterSettings, type StarterSite, starterSite } from '../settings/starter.ts';
import { formatProblem, validateSettings } from '../settings/validate.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { configurationFile } from './support/places.ts';
import { selectByName } from './support/wildcard.ts';

interface SettingPlan extends Plan {
  readonly path: string;
  readonly text: string;
  readonly sites: readonly StarterSite[];
  /** Hash of the file that is replaced; null where there is none. */
  readonly expected: string | null;
}

export const newFailoverSetting = change({
  kind: 'change',
  verb: 'New',
  noun: 'FailoverSetting',
  synopsis: 'Writes a first settings file from an IIS configuration.',
  description: [
    "Reads the sites and their host names from the primary's applicationHost.config and writes a commented " +
      'failover.json for them, to -SettingsPath. Sites whose bindings name no host are left out with a warning.',
    'The file holds no secrets: it refers to files that hold them.',
  ],
  parameters: {
    Name: nameParameter('Sites with a failover service.', 'All sites of the configuration.'),
    ConfigurationFile: {
      type: 'path',
      help: "The primary's applicationHost.config, or the MetaBase.xml of IIS 6.",
      defaultText: 'The file in force on this server.',
    },
    PrimaryAddress: {
      type: 'string[]',
      mandatory: true,
      help: 'Public IPv4 and IPv6 addresses of the primary.',
    },
    FailoverAddress: { type: 'string[]', mandatory: true, help: 'The same of the failover server.' },
    PrimaryName: { type: 'string', help: 'Host name of the primary.', defaultText: 'PRIMARY' },
    FailoverName: { type: 'string', help: 'Host name of the failover server.', defaultText: 'FAILOVER' },
    DnsServer: {
      type: 'string[]',
      mandatory: true,
      help: 'Addresses of the DNS servers of the zones; the first takes the updates.',
    },
    BackupFolder: {
      type: 'string',
      help: 'Where backups are kept.',
      defaultText: '\\\\FAILOVER\\failover$ with the name of the failover server.',
    },
    Force: { type: 'switch', help: 'Replaces a settings file that exists.' },
  },
  output: output(
    'IisFailover.Setting',
    {
      Path: { type: 'string', help: 'The file.' },
      Site: { type: 'string[]', help: 'The sites in it.' },
      HostName: { type: 'string[]', help: 'Their host names.' },
    },
    [{ property: 'Path' }, { property: 'Site' }],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: "The whitepaper's servers",
      code:
        'New-FailoverSetting site1.com, site2.com -ConfigurationFile .\\applicationHost.config ' +
        '-PrimaryAddress 10.1.1.1 -FailoverAddress 10.1.1.2 -DnsServer 10.1.1.3 -SettingsPath .\\new.json',
      explanation: 'Writes new.json for two sites of the configuration.',
    },
  ],
  related: ['Test-FailoverSetting'],

  async plan(parameters, context): Promise<SettingPlan> {
    const { path } = context.settingsFile;
    const existing = await readIfPresent(path);
    if (existing !== undefined && parameters.Force !== true)
      throw new FailoverError('SettingsExist', `There is a settings file ${path} already`, { target: path });
    requireAddresses('PrimaryAddress', parameters.PrimaryAddress);
    requireAddresses('FailoverAddress', parameters.FailoverAddress);
    requireAddresses('DnsServer', parameters.DnsServer);
    const file = configurationFile(parameters.ConfigurationFile, undefined);
    const sites = await sitesOf(file, parameters.Name, context);
    const failoverName = parameters.FailoverName ?? 'FAILOVER';
    const text = starterSettings(sites, {
      schema: schemaUrl(),
      configurationFile: file,
      primary: { name: parameters.PrimaryName ?? 'PRIMARY', addresses: parameters.PrimaryAddress },
      failover: { name: failoverName, addresses: parameters.FailoverAddress },
      dnsServers: parameters.DnsServer,
      backupFolder: parameters.BackupFolder ?? `\\\\${failoverName}\\failover$`,
    });
    requireValid(path, text);
    const expected = existing === undefined ? null : sha256(existing);
    const action = `Write settings for ${sites.map((site) => site.name).join(', ')}`;
    return { steps: [{ id: path, target: path, action }], path, text, sites, expected };
  },

  async *apply(approved, plan) {
    if (approved.length === 0) return;
    await mkdir(dirname(plan.path), { recursive: true }).catch((error: unknown) => {
      throw writeError(error, plan.path);
    });
    await replaceFile(plan.path, plan.text, { expected: plan.expected, mode: 0o640 });
    yield {
      Path: plan.path,
      Site: plan.sites.map((site) => site.name),
      HostName: plan.sites.flatMap((site) => site.hostNames),
    };
  },
});

async function sitesOf(
  file: string,
  names: readonly string[] | undefined,
  context: CommandContext,
): Promise<StarterSite[]> {
  const found = selectByName(
    names,
    (await openSiteStore(file)).readSites(),
    (site) => site.name,
    file,
    (error) => context.error(error),
  );
  const sites = distinctHostNames(found.map(starterSite), context);
  for (const { name } of sites.filter((site) => site.hostNames.length === 0))
    context.warning(
      `${name} is left out: no binding names a host of its own. Add it by hand with its host names.`,
    );
  return sites.filter((site) => site.hostNames.length > 0);
}

/** A host name moves with one site only: the first that has it (sites may share one with different ports). */
function distinctHostNames(sites: readonly StarterSite[], context: CommandContext): StarterSite[] {
  const owners = new Map<string, string>();
  return sites.map((site) => {
    const own = site.hostNames.filter((hostName) => {
      const owner = owners.get(hostName.toLowerCase());
      if (owner === undefined) owners.set(hostName.toLowerCase(), site.name);
      else context.warning(`${hostName} is left out of ${site.name}: it moves with ${owner}.`);
      return owner === undefined;
    });
    return { ...site, hostNames: own };
  });
}

function requireAddresses(parameter: string, addresses: readonly string[]): void {
  const wrong = addresses.find((address) => isIP(address) === 0);
  if (wrong !== undefined)
    throw new FailoverError('ParameterInvalid', `-${parameter}: ${wrong} is not an IPv4 or IPv6 address`, {
      target: wrong,
    });
}

/** A starter that its own reader refuses (two sites with one host name, say) would help no one. */
function requireValid(path: string, text: string): void {
  const [problem] = validateSettings(text).problems;
  if (problem !== undefined)
    throw new FailoverError(
      'SettingsInvalid',
      `The sites cannot be put into one settings file as they are: ${formatProblem(path, problem)}`,
      { target: path },
    );
}

/** The schema lies in the module's folder, beside lib/ with the script that runs. */
function schemaUrl(): string {
  return pathToFileURL(join(dirname(process.argv[1] ?? '.'), '..', 'failover.schema.json')).href;
}
