import { drivesFor } from '../edge/drives.ts';
import { openLog } from '../edge/run-log.ts';
import { PasswordBoxes } from '../edge/secret-box.ts';
import { updateState } from '../edge/state.ts';
import { type History, previousFile } from '../history/index.ts';
import {
  applyRestore,
  machineKeysFor,
  openSiteStore,
  type RestorePlan,
  type SiteStore,
  SuppliedSecrets,
} from '../iis/index.ts';
import type { Plan } from '../model/plan.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { backupParameters, mapParameters } from './support/backup-parameters.ts';
import { nameParameter } from './support/name-parameter.ts';
import { backupFolder, backupPassword, configurationFile, historyOf, textMap } from './support/places.ts';
import { pruneRequest } from './support/prune-request.ts';
import { readBackups, versionTime } from './support/read-backups.ts';
import {
  actionOf,
  describeChange,
  describeChanges,
  findingObject,
  refusal,
  report,
} from './support/restore-words.ts';
import { planWithSecrets } from './support/secrets.ts';

interface RestoreCommandPlan extends Plan {
  readonly configuration: SiteStore;
  readonly restore: RestorePlan;
  readonly history: History;
}

export const restoreFailoverSite = change({
  kind: 'change',
  verb: 'Restore',
  noun: 'FailoverSite',
  synopsis: 'Puts backed-up sites into the IIS configuration of the failover server.',
  description: [
    'Adds or updates exactly these sites, their application pools and their location blocks. Every other byte of ' +
      'the file stays as it is. Running it again changes nothing.',
    'The file is replaced at once and only while it still is what was read; the old one is kept in the state folder, ' +
      'and Undo-FailoverRestore brings it back. A wrong password, or a backup that was changed or cut, leaves it ' +
      'untouched.',
    'Ids that are taken on the failover server are replaced by free ones and reported. What a site needs and the ' +
      'server lacks is reported before anything is written: modules, handlers, programs, web farms, drives, ' +
      'certificates. A site is refused where it would stop others: a section that is not declared here, a binding ' +
      'of a site that is not restored, an application pool that differs and serves such a site. The others go on.',
    'Backups of IIS 6 sites are put into a MetaBase.xml as they are, and translated for an applicationHost.config.',
  ],
  parameters: {
    Name: nameParameter('Sites to restore.', 'All sites of the backup folder.'),
    ...backupParameters,
    ConfigurationFile: {
      type: 'path',
      help: "The failover server's applicationHost.config, or its MetaBase.xml (IIS 6).",
      defaultText: 'The setting configurationFile, else the file in force on this server.',
    },
    Credential: {
      type: 'credentials',
      help:
        'Passwords that the backups do not carry, or that are others here: credentials or secure strings by user ' +
        'name, by application pool, or by the location that a finding names.',
    },
    ...mapParameters,
    Version: {
      type: 'string',
      help:
        'Restores the newest version of each backup that was made at this time or before it, e.g. 2026-11-24T01:00:00Z; ' +
        'without Z or an offset it is local time. Versions are those of Backup-FailoverSite -KeepVersion, the .old file ' +
        'and the backup itself.',
      defaultText: 'The backup itself.',
    },
    Prune: {
      type: 'switch',
      help:
        'Removes sites that are no longer in the list of the backup folder, with their locations and the application ' +
        'pools that no other site uses: only what this command created here. Undo-FailoverRestore brings them back. ' +
        'Not with -Name.',
    },
    Force: {
      type: 'switch',
      help: 'Removes more sites at once than 30 % of the list, or all where the list is empty.',
    },
    MaterializeDefaults: {
      type: 'switch',
      help:
        "Writes what a site takes from the primary's server-wide defaults (siteDefaults, applicationPoolDefaults, " +
        "…) into the site and its pools, where this server's defaults differ. Without it the difference is reported.",
      defaultText: 'The setting materializeDefaults.',
    },
  },
  output: output(
    'IisFailover.SiteRestore',
    {
      Name: { type: 'string', help: 'The site.' },
      Id: { type: 'int', help: 'Its id on this server.' },
      Action: {
        type: 'string',
        help: 'Add, Update, Remove (with -Prune), or None where the site was the same already.',
      },
      Change: { type: 'string[]', help: 'What was added, updated and removed.' },
      Finding: {
        type: 'object[]',
        help: 'What an administrator should know: severity, location and remedy.',
      },
      ConfigurationFile: { type: 'string', help: 'The file.' },
      PreviousFile: {
        type: 'string',
        help: 'The file as it was before, kept in the state folder; empty where nothing was changed.',
      },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'Id', width: 5, align: 'Right' },
      { property: 'Action', width: 7 },
      { property: 'Change' },
    ],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See what a restore would change',
      code: 'Restore-FailoverSite -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Shows one line for each site that differs, and changes nothing.',
    },
    {
      title: 'See which sites a clean-up would remove',
      code: 'Restore-FailoverSite -Prune -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Sites that this command created here and that are no longer in the list of the backups.',
    },
    {
      title: 'Restore with another content drive',
      code:
        '$password = ConvertTo-SecureString (Get-Content .\\backup-password.txt) -AsPlainText -Force\n' +
        'Restore-FailoverSite site1.com -Source .\\backup -ConfigurationFile .\\standby.config -Password $password ' +
        "-PathMap @{ 'C:\\inetpub' = 'D:\\inetpub' } -AddressMap @{ '10.1.1.1' = '10.1.1.2' }",
      explanation: 'Physical paths and binding addresses are changed to those of the failover server.',
    },
    {
      title: 'Supply the password of a service account',
      code:
        '$secret = ConvertTo-SecureString (Get-Content .\\backup-password.txt) -AsPlainText -Force\n' +
        "$account = [pscredential]::new('CORP\\web', $secret)\n" +
        "Restore-FailoverSite site1.com -SettingsPath .\\failover.json -Credential @{ 'CORP\\web' = $account } -WhatIf",
      explanation: 'It is set wherever the site runs or reads as this account, and IIS encrypts it.',
    },
    {
      title: 'Move a site from IIS 6 to this server',
      code: "Restore-FailoverSite 'Default Web Site' -Source .\\iis6 -ConfigurationFile .\\standby.config -WhatIf",
      explanation:
        'Settings of IIS 6 are translated for IIS 7 and later; a warning names each that has no like there.',
    },
  ],
  related: ['Backup-FailoverSite', 'Copy-FailoverContent'],

  async plan(parameters, context): Promise<RestoreCommandPlan> {
    const loaded = await context.settingsIfPresent();
    const source = backupFolder(parameters.Source, loaded, 'Source');
    const password = await backupPassword(parameters.Password, loaded);
    const passwords = password === undefined ? undefined : new PasswordBoxes(password);
    const configuration = await openSiteStore(configurationFile(parameters.ConfigurationFile, loaded));
    const backups = await readBackups(
      source,
      parameters.Name,
      passwords,
      context,
      versionTime(parameters.Version),
    );
    const history = historyOf(context, loaded);
    const supplied = parameters.Credential && new SuppliedSecrets(parameters.Credential);
    const { restore, encrypted } = await planWithSecrets(configuration, backups, supplied, {
      pathMap: textMap(parameters.PathMap, loaded?.settings.pathMap, 'PathMap'),
      addressMap: textMap(parameters.AddressMap, loaded?.settings.addressMap, 'AddressMap'),
      driveExists: drivesFor(configuration.path),
      machineKeys: await machineKeysFor(configuration.path, backups),
      prune: await pruneRequest(parameters, source, configuration, history.stateFolder),
      materializeDefaults: parameters.MaterializeDefaults ?? loaded?.settings.materializeDefaults,
    });
    for (const finding of restore.findings) report(finding, context);
    for (const key of supplied?.unused() ?? [])
      context.warning(`-Credential: nothing of these sites is named ${key}.`);
    if (encrypted > 0)
      context.verbose(
        `${encrypted} secrets are set through Microsoft.Web.Administration and encrypted by IIS`,
      );
    for (const site of restore.sites) {
      for (const finding of site.findings) report(finding, context);
      if (site.refused) context.error(refusal(site));
    }
    const changed = restore.sites.filter((site) => site.changes.length > 0);
    return {
      steps: changed.map((site) => ({
        id: site.name,
        target: site.name,
        action: `${describeChanges(site.changes)} in ${configuration.path}`,
      })),
      configuration,
      restore,
      history,
    };
  },

  async *apply(approved, plan, context) {
    const { configuration, restore, history } = plan;
    const approvedNames = new Set(approved.map((step) => step.id));
    const log = await openLog(
      history.stateFolder,
      'siterestore.log',
      'Restore-FailoverSite',
      context.clock,
      (text) => context.verbose(text),
    );
    const now = context.clock.now();
    const entry = await applyRestore(configuration, restore, [...approvedNames], history, now);
    const previous = entry && previousFile(history.stateFolder, entry);
    const lastRestore = now.toISOString();
    const done = restore.sites.filter(
      (site) => !site.refused && (site.changes.length === 0 || approvedNames.has(site.name)),
    );
    for (const site of restore.sites.filter((one) => one.refused))
      await log.write('refused', refusal(site).message, { site: site.name });
    for (const site of done) {
      const change = site.changes.map(describeChange);
      const verb = actionOf(site.changes) === 'Remove' ? 'Removed' : 'Restored';
      const words =
        change.length === 0 ? `${site.name} is unchanged` : `${verb} ${site.name}: ${change.join(', ')}`;
      await log.write('restore', words, { site: site.name, changes: site.changes, findings: site.findings });
      yield {
        Name: site.name,
        Id: site.id,
        Action: actionOf(site.changes),
        Change: change,
        Finding: site.findings.map(findingObject),
        ConfigurationFile: configuration.path,
        PreviousFile: change.length > 0 ? (previous ?? null) : null,
      };
    }
    await updateState(history.stateFolder, new Map(done.map((site) => [site.name, { lastRestore }])));
  },
});
