import { PasswordBoxes } from '../edge/secret-box.ts';
import { compareSites, openConfiguration, openSiteStore, type SiteBackup } from '../iis/index.ts';
import { failure } from '../model/failover-error.ts';
import type { Secret } from '../model/secret.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { type CommandContext, query } from './definition.ts';
import { output } from './output.ts';
import { backupParameters, mapParameters } from './support/backup-parameters.ts';
import { chooseStoredSites } from './support/choose-sites.ts';
import { ItemProgress } from './support/item-progress.ts';
import { nameParameter } from './support/name-parameter.ts';
import { backupFolder, backupPassword, configurationFile, textMap } from './support/places.ts';
import { readBackups } from './support/read-backups.ts';
import { escapeWildcards } from './support/wildcard.ts';

export const compareFailoverSite = query({
  kind: 'query',
  verb: 'Compare',
  noun: 'FailoverSite',
  synopsis: 'Finds what sites have otherwise on the failover server than on the primary.',
  description: [
    "Compares each site with its backup, or with the primary's own file: the site element, its application pools and " +
      'its location blocks, attribute by attribute. There is one object for each difference, none where the server ' +
      'is in step. Nothing is changed.',
    'Paths and addresses are mapped first, as a restore does. Server-wide defaults count as if they stood in the ' +
      'site. Site ids do not count, nor passwords that only the primary can read. Secret values are never shown.',
    'Added is what only the failover server has, Removed is what it lacks, Changed has another value.',
  ],
  parameters: {
    Name: nameParameter('Sites to compare.', 'All sites of the backup folder, or those of the settings.'),
    ...backupParameters,
    ReferenceFile: {
      type: 'path',
      help: "The primary's applicationHost.config or MetaBase.xml, to compare with in the place of backups.",
    },
    ConfigurationFile: {
      type: 'path',
      help: "The failover server's applicationHost.config.",
      defaultText: 'The setting configurationFile, else the file in force on this server.',
    },
    ...mapParameters,
    Quiet: {
      type: 'switch',
      help: 'Gives one Boolean: True where all sites are in step, False where one differs or could not be compared.',
    },
  },
  output: output(
    'IisFailover.SiteDifference',
    {
      Name: { type: 'string', help: 'The site.' },
      Path: {
        type: 'string',
        help: 'The element or attribute, e.g. site/bindings/binding[http *:80:]/@sslFlags.',
      },
      Difference: { type: 'string', help: 'Added, Removed or Changed on the failover server.' },
      PrimaryValue: {
        type: 'string',
        help: "The primary's value, mapped to this server; secrets are masked.",
      },
      FailoverValue: { type: 'string', help: "The failover server's value; secrets are masked." },
      Severity: {
        type: 'string',
        help: 'error where visitors would notice (site, bindings, content, pool), else warning.',
      },
    },
    [
      { property: 'Name', width: 20 },
      { property: 'Difference', width: 10 },
      { property: 'Path', width: 50 },
      { property: 'PrimaryValue', width: 24 },
      { property: 'FailoverValue' },
    ],
  ),
  examples: [
    {
      title: 'Find what has drifted since the last restore',
      code: 'Compare-FailoverSite -SettingsPath .\\failover.json | Format-List',
      explanation: 'Compares every site of the backup folder with the file in force on the failover server.',
    },
    {
      title: "Compare with the primary's own file",
      code:
        'Compare-FailoverSite site*.com -ReferenceFile .\\applicationHost.config ' +
        "-ConfigurationFile .\\standby.config -PathMap @{ 'C:\\inetpub' = 'D:\\inetpub' }",
      explanation:
        'No backup is needed. In daily use the file is read from an administrative share of the primary.',
    },
    {
      title: 'Restore only where it is needed',
      code:
        'if (-not (Compare-FailoverSite -SettingsPath .\\failover.json -Quiet)) ' +
        '{ Restore-FailoverSite -SettingsPath .\\failover.json }',
      explanation: 'With -Quiet the answer is True or False, for scripts and monitoring.',
    },
  ],
  related: ['Backup-FailoverSite', 'Restore-FailoverSite', 'Test-FailoverSite'],

  async *run(parameters, context) {
    const { Source, ReferenceFile, Quiet } = parameters;
    if (Source !== undefined && ReferenceFile !== undefined)
      throw failure('ParameterInvalid.sourceOrFile', {}, { target: 'ReferenceFile' });
    const loaded = await context.settingsIfPresent();
    let inStep = true;
    const watched: CommandContext = {
      ...context,
      error: (error) => {
        inStep = false;
        context.error(error);
      },
    };
    const configuration = await openConfiguration(configurationFile(parameters.ConfigurationFile, loaded));
    const backups =
      ReferenceFile === undefined
        ? await backupsOf(
            Source,
            parameters.Name,
            await backupPassword(parameters.Password, loaded),
            loaded,
            watched,
          )
        : await sitesOf(ReferenceFile, parameters.Name, loaded, watched);
    const comparisons = compareSites(configuration, backups, {
      pathMap: textMap(parameters.PathMap, loaded?.settings.pathMap, 'PathMap'),
      addressMap: textMap(parameters.AddressMap, loaded?.settings.addressMap, 'AddressMap'),
    });
    const progress = new ItemProgress(context, 'Comparing sites', backups.length);
    for (const { site, differences } of comparisons) {
      context.signal.throwIfAborted();
      context.verbose(
        `${site}: ${differences.length === 0 ? 'in step' : `${differences.length} differences`}`,
      );
      progress.advance();
      if (differences.length > 0) inStep = false;
      if (Quiet !== true)
        for (const { path, kind, primary, failover, severity } of differences)
          yield {
            Name: site,
            Path: path,
            Difference: kind,
            PrimaryValue: primary ?? null,
            FailoverValue: failover ?? null,
            Severity: severity,
          };
    }
    progress.end();
    if (Quiet === true) yield inStep;
  },
});

function backupsOf(
  source: string | undefined,
  names: readonly string[] | undefined,
  password: Secret | undefined,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): Promise<SiteBackup[]> {
  const passwords = password === undefined ? undefined : new PasswordBoxes(password);
  return readBackups(backupFolder(source, loaded, 'Source'), names, passwords, context);
}

/** Sites of the primary's file: those named, else those of the settings, else all. */
async function sitesOf(
  referenceFile: string,
  names: readonly string[] | undefined,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): Promise<SiteBackup[]> {
  const primary = await openSiteStore(referenceFile);
  const patterns = names ?? loaded?.settings.sites.map((site) => escapeWildcards(site.name)) ?? ['*'];
  const options = { source: referenceFile, created: context.clock.now() };
  const sites = chooseStoredSites(patterns, primary, (error) => context.error(error));
  return sites.map((site) => primary.exportSite(site, options));
}
