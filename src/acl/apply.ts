import { below } from '../content/folder-sync.ts';
import type { FailoverError } from '../model/failover-error.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { AclCarrier } from './carrier.ts';
import { type AclPlan, isSameKind } from './plan.ts';

/**
 * Sets what the plan holds: what is in a folder before the folder, whose new permissions may keep us out. An item
 * that was copied since, or is gone or another kind of item, is left alone.
 * @returns how many were changed and how many could not be
 * @throws the signal's reason
 */
export async function applyAcls(
  plan: AclPlan,
  carrier: AclCarrier,
  options: { readonly signal?: AbortSignal; readonly onError?: (error: FailoverError) => void } = {},
): Promise<{ readonly changed: number; readonly failed: number }> {
  let changed = 0;
  let failed = 0;
  for (const { path, isFolder, permissions } of plan.changes.toReversed()) {
    options.signal?.throwIfAborted();
    const place = below(plan.destination, path);
    try {
      const [present] = await carrier.destination.read([place]);
      if (Buffer.isBuffer(present) && carrier.isSame(permissions, present)) continue;
      if (!isSameKind(place, isFolder)) continue;
      await carrier.destination.write(place, permissions);
      changed++;
    } catch (error) {
      failed++;
      options.onError?.(toFailoverError(error, place));
    }
  }
  return { changed, failed };
}
