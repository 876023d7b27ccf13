import { join } from 'node:path';
import {
  applyContentPlan,
  type ContentPlan,
  ContentWorkers,
  isNothingToCopy,
  locateContentRoots,
  planContentCopy,
  syncIndexPath,
} from '../content/index.ts';
import { excludedBy } from '../content/exclude.ts';
import { openLog } from '../edge/run-log.ts';
import { updateState } from '../edge/state.ts';
import { readSiteList, siteListName, type SiteListEntry } from '../iis/index.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import { change } from './definition.ts';
import {
  copyObject,
  copyOutput,
  describeSummary,
  progressReporter,
  quarantineBeside,
  type RootSummary,
  reportProblems,
  rootsInside,
  serverSetting,
  tellLines,
} from './support/content-copy.ts';
import { bySite, type CopyStep, mirrorParameters, purge, stepsOf } from './support/content-steps.ts';
import { nameParameter } from './support/name-parameter.ts';
import { permissionOptions, permissionParameters, SitePermissions } from './support/permissions.ts';
import { backupFolder, stateFolder, textMap } from './support/places.ts';
import { selectByName } from './support/wildcard.ts';

interface CopyPlan extends Plan<CopyStep> {
  /** Every root, also those in which nothing has to be copied. */
  readonly contents: readonly ContentPlan[];
  /** The permissions of each root, where they are carried. */
  readonly permissions: ReadonlyMap<ContentPlan, SitePermissions>;
  readonly stateFolder: string;
  readonly workers: ContentWorkers;
  readonly maximumBandwidth: number | undefined;
  readonly quarantineDays: number;
}

const defaultQuarantineDays = 7;
/** Over a network each file waits for answers: more at a time than processors, as robocopy's /MT. */
const threadsOverNetwork = 8;

export const copyFailoverContent = change({
  kind: 'change',
  verb: 'Copy',
  noun: 'FailoverContent',
  synopsis: 'Makes the content of sites on the failover server the same as on the primary.',
  description: [
    "Recreates the primary's folder structure, copies the files that are new or changed (by size and modification " +
      'time, or by what they hold with -Verify), and deletes what the primary no longer has. Each file arrives under a ' +
      'temporary name and is renamed, so that no visitor and no killed run ever sees half a file; the next run goes ' +
      'on where the last one stopped.',
    'What is deleted goes to a dated folder in .failover-quarantine beside the content, and so do files that had been ' +
      'changed here since the last copy when they are overwritten. These folders are removed after 7 days (setting ' +
      'content.quarantineDays). A source that is empty, or a run that would delete more than 30 % of the files, is ' +
      'refused unless -Force is given.',
    'The folders come from Sitelist.txt in the backup folder. Links are not followed.',
    'Permissions of files and folders are compared apart from the content: where they alone changed, nothing is ' +
      'copied again. On NTFS these are owner, group and access entries with their inheritance, on Linux owner and ' +
      'POSIX ACLs. An account that the failover server does not have is listed and never guessed: its allow ' +
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
    ...mirrorParameters,
    ...permissionParameters,
  },
  output: copyOutput,
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
      explanation:
        'Shows files and bytes for each content folder, and copies nothing. -Verbose names every file.',
    },
    {
      title: 'Leave logs alone and spare the network',
      code: "Copy-FailoverContent -SettingsPath .\\failover.json -Exclude '*.log', '/cache/' -MaximumBandwidth 10MB",
      explanation: 'Log files and the folder cache are neither copied nor deleted.',
    },
  ],
  related: ['Backup-FailoverSite', 'Restore-FailoverSite'],

  async plan(parameters, context): Promise<CopyPlan> {
    const loaded = await context.settingsIfPresent();
    const listFile = join(backupFolder(parameters.Source, loaded, 'Source'), siteListName);
    const list = await readSiteList(listFile);
    const entries = selectByName(
      parameters.Name,
      list,
      (entry) => entry.name,
      listFile,
      (error) => context.error(error),
    );
    const content = loaded?.settings.content;
    const server =
      parameters.ContentServer ?? serverSetting(content?.server, (path) => loaded!.resolvePath(path));
    const drive =
      parameters.DestinationDrive ??
      serverSetting(content?.destinationDrive, (path) => loaded!.resolvePath(path));
    const locate = (some: readonly SiteListEntry[]) =>
      locateContentRoots(
        some.flatMap((entry) => entry.contentRoots.map((path) => ({ site: entry.name, path }))),
        {
          pathMap: textMap(parameters.PathMap, loaded?.settings.pathMap, 'PathMap'),
          ...(server === undefined ? {} : { contentServer: server }),
          ...(drive === undefined ? {} : { destinationDrive: drive }),
        },
      );
    const { roots, problems } = await locate(entries);
    // Also the sites that are not copied must not show what is deleted.
    const all = entries.length === list.length ? roots : (await locate(list)).roots;
    for (const problem of problems) context.error(problem);
    const quarantineFolder = content?.quarantineFolder;
    const isRemote = roots.some(({ source }) => source.startsWith('\\\\'));
    const workers = new ContentWorkers(
      parameters.ThrottleLimit ?? (isRemote ? threadsOverNetwork : undefined),
      { inline: !isRemote },
    );
    const contents: ContentPlan[] = [];
    const permissions = new Map<ContentPlan, SitePermissions>();
    const carried = permissionOptions(parameters, loaded);
    for (const root of roots) {
      try {
        const plan = await planContentCopy(root, {
          signal: context.signal,
          workers,
          exclude: parameters.Exclude ?? content?.exclude ?? [],
          verify: parameters.Verify ?? false,
          force: parameters.Force ?? false,
          otherRoots: rootsInside(root, roots),
          quarantine:
            quarantineFolder === undefined
              ? quarantineBeside(root, all)
              : loaded!.resolvePath(quarantineFolder),
        });
        const isExcluded = excludedBy(plan.sides.exclude);
        const acls = await SitePermissions.compare(
          root,
          carried,
          context,
          (path, isFolder) => plan.sides.otherRoots.includes(path) || isExcluded(path, isFolder),
        );
        contents.push(plan);
        if (acls !== undefined) permissions.set(plan, acls);
        reportProblems(plan, context);
        tellLines(plan, context);
      } catch (error) {
        if (context.signal.aborted) await workers.close();
        context.signal.throwIfAborted();
        context.error(toFailoverError(error, root.site));
      }
    }
    return {
      steps: contents.flatMap((plan) => stepsOf(plan, permissions.get(plan))),
      contents,
      permissions,
      workers,
      stateFolder: stateFolder(context, loaded),
      maximumBandwidth: parameters.MaximumBandwidth,
      quarantineDays: content?.quarantineDays ?? defaultQuarantineDays,
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
    const incomplete = new Set<string>();
    try {
      for (const [site, contents] of bySite(plan.contents)) {
        const summaries: RootSummary[] = [];
        for (const content of contents) {
          const steps = approved.filter((step) => step.content === content);
          const acls = plan.permissions.get(content);
          const wanted = stepsOf(content, acls);
          if (steps.length < wanted.length) incomplete.add(site);
          if (steps.length === 0 && wanted.length > 0) continue;
          const copies = steps.some((step) => !step.deletes);
          try {
            const copied = await applyContentPlan(content, {
              signal: context.signal,
              clock: context.clock,
              workers: plan.workers,
              indexPath: syncIndexPath(plan.stateFolder, content),
              approved: {
                copy: copies || isNothingToCopy(content),
                remove: steps.some((step) => step.deletes),
              },
              ...(acls === undefined ? {} : { permit: (path, place) => acls.carry(path, place, context) }),
              ...(plan.maximumBandwidth === undefined ? {} : { maximumBandwidth: plan.maximumBandwidth }),
              onError: (error) => context.error(error),
              onProgress: progressReporter(content, context),
            });
            const aclsChanged = copies ? ((await acls?.apply(context)) ?? 0) : 0;
            const summary = {
              ...copied,
              failed: copied.failed + (acls?.failed ?? 0),
              aclsChanged,
              aclsUnmapped: acls?.plan.unmapped.map(({ account }) => account) ?? [],
            };
            if (summary.failed > 0) incomplete.add(site);
            await log.write('copy', describeSummary(summary), { ...summary });
            summaries.push(summary);
          } catch (error) {
            context.signal.throwIfAborted();
            const failure = toFailoverError(error, site);
            incomplete.add(site);
            await log.write('error', failure.message, { site, errorId: failure.id });
            context.error(failure);
          }
        }
        if (summaries.length > 0) yield copyObject(site, summaries);
      }
      await purge(plan.contents, plan.quarantineDays, context);
    } finally {
      await plan.workers.close();
    }
    const lastCopy = context.clock.now().toISOString();
    const whole = [...new Set(plan.contents.map(({ site }) => site))].filter((site) => !incomplete.has(site));
    await updateState(plan.stateFolder, new Map(whole.map((site) => [site, { lastCopy }])));
  },
});
