import { join } from 'node:path';
import {
  applyContentPlan,
  type ContentPlan,
  type CopyProgress,
  type CopySummary,
  describePlan,
  formatBytes,
  isEmptyPlan,
  locateContentRoots,
  planContentCopy,
} from '../content/index.ts';
import { openLog } from '../edge/run-log.ts';
import { updateState } from '../edge/state.ts';
import { readSiteList, siteListName } from '../iis/index.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import {
  describeItems,
  permissionOptions,
  permissionParameters,
  SitePermissions,
} from './support/permissions.ts';
import { backupFolder, stateFolder, textMap } from './support/places.ts';
import { selectByName } from './support/wildcard.ts';

interface CopyStep extends Step {
  readonly content: ContentPlan;
}

interface CopyPlan extends Plan<CopyStep> {
  /** Every root, also those in which nothing has to be copied. */
  readonly contents: readonly ContentPlan[];
  /** The permissions of each root, where they are carried. */
  readonly permissions: ReadonlyMap<ContentPlan, SitePermissions>;
  readonly stateFolder: string;
}

export const copyFailoverContent = change({
  kind: 'change',
  verb: 'Copy',
  noun: 'FailoverContent',
  synopsis: 'Copies the content of sites from the primary to the failover server.',
  description: [
    "Recreates the primary's folder structure and copies the files that are new or changed (by size and " +
      'modification time). Each file arrives under a temporary name and is renamed, so that no visitor and no killed ' +
      'run ever sees half a file; the next run goes on where the last one stopped.',
    'The folders come from Sitelist.txt in the backup folder. Files that are only on the failover server stay; they ' +
      'are counted. Links are not followed.',
    'Permissions of files and folders are compared apart from the content: where they alone changed, nothing is ' +
      'copied again. On NTFS these are owner, group and access entries with their inheritance, on Linux also owner, ' +
      'mode and POSIX ACLs. An account that the failover server does not have is listed and never guessed: its allow ' +
      'entries are left out, and where a deny entry would have to be, the permissions of the item are not set.',
  ],
  parameters: {
    Name: nameParameter('Sites whose content is copied.', 'All sites of the backup folder.'),
    Source: {
      type: 'path',
      help: 'Folder of the backups, which names the content folders.',
      defaultText: 'The setting backup.folder.',
    },
    ContentServer: {
      type: 'string',
      help:
        'Where the content is read: a host name (its administrative shares, \\\\HOST\\C$), or a folder that holds the ' +
        "primary's drives as C$, D$ and so on.",
      defaultText: 'The setting content.server; without one the paths are read as they are.',
    },
    DestinationDrive: {
      type: 'string',
      help: 'Drive (D:) or folder under which the structure is recreated.',
      defaultText: 'The setting content.destinationDrive; without one the same drive.',
    },
    PathMap: {
      type: 'hashtable',
      help: 'Folders of the primary and what they are here. It comes before -DestinationDrive.',
      defaultText: 'The setting pathMap.',
    },
    ...permissionParameters,
  },
  output: output(
    'IisFailover.ContentCopy',
    {
      Name: { type: 'string', help: 'The site.' },
      Source: { type: 'string', help: 'Where the content was read.' },
      Destination: { type: 'string', help: 'Where it was copied to.' },
      FilesCopied: { type: 'int', help: 'Files that were new or changed.' },
      Bytes: { type: 'long', help: 'Bytes copied.' },
      FilesUnchanged: { type: 'int', help: 'Files that were the same already.' },
      FilesOnlyHere: { type: 'int', help: 'Files and folders that the primary does not have; they stay.' },
      AclsChanged: { type: 'int', help: 'Items whose permissions alone were changed.' },
      AclsUnmapped: {
        type: 'string[]',
        help: 'Accounts in permissions of the primary that this server does not have.',
      },
      Skipped: { type: 'int', help: 'Links and special files.' },
      Failed: { type: 'int', help: 'Items that could not be copied; each was reported as an error.' },
      Duration: { type: 'timespan', help: 'How long it took.' },
    },
    [
      { property: 'Name', width: 24 },
      { property: 'FilesCopied', width: 11, align: 'Right', label: 'Copied' },
      { property: 'Bytes', width: 12, align: 'Right' },
      { property: 'FilesUnchanged', width: 10, align: 'Right', label: 'Unchanged' },
      { property: 'AclsChanged', width: 6, align: 'Right', label: 'Acls' },
      { property: 'Failed', width: 7, align: 'Right' },
      { property: 'Destination' },
    ],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: 'Copy the content of all sites',
      code: 'Copy-FailoverContent -SettingsPath .\\failover.json',
      explanation: 'Copies what changed since the last run.',
    },
    {
      title: 'See what would be copied for one site',
      code: 'Copy-FailoverContent site1.com -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Shows files and bytes for each content folder, and copies nothing.',
    },
  ],
  related: ['Backup-FailoverSite', 'Restore-FailoverSite'],

  async plan(parameters, context): Promise<CopyPlan> {
    const loaded = await context.settingsIfPresent();
    const list = join(backupFolder(parameters.Source, loaded, 'Source'), siteListName);
    const entries = selectByName(
      parameters.Name,
      await readSiteList(list),
      (entry) => entry.name,
      list,
      (error) => context.error(error),
    );
    const content = loaded?.settings.content;
    const server =
      parameters.ContentServer ?? serverSetting(content?.server, (path) => loaded!.resolvePath(path));
    const drive =
      parameters.DestinationDrive ??
      serverSetting(content?.destinationDrive, (path) => loaded!.resolvePath(path));
    const { roots, problems } = await locateContentRoots(
      entries.flatMap((entry) => entry.contentRoots.map((path) => ({ site: entry.name, path }))),
      {
        pathMap: textMap(parameters.PathMap, loaded?.settings.pathMap, 'PathMap'),
        ...(server === undefined ? {} : { contentServer: server }),
        ...(drive === undefined ? {} : { destinationDrive: drive }),
      },
    );
    for (const problem of problems) context.error(problem);
    const contents: ContentPlan[] = [];
    const permissions = new Map<ContentPlan, SitePermissions>();
    const carried = permissionOptions(parameters, loaded);
    for (const root of roots) {
      try {
        const content = await planContentCopy(root, { signal: context.signal });
        const acls = await SitePermissions.compare(root, carried, context);
        contents.push(content);
        if (acls !== undefined) permissions.set(content, acls);
      } catch (error) {
        context.signal.throwIfAborted();
        context.error(toFailoverError(error, root.site));
      }
    }
    for (const plan of contents) reportProblems(plan, context);
    return {
      steps: contents
        .filter((plan) => !isNothing(plan, permissions))
        .map((plan) => ({
          id: plan.destination,
          target: plan.site,
          action: describeAction(plan, permissions.get(plan)),
          content: plan,
        })),
      contents,
      permissions,
      stateFolder: stateFolder(context, loaded),
    };
  },

  async *apply(approved, plan, context) {
    const log = await openLog(
      plan.stateFolder,
      'sitecontentcopy.log',
      'Copy-FailoverContent',
      context.clock,
      (text) => context.verbose(text),
    );
    const wanted = new Set(approved.map((step) => step.content));
    const incomplete = new Set<string>();
    for (const content of plan.contents) {
      if (!wanted.has(content) && !isNothing(content, plan.permissions)) {
        incomplete.add(content.site);
        continue;
      }
      const acls = plan.permissions.get(content);
      try {
        const copied = await applyContentPlan(content, {
          signal: context.signal,
          clock: context.clock,
          onError: (error) => context.error(error),
          onProgress: progressReporter(content, context),
          ...(acls === undefined ? {} : { permit: (path, place) => acls.carry(path, place, context) }),
        });
        const aclsChanged = (await acls?.apply(context)) ?? 0;
        const summary = { ...copied, failed: copied.failed + (acls?.failed ?? 0), aclsChanged };
        if (summary.failed > 0) incomplete.add(content.site);
        await log.write('copy', describeSummary(summary), { ...summary });
        yield copyObject(summary, acls);
      } catch (error) {
        context.signal.throwIfAborted();
        const failure = toFailoverError(error, content.site);
        incomplete.add(content.site);
        await log.write('error', failure.message, { site: content.site, errorId: failure.id });
        context.error(failure);
      }
    }
    const lastCopy = context.clock.now().toISOString();
    const whole = [...new Set(plan.contents.map(({ site }) => site))].filter((site) => !incomplete.has(site));
    await updateState(plan.stateFolder, new Map(whole.map((site) => [site, { lastCopy }])));
  },
});

/** A host name or a drive stays; a path starts at the settings file. */
function serverSetting(value: string | undefined, resolvePath: (path: string) => string): string | undefined {
  if (value === undefined || !/[\\/]/.test(value)) return value;
  return resolvePath(value);
}

function reportProblems(plan: ContentPlan, context: CommandContext): void {
  for (const problem of plan.problems) context.error(problem);
  const links = plan.skipped.filter((item) => item.kind === 'link').length;
  const special = plan.skipped.length - links;
  if (plan.skipped.length > 0)
    context.warning(
      `${plan.site}: ${links} links and ${special} special files in ${plan.source} are not copied.`,
    );
}

/** Tells the share of bytes twice a second. */
function progressReporter(content: ContentPlan, context: CommandContext): (progress: CopyProgress) => void {
  const started = context.clock.monotonic();
  let told = started;
  const activity = `Copying the content of ${content.site}`;
  return ({ files, totalFiles, bytes, totalBytes }) => {
    const now = context.clock.monotonic();
    const completed = files === totalFiles;
    if (now - told < 500 && !(completed && told > started)) return;
    told = now;
    const share = totalBytes === 0 ? files / totalFiles : bytes / totalBytes;
    const elapsed = (now - started) / 1000;
    context.progress({
      activity,
      status: `${files} of ${totalFiles} files, ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
      percent: Math.floor(share * 100),
      ...(share > 0 ? { secondsRemaining: Math.ceil(elapsed / share - elapsed) } : {}),
      completed,
    });
  };
}

type Summary = CopySummary & { readonly aclsChanged: number };

function isNothing(content: ContentPlan, permissions: ReadonlyMap<ContentPlan, SitePermissions>): boolean {
  return isEmptyPlan(content) && (permissions.get(content)?.plan.changes.length ?? 0) === 0;
}

function describeAction(content: ContentPlan, acls: SitePermissions | undefined): string {
  const count = acls?.plan.changes.length ?? 0;
  if (count === 0) return describePlan(content);
  if (isEmptyPlan(content)) return `Re-permission ${describeItems(count)} in ${content.destination}`;
  return `${describePlan(content)}, re-permission ${describeItems(count)}`;
}

function describeSummary(summary: Summary): string {
  const { site, filesCopied, bytes, unchanged, failed, destination, aclsChanged } = summary;
  const acls = aclsChanged === 0 ? '' : `, ${describeItems(aclsChanged)} re-permissioned`;
  const words = `${site}: ${filesCopied} files (${formatBytes(bytes)}) copied to ${destination}, ${unchanged} unchanged${acls}`;
  return failed > 0 ? `${words}, ${failed} failed` : words;
}

function copyObject(summary: Summary, acls: SitePermissions | undefined) {
  return {
    Name: summary.site,
    Source: summary.source,
    Destination: summary.destination,
    FilesCopied: summary.filesCopied,
    Bytes: summary.bytes,
    FilesUnchanged: summary.unchanged,
    FilesOnlyHere: summary.extra,
    AclsChanged: summary.aclsChanged,
    AclsUnmapped: acls?.plan.unmapped.map(({ account }) => account) ?? [],
    Skipped: summary.skipped,
    Failed: summary.failed,
    Duration: summary.durationMs,
  };
}
