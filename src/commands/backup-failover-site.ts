import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { PasswordBoxes } from '../edge/secret-box.ts';
import { readIfPresent } from '../edge/files.ts';
import { openLog } from '../edge/run-log.ts';
import { updateState } from '../edge/state.ts';
import { sitesOfServer } from '../failover/fleet.ts';
import {
  backupFileName,
  openSiteStore,
  readMachineKeys,
  readSiteNames,
  requireOwnFolder,
  type SiteBackup,
  siteListName,
  type SiteStore,
  type StoredSite,
  windowsFolderOf,
  writeBackups,
} from '../iis/index.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Secret } from '../model/secret.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { chooseStoredSites } from './support/choose-sites.ts';
import { ItemProgress } from './support/item-progress.ts';
import { nameParameter } from './support/name-parameter.ts';
import { backupFolder, backupPassword, configurationFile, stateFolder } from './support/places.ts';
import { findingObject, report } from './support/restore-words.ts';
import { holes, withWhatIisKnows } from './support/secrets.ts';
import { escapeWildcards } from './support/wildcard.ts';

interface BackupStep extends Step {
  readonly backup: SiteBackup;
}

interface BackupPlan extends Plan<BackupStep> {
  readonly folder: string;
  readonly stateFolder: string;
  readonly password: Secret | undefined;
  /** A run for named sites leaves the others in the list. */
  readonly keepListed: boolean;
  readonly keepVersions: number | undefined;
}

export const backupFailoverSite = change({
  kind: 'change',
  verb: 'Backup',
  noun: 'FailoverSite',
  synopsis: 'Backs up the IIS configuration of sites for the failover server.',
  description: [
    'Writes one readable XML file for each site: the site element, its application pools and its location blocks. ' +
      'A list of the sites, Sitelist.txt, is written beside them for Restore-FailoverSite and Copy-FailoverContent.',
    'Passwords are sealed and the whole file is authenticated under -Password. Without a password the files carry ' +
      'no secrets. A file that was there becomes FILE.xml.old.',
    'Values that IIS has encrypted for this server alone are opened through Microsoft.Web.Administration and sealed ' +
      'under -Password as well; this needs an elevated session on the primary. Where they cannot be opened, the ' +
      'output names each, and Restore-FailoverSite -Credential supplies it.',
    'Without -Name the sites of Sitelist.txt are backed up: one site name a line, # starts a comment.',
  ],
  parameters: {
    Name: nameParameter(
      'Sites to back up, as IIS names them, or by id: id:1.',
      'The sites of the site list.',
    ),
    SiteListPath: {
      type: 'path',
      help: 'A text file with one site name a line.',
      defaultText: 'The setting siteList; Sitelist.txt beside the settings file; the sites of the settings.',
    },
    ConfigurationFile: {
      type: 'path',
      help: "The primary's applicationHost.config, or the MetaBase.xml of IIS 6.",
      defaultText: 'The setting configurationFile, else the file in force on this server.',
    },
    Destination: {
      type: 'path',
      help: 'Folder of the backups, usually a share of the failover server.',
      defaultText: 'The setting backup.folder.',
    },
    KeepVersion: {
      type: 'int',
      range: [0, 10_000],
      help: 'How many dated versions of each backup are kept beside it, for Restore-FailoverSite -Version.',
      defaultText: 'The setting backup.keepVersions, else none.',
    },
    Password: {
      type: 'securestring',
      help: 'Seals the secrets and authenticates the files. Restore-FailoverSite needs the same.',
      defaultText: 'The secret that the setting backup.password refers to.',
    },
  },
  output: output(
    'IisFailover.SiteBackup',
    {
      Name: { type: 'string', help: 'The site.' },
      Id: { type: 'int', help: 'Its id on the primary.' },
      Path: { type: 'string', help: 'The backup file.' },
      Created: { type: 'datetime', help: 'When it was taken.' },
      Protected: { type: 'bool', help: 'True where it is sealed and authenticated under a password.' },
      SecretCount: { type: 'int', help: 'Secret values of the site; carried only by a protected backup.' },
      Finding: {
        type: 'object[]',
        help: 'Secrets that IIS did not open, which only this server can use: severity, location and remedy.',
      },
      ContentRoot: { type: 'string[]', help: 'Physical paths of the content.' },
      Sha256: { type: 'string', help: 'Hash of the file.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'Id', width: 5, align: 'Right' },
      { property: 'Protected', width: 10 },
      { property: 'Created', width: 20 },
      { property: 'Path' },
    ],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: 'Back up the sites of the site list',
      code: 'Backup-FailoverSite -SettingsPath .\\failover.json',
      explanation: 'Backs up every site of the site list to the backup folder of the settings.',
    },
    {
      title: 'Back up two sites and seal their passwords',
      code:
        '$password = ConvertTo-SecureString (Get-Content .\\backup-password.txt) -AsPlainText -Force\n' +
        "'site1.com', 'site2.com' | Backup-FailoverSite -ConfigurationFile .\\applicationHost.config " +
        '-Destination .\\backup -Password $password',
      explanation: 'Site names come from the pipeline; no settings file is needed.',
    },
    {
      title: 'Back up a site of IIS 6',
      code: "Backup-FailoverSite 'Default Web Site' -ConfigurationFile .\\MetaBase.xml -Destination .\\iis6",
      explanation:
        'Sites of a MetaBase.xml are named by their description. id:1 names a site by its id, where two have one name.',
    },
  ],
  related: ['Restore-FailoverSite', 'Copy-FailoverContent', 'Get-FailoverSite'],

  async plan(parameters, context): Promise<BackupPlan> {
    const loaded = await context.settingsIfPresent();
    const folder = backupFolder(parameters.Destination, loaded, 'Destination');
    const store = await openSiteStore(configurationFile(parameters.ConfigurationFile, loaded));
    const sites = await chooseSites(parameters.Name, parameters.SiteListPath, store, loaded, context);
    await requireOwnFolder(folder, hostname());
    const created = context.clock.now();
    const windows = windowsFolderOf(store.path);
    const machineKeys = windows === undefined ? undefined : await readMachineKeys(windows);
    const backups = sites.flatMap((site) => {
      try {
        return [store.exportSite(site, { source: hostname(), created, machineKeys })];
      } catch (error) {
        context.error(toFailoverError(error, site.name));
        return [];
      }
    });
    return {
      steps: backups.map((backup) => ({
        id: backup.name,
        target: backup.name,
        action: `Back up to ${join(folder, backupFileName(backup.name))}`,
        backup,
      })),
      folder,
      stateFolder: stateFolder(context, loaded),
      password: await backupPassword(parameters.Password, loaded),
      keepListed: parameters.Name !== undefined,
      keepVersions: parameters.KeepVersion ?? loaded?.settings.backup?.keepVersions,
    };
  },

  async *apply(approved, plan, context) {
    if (approved.length === 0) return;
    const log = await openLog(
      plan.stateFolder,
      'sitebackup.log',
      'Backup-FailoverSite',
      context.clock,
      (text) => context.verbose(text),
    );
    const progress = new ItemProgress(context, 'Backing up sites', approved.length);
    progress.working(approved[0]!.target);
    const box = plan.password === undefined ? undefined : await new PasswordBoxes(plan.password).fresh();
    const backups = await withWhatIisKnows(
      approved.map((step) => step.backup),
      box !== undefined,
    );
    const results = await writeBackups(plan.folder, backups, {
      box,
      keep: () => plan.keepListed,
      server: hostname(),
      keepVersions: plan.keepVersions,
      signal: context.signal,
      onResult: () => progress.advance(),
    });
    progress.end();
    for (const [index, result] of results.entries()) {
      if ('error' in result) {
        await log.write('error', result.error.message, { site: result.name, errorId: result.error.id });
        context.error(result.error);
        continue;
      }
      const backup = backups[index]!;
      const findings = holes(backup);
      for (const one of findings) report(one, context);
      const path = join(plan.folder, result.entry.file);
      await log.write('backup', `Backed up ${result.name} to ${path}`, { site: result.name, path });
      warnOfSecrets(backup, box !== undefined, context);
      yield {
        Name: result.name,
        Id: result.entry.id,
        Path: path,
        Created: new Date(backup.created),
        Protected: box !== undefined,
        SecretCount: backup.secrets.length,
        Finding: findings.map(findingObject),
        ContentRoot: result.entry.contentRoots,
        Sha256: result.entry.sha256,
      };
    }
    const written = results.flatMap((result) => ('entry' in result ? [result.name] : []));
    const lastBackup = context.clock.now().toISOString();
    await updateState(plan.stateFolder, new Map(written.map((name) => [name, { lastBackup }])));
  },
});

function warnOfSecrets({ name, secrets }: SiteBackup, sealed: boolean, context: CommandContext): void {
  const readable = secrets.filter(({ value }) => value !== undefined).length;
  if (!sealed && readable > 0)
    context.warning(`${name}: ${readable} secret values are not in the backup: give -Password.`);
  const unreadable = secrets.length - readable;
  if (unreadable > 0)
    context.warning(
      `${name}: ${unreadable} secret values stay behind, for IIS 6 encrypts them for its own server only. ` +
        'Set them on the failover server.',
    );
}

/** Sites by parameter, else of a site list, else of the settings. A missing site is reported and left out. */
async function chooseSites(
  patterns: readonly string[] | undefined,
  listPath: string | undefined,
  store: SiteStore,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): Promise<StoredSite[]> {
  const wanted = patterns ?? (await listedSites(listPath, loaded, context));
  return chooseStoredSites(wanted, store, (error) => context.error(error));
}

async function listedSites(
  parameter: string | undefined,
  loaded: LoadedSettings | undefined,
  context: CommandContext,
): Promise<string[]> {
  const setting = loaded?.settings.siteList;
  const named = parameter ?? (setting === undefined ? undefined : loaded?.resolvePath(setting));
  const beside = join(dirname(context.settingsFile.path), siteListName);
  if (named === undefined && loaded !== undefined && (await readIfPresent(beside)) === undefined)
    return sitesOfServer(loaded, hostname()).map((site) => escapeWildcards(site.name));
  return (await readSiteNames(named ?? beside)).map(({ name }) => escapeWildcards(name));
}
