import { join } from 'node:path';
import {
  applyReverse,
  type ContentRoot,
  type ConflictPolicy,
  type ContentWorkers,
  conflictPolicies,
  formatBytes,
  planReverse,
  type ReversePlan,
  type ReverseSummary,
  SyncIndex,
  syncIndexPath,
} from '../../content/index.ts';
import { type Excluded, excludedBy } from '../../content/exclude.ts';
import type { RunLog } from '../../edge/run-log.ts';
import { failure, toFailoverError, type FailoverError } from '../../model/failover-error.ts';
import type { Step } from '../../model/plan.ts';
import type { CommandContext, ParameterSet } from '../definition.ts';
import { purge } from './content-steps.ts';
import { copyObject, describeSummary, type RootSummary, rootsInside } from './content-copy.ts';
import { ItemProgress } from './item-progress.ts';
import { permissionKeeper, type PermissionOptions } from './permissions.ts';

/** Parameters of bringing back. */
export const reverseParameters = {
  Reverse: {
    type: 'switch',
    help:
      'Brings what was changed on this server since the last copy back to the primary, before failback. Deletions ' +
      'move the files to .failover-quarantine on the primary.',
  },
  ConflictPolicy: {
    type: 'string',
    choices: conflictPolicies,
    help:
      'With -Reverse, what happens to a file that was changed on both sides: Report leaves both as they are and ' +
      "reports an error; Newest, Standby or Primary says whose version both sides get; KeepBoth keeps the primary's " +
      'beside it under another name. What is overwritten goes to the quarantine of its side.',
    defaultText: 'Report.',
  },
} as const satisfies ParameterSet;

/** A content root of which the standby's changes are brought back to the primary. */
export interface ReverseStep extends Step {
  readonly plan: ReversePlan;
  readonly index: SyncIndex | undefined;
  readonly indexPath: string;
  readonly quarantine: { readonly primary: string; readonly standby: string };
  readonly keepPermissions: ((present: string, copy: string) => Promise<void>) | undefined;
}

export interface ReverseSettings {
  readonly stateFolder: string;
  readonly permissions: PermissionOptions;
  readonly policy: ConflictPolicy;
  readonly force: boolean;
  /** gitignore patterns. */
  readonly exclude: readonly string[];
  /** Folders for what either side loses. */
  readonly quarantineOf: (root: ContentRoot) => ReverseStep['quarantine'];
}

/** Plans each root. @param attempt what fails in it is that root's own */
export async function planReverseSteps(
  roots: readonly ContentRoot[],
  settings: ReverseSettings,
  context: CommandContext,
  attempt: (root: ContentRoot, work: () => Promise<void>) => Promise<void>,
): Promise<ReverseStep[]> {
  const steps: ReverseStep[] = [];
  const isExcluded = excludedBy(settings.exclude);
  for (const root of roots) {
    const others = rootsInside(root, roots);
    await attempt(root, async () => {
      const isLeftOut: Excluded = (path, isFolder) => others.includes(path) || isExcluded(path, isFolder);
      steps.push(await planReverseStep(root, isLeftOut, settings, context));
    });
  }
  return steps;
}

/**
 * Compares one root with the last sync and reports conflicts, each as an error of its own where no policy decides it.
 * @throws FailoverError SyncIndexMissing, SyncIndexUnreadable, ContentSourceMissing, ContentDeleteRefused
 */
async function planReverseStep(
  root: ContentRoot,
  isExcluded: Excluded,
  { stateFolder, permissions, policy, force, quarantineOf }: ReverseSettings,
  context: CommandContext,
): Promise<ReverseStep> {
  const keepPermissions = await permissionKeeper(root.source, permissions);
  const indexPath = syncIndexPath(stateFolder, root);
  const index = await SyncIndex.open(indexPath);
  const plan = await planReverse(root, index, { policy, force, isExcluded, signal: context.signal });
  for (const problem of plan.problems) context.error(problem);
  for (const { path } of plan.unresolved) context.error(conflict(plan, path));
  for (const { path, action, isConflict } of plan.items) {
    const words = `${plan.site}: ${path}: ${actionWords[action]}`;
    if (isConflict) context.warning(`${words}; it was changed on both sides since the last copy`);
    else context.verbose(words);
  }
  return {
    id: `reverse ${plan.destination}`,
    target: plan.site,
    action: describeReverse(plan),
    plan,
    index,
    indexPath,
    quarantine: quarantineOf(root),
    keepPermissions,
  };
}

const actionWords = {
  toPrimary: "the standby's version goes to the primary",
  toStandby: "the primary's version goes to the standby",
  removeOnPrimary: 'it is deleted on the primary',
  removeOnStandby: 'it is deleted on the standby',
  both: "the standby's version goes to the primary, whose own stays beside it under another name",
} as const;

/** What ShouldProcess asks. */
export function describeReverse({ items, newFolders, source, destination }: ReversePlan): string {
  const deleted = items.filter(({ action }) => action === 'removeOnPrimary').length;
  const brought = items.filter(({ action }) => action === 'toPrimary' || action === 'both');
  const bytes = brought.reduce((sum, { versions }) => sum + (versions.standby?.size ?? 0), 0);
  const conflicts = items.filter(({ isConflict }) => isConflict).length;
  const parts = [
    `Bring back ${count(brought.length, 'file')} (${formatBytes(bytes)}) from ${destination} to ${source}`,
    ...(newFolders.length > 0 ? [`make ${count(newFolders.length, 'folder')} there`] : []),
    ...(deleted > 0 ? [`delete ${count(deleted, 'file')} there`] : []),
    ...(conflicts > 0 ? [`resolve ${count(conflicts, 'conflict')}`] : []),
  ];
  return parts.join(', ');
}

/** True where nothing has to be asked for; the index is still brought up to date. */
export function isNothingToBringBack({ items, newFolders, goneFolders }: ReversePlan): boolean {
  return items.length + newFolders.length + goneFolders.length === 0;
}

export interface BringBackOptions {
  readonly workers: ContentWorkers;
  /** Each copy is read again. */
  readonly verify: boolean;
  readonly maximumBandwidth: number | undefined;
  readonly quarantineDays: number;
}

/** Does what was approved, and records the new sync also where nothing had to be asked for. */
export async function* bringBack(
  approved: ReadonlySet<Step>,
  steps: readonly ReverseStep[],
  options: BringBackOptions,
  log: RunLog,
  context: CommandContext,
): AsyncIterable<ReturnType<typeof copyObject>> {
  try {
    yield* bringBackAll(approved, steps, options, log, context);
    const quarantines = steps.flatMap(({ quarantine }) => [quarantine.primary, quarantine.standby]);
    await purge(quarantines, options.quarantineDays, context);
  } finally {
    await options.workers.close();
  }
}

async function* bringBackAll(
  approved: ReadonlySet<Step>,
  steps: readonly ReverseStep[],
  options: BringBackOptions,
  log: RunLog,
  context: CommandContext,
): AsyncIterable<ReturnType<typeof copyObject>> {
  const chosen = steps.filter((step) => approved.has(step) || isNothingToBringBack(step.plan));
  const progress = new ItemProgress(context, 'Bringing content back', chosen.length);
  for (const step of chosen) {
    progress.working(step.plan.site);
    try {
      const summary = await applyStep(step, options, context);
      await log.write('reverse', describeSummary(summary), { ...summary });
      yield copyObject(step.plan.site, [summary]);
    } catch (error) {
      context.signal.throwIfAborted();
      const failure = toFailoverError(error, step.plan.site);
      await log.write('error', failure.message, { site: step.plan.site, errorId: failure.id });
      context.error(failure);
    }
    progress.advance();
  }
  progress.end();
}

async function applyStep(
  { plan, index, indexPath, quarantine, keepPermissions }: ReverseStep,
  { workers, verify, maximumBandwidth }: BringBackOptions,
  context: CommandContext,
): Promise<RootSummary> {
  const summary = await applyReverse(plan, {
    clock: context.clock,
    signal: context.signal,
    index,
    indexPath,
    quarantine,
    ...(keepPermissions === undefined ? {} : { keepPermissions }),
    workers,
    verify,
    ...(maximumBandwidth === undefined ? {} : { maximumBandwidth }),
    onError: (error) => context.error(error),
  });
  return toRootSummary(plan, summary);
}

function toRootSummary(plan: ReversePlan, summary: ReverseSummary): RootSummary {
  return {
    ...summary,
    site: plan.site,
    source: plan.destination,
    destination: plan.source,
    foldersCreated: plan.newFolders.length,
    unchanged: plan.unchanged,
    skipped: 0,
    quarantine: summary.quarantine[0],
    aclsChanged: 0,
    aclsUnmapped: [],
    conflicts: [...plan.items.filter(({ isConflict }) => isConflict), ...plan.unresolved].map(
      ({ path }) => path,
    ),
  };
}

/** A site that is failed over is not copied to the standby: its content there is what counts. */
export function standbyAuthoritative(site: string): FailoverError {
  return failure('StandbyAuthoritative', { site }, { target: site });
}

function conflict({ site, source, destination }: ReversePlan, path: string): FailoverError {
  return failure('ContentConflict', { site, path, source, destination }, { target: join(destination, path) });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
