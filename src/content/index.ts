export {
  type ContentRoot,
  type ContentRootOptions,
  type LocatedRoots,
  locateContentRoots,
  type SiteFolder,
} from './roots.ts';
export { type CompareOptions, planContentCopy } from './compare.ts';
export {
  type ContentPlan,
  describePlan,
  type FileToCopy,
  formatBytes,
  isEmptyPlan,
  type SkippedItem,
} from './plan.ts';
export { applyContentPlan, type CopyContext, type CopyProgress, type CopySummary } from './apply.ts';
