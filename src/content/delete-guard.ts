import { failure } from '../model/failover-error.ts';
import type { ContentRoot } from './roots.ts';

/** More than this share of the standby's files is not deleted without -Force. */
export const deleteLimitPercent = 30;

export interface DeleteCounts {
  /** Files and folders that the primary has. */
  readonly sourceEntries: number;
  readonly destinationFiles: number;
  readonly deletedFiles: number;
}

/**
 * Refuses a plan that looks like a mistake: a wrong path, an unmounted volume, an emptied share.
 *
 * | source | deleted files of the standby's files | verdict |
 * |---|---|---|
 * | empty | any | refused |
 * | holds something | more than 30 % | refused |
 * | holds something | up to 30 % | goes on |
 *
 * @throws FailoverError ContentDeleteRefused, with the numbers
 */
export function guardDeletes({ site, source, destination }: ContentRoot, counts: DeleteCounts): void {
  const { sourceEntries, destinationFiles, deletedFiles } = counts;
  if (deletedFiles === 0) return;
  const share = (deletedFiles / destinationFiles) * 100;
  const isEmpty = sourceEntries === 0;
  if (!isEmpty && share <= deleteLimitPercent) return;
  const options = { target: site };
  const numbers = { site, destination, deleted: deletedFiles, files: destinationFiles };
  if (isEmpty) throw failure('ContentDeleteRefused.empty', { ...numbers, source }, options);
  const percents = { share: Math.floor(share), limit: deleteLimitPercent };
  throw failure('ContentDeleteRefused.tooMany', { ...numbers, ...percents }, options);
}
