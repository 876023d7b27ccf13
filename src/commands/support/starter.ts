import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openSiteStore } from '../../iis/index.ts';
import { failure } from '../../model/failover-error.ts';
import { starterSettings, type StarterSite, starterSite } from '../../settings/starter.ts';
import { formatProblem, validateSettings } from '../../settings/validate.ts';
import type { CommandContext } from '../definition.ts';
import { configurationFile } from './places.ts';
import { selectByName } from './wildcard.ts';

/** The parameters that a first settings file is made from. */
export interface StarterParameters {
  readonly Name?: readonly string[] | undefined;
  readonly ConfigurationFile?: string | undefined;
  readonly PrimaryAddress: readonly string[];
  readonly FailoverAddress: readonly string[];
  readonly PrimaryName?: string | undefined;
  readonly FailoverName?: string | undefined;
  readonly DnsServer: readonly string[];
  readonly BackupFolder?: string | undefined;
}

/**
 * The text of a first settings file for the sites of an IIS configuration.
 * @throws FailoverError ParameterInvalid, SettingsInvalid, SettingsIncomplete and those of reading the configuration
 */
export async function starterFor(
  parameters: StarterParameters,
  context: CommandContext,
): Promise<{ readonly text: string; readonly sites: readonly StarterSite[] }> {
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
  requireValid(context.settingsFile.path, text);
  return { text, sites };
}

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
    throw failure('ParameterInvalid.address', { parameter, address: wrong }, { target: wrong });
}

/** A starter that its own reader refuses (two sites with one host name, say) would help no one. */
function requireValid(path: string, text: string): void {
  const [problem] = validateSettings(text).problems;
  if (problem !== undefined)
    throw failure('SettingsInvalid.sites', { problem: formatProblem(path, problem) }, { target: path });
}

/** The schema lies in the module's folder, beside lib/ with the script that runs. */
function schemaUrl(): string {
  return pathToFileURL(join(dirname(process.argv[1] ?? '.'), '..', 'failover.schema.json')).href;
}
