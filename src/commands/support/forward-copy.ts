import {
  applyContentPlan,
  type ContentPlan,
  type ContentWorkers,
  isNothingToCopy,
  syncIndexPath,
} from '../../content/index.ts';
import type { RunLog } from '../../edge/run-log.ts';
import { updateState } from '../../edge/state.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { Step } from '../../model/plan.ts';
import type { CommandContext } from '../definition.ts';
import { copyObject, describeSummary, type RootSummary } from './content-copy.ts';
import { ContentCopyProgress } from './copy-progress.ts';
import { bySite, type CopyStep, purge, stepsOf } from './content-steps.ts';
import type { SitePermissions } from './permissions.ts';

/** What makes the standby the same as the primary. */
export interface ForwardCopy {
  /** Every root, also those in which nothing has to be copied. */
  readonly contents: readonly ContentPlan[];
  /** The permissions of each root, where they are carried. */
  readonly permissions: ReadonlyMap<ContentPlan, SitePermissions>;
  readonly stateFolder: string;
  readonly workers: ContentWorkers;
  readonly maximumBandwidth: number | undefined;
  readonly quarantineDays: number;
}

/** Does what was approved, one object for each site, and records when all of a site was last copied. */
export async function* copyContents(
  approved: readonly Step[],
  copy: ForwardCopy,
  log: RunLog,
  context: CommandContext,
): AsyncIterable<ReturnType<typeof copyObject>> {
  const incomplete = new Set<string>();
  const progress = new ContentCopyProgress(copy.contents, context);
  try {
    for (const [site, contents] of bySite(copy.contents)) {
      const summaries: RootSummary[] = [];
      for (const content of contents) {
        const steps = approved
          .filter((step): step is CopyStep => 'content' in step)
          .filter((step) => step.content === content);
        const wanted = stepsOf(content, copy.permissions.get(content));
        if (steps.length < wanted.length) incomplete.add(site);
        if (steps.length === 0 && wanted.length > 0) {
          progress.finish(content);
          continue;
        }
        try {
          const summary = await copyContent(content, steps, copy, progress, context);
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
        progress.finish(content);
      }
      if (summaries.length > 0) yield copyObject(site, summaries);
    }
    progress.end();
    await purge(
      copy.contents.map(({ quarantine }) => quarantine),
      copy.quarantineDays,
      context,
    );
  } finally {
    await copy.workers.close();
  }
  const lastCopy = context.clock.now().toISOString();
  const whole = [...bySite(copy.contents).keys()].filter((site) => !incomplete.has(site));
  await updateState(copy.stateFolder, new Map(whole.map((site) => [site, { lastCopy }])));
}

async function copyContent(
  content: ContentPlan,
  steps: readonly CopyStep[],
  { permissions, stateFolder, workers, maximumBandwidth }: ForwardCopy,
  progress: ContentCopyProgress,
  context: CommandContext,
): Promise<RootSummary> {
  const acls = permissions.get(content);
  const copies = steps.some((step) => !step.deletes);
  const copied = await applyContentPlan(content, {
    signal: context.signal,
    clock: context.clock,
    workers,
    indexPath: syncIndexPath(stateFolder, content),
    approved: {
      copy: copies || isNothingToCopy(content),
      remove: steps.some((step) => step.deletes),
    },
    ...(acls?.areApart !== true ? {} : { permit: (path, place) => acls.carry(path, place, context) }),
    ...(maximumBandwidth === undefined ? {} : { maximumBandwidth }),
    onError: (error) => context.error(error),
    onProgress: (done) => progress.report(content.site, done),
  });
  const aclsChanged = copies ? ((await acls?.apply(context)) ?? 0) : 0;
  return {
    ...copied,
    failed: copied.failed + (acls?.failed ?? 0),
    aclsChanged,
    aclsUnmapped: acls?.plan.unmapped.map(({ account }) => account) ?? [],
    conflicts: [],
  };
}
