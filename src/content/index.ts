export {
  type ContentRoot,
  type ContentRootOptions,
  type LocatedRoots,
  locateContentRoots,
  type SiteFolder,
} from './roots.ts';
export { type CompareOptions, planContentCopy } from './compare.ts';
export type { FileToCopy } from './file-list.ts';
export {
  type ContentPlan,
  describeDeletes,
  describePlan,
  formatBytes,
  isEmptyPlan,
  isNothingToCopy,
  planLines,
  type SkippedItem,
} from './plan.ts';
export { applyContentPlan, type CopyContext, type CopyProgress } from './apply.ts';
export { purgeQuarantine } from './quarantine.ts';
export type { CopySummary } from './run.ts';
export { SyncIndex, type SyncedFile, type SyncedFolder, syncIndexPath } from './sync-index.ts';
export { ContentWorkers } from './workers.ts';
export { applyReverse, type ReverseContext, type ReverseSummary } from './reverse-apply.ts';
export {
  hasUnsyncedStandbyWrites,
  planReverse,
  type ReverseOptions,
  type ReversePlan,
} from './reverse-plan.ts';
export { conflictPolicies, type ConflictPolicy } from './three-way.ts';
