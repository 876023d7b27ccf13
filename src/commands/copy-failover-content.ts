import { join } from 'node:path';
import { type ContentPlan, type ContentRoot, ContentWorkers, planContentCopy } from '../content/index.ts';
import { openLog } from '../edge/run-log.ts';
import { readState, siteState } from '../edge/state.ts';
import { readSiteList, siteListName, type SiteListEntry } from '../iis/index.ts';
import { failure, toFailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import { change } from './definition.ts';
import {
  copyOutput,
  quarantineBeside,
  reportProblems,
  rootsInside,
  tellLines,
} from './support/content-copy.ts';
import { type CopyStep, mirrorParameters, stepsOf } from './support/content-steps.ts';
import { copyContents, type ForwardCopy } from './support/forward-copy.ts';
import { contentRoots } from './support/content-roots.ts';
import { ItemProgress } from './support/item-progress.ts';
import { nameParameter } from './support/name-parameter.ts';
import { permissionOptions, permissionParameters, SitePermissions } from './support/permissions.ts';
import { backupFolder, stateFolder } from './support/places.ts';
import {
  bringBack,
  isNothingToBringBack,
  planReverseSteps,
  reverseParameters,
  type ReverseStep,
  standbyAuthoritative,
} from './support/reverse-copy.ts';
import { selectByName } from './support/wildcard.ts';

interface CopyPlan extends Plan<CopyStep | ReverseStep>, ForwardCopy {
  /** With -Reverse, and nothing else then. */
  readonly verify: boolean;
  readonly reverse: readonly ReverseStep[] | undefined;
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
    'While a site is failed over, visitors write on this server, and its content is not overwritten. Before failback ' +
      '-Reverse brings back what was changed here. An index of the last copy tells on which side a file was changed.',
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
    ...reverseParameters,
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
    {
      title: 'Bring back what visitors wrote, before failback',
      code: 'Copy-FailoverContent -SettingsPath .\\failover.json -Reverse -ConflictPolicy KeepBoth',
      explanation: 'Files that were changed on both sides are kept in both versions.',
    },
  ],
  related: ['Backup-FailoverSite', 'Restore-FailoverSite'],

  async plan(parameters, context): Promise<CopyPlan> {
    if (parameters.ConflictPolicy !== undefined && parameters.Reverse !== true)
      throw failure('ParameterInvalid.conflictPolicy', {}, { target: 'ConflictPolicy' });
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
    const locate = (some: readonly SiteListEntry[]) => contentRoots(some, loaded, parameters);
    const { roots, problems } = await locate(entries);
    // Also the sites that are not copied must not show what is deleted.
    const all = entries.length === list.length ? roots : (await locate(list)).roots;
    for (const problem of problems) context.error(problem);
    const quarantineFolder = content?.quarantineFolder;
    const isRemote = roots.some(({ source }) => source.startsWith('\\\\'));
    const quarantineOf = (root: ContentRoot): string =>
      quarantineFolder === undefined ? quarantineBeside(root, all) : loaded!.resolvePath(quarantineFolder);
    const states = await readState(stateFolder(context, loaded));
    const isFailedOver = (site: string): boolean => {
      const { target, forced } = siteState(states, site);
      return target === 'failover' || forced === 'failover';
    };
    const carried = permissionOptions(parameters, loaded);
    const exclude = parameters.Exclude ?? content?.exclude ?? [];
    const workers = new ContentWorkers(
      parameters.ThrottleLimit ?? (isRemote ? threadsOverNetwork : undefined),
      { inline: !isRemote },
    );
    const common = {
      permissions: new Map<ContentPlan, SitePermissions>(),
      workers,
      stateFolder: stateFolder(context, loaded),
      maximumBandwidth: parameters.MaximumBandwidth,
      verify: parameters.Verify ?? false,
      quarantineDays: content?.quarantineDays ?? defaultQuarantineDays,
    };
    const progress = new ItemProgress(context, 'Comparing content', roots.length);
    const attempt = async (root: ContentRoot, work: () => Promise<void>): Promise<void> => {
      progress.working(root.site);
      try {
        await work();
      } catch (error) {
        if (context.signal.aborted) await workers.close();
        context.signal.throwIfAborted();
        context.error(toFailoverError(error, root.site));
      }
      progress.advance();
    };
    if (parameters.Reverse === true) {
      const reverse = await planReverseSteps(
        roots,
        {
          stateFolder: common.stateFolder,
          permissions: carried,
          policy: parameters.ConflictPolicy ?? 'Report',
          force: parameters.Force ?? false,
          exclude,
          quarantineOf: (root) => ({
            primary: quarantineBeside(swapped(root), all.map(swapped)),
            standby: quarantineOf(root),
          }),
        },
        context,
        attempt,
      );
      progress.end();
      return {
        ...common,
        contents: [],
        reverse,
        steps: reverse.filter(({ plan }) => !isNothingToBringBack(plan)),
      };
    }
    const contents: ContentPlan[] = [];
    const authoritative =
      parameters.Force === true ? new Set<string>() : new Set(sitesOf(roots).filter(isFailedOver));
    for (const site of authoritative) context.error(standbyAuthoritative(site));
    for (const root of roots.filter(({ site }) => !authoritative.has(site))) {
      await attempt(root, async () => {
        const carrier = await SitePermissions.carrier(root, carried, context);
        const plan = await planContentCopy(root, {
          signal: context.signal,
          workers,
          exclude,
          verify: parameters.Verify ?? false,
          force: parameters.Force ?? false,
          otherRoots: rootsInside(root, roots),
          quarantine: quarantineOf(root),
          ...(carrier?.source.kind === 'posix' ? { permissions: 'posix' } : {}),
        });
        const acls = carrier && (await SitePermissions.compare(plan, carrier, context));
        contents.push(plan);
        if (acls !== undefined) common.permissions.set(plan, acls);
        reportProblems(plan, context);
        tellLines(plan, context);
      });
    }
    progress.end();
    return {
      ...common,
      contents,
      reverse: undefined,
      steps: contents.flatMap((plan) => stepsOf(plan, common.permissions.get(plan))),
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
    if (plan.reverse !== undefined) {
      yield* bringBack(new Set(approved), plan.reverse, plan, log, context);
      return;
    }
    yield* copyContents(approved, plan, log, context);
  },
});

function sitesOf(roots: readonly ContentRoot[]): string[] {
  return [...new Set(roots.map(({ site }) => site))];
}

/** The root as it is for what goes from the standby to the primary. */
function swapped(root: ContentRoot): ContentRoot {
  return { ...root, source: root.destination, destination: root.source };
}
