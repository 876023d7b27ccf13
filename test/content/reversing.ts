import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyContentPlan,
  applyReverse,
  type ConflictPolicy,
  type ContentRoot,
  planContentCopy,
  planReverse,
  type ReversePlan,
  type ReverseSummary,
  SyncIndex,
} from '../../src/content/index.ts';
import { ContentWorkers } from '../../src/content/workers.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';

/** A site's content on both sides, with its index and quarantines, in a folder of a test. */
export class TwoSides {
  readonly root: ContentRoot;
  readonly indexPath: string;
  readonly quarantine: { readonly primary: string; readonly standby: string };
  readonly errors: FailoverError[] = [];

  constructor(folder: string) {
    const source = join(folder, 'primary', 'site1');
    this.root = { site: 'site1.com', path: source, source, destination: join(folder, 'standby', 'site1') };
    this.indexPath = join(folder, 'index.jsonl');
    this.quarantine = { primary: join(folder, 'primary', 'old'), standby: join(folder, 'standby', 'old') };
  }

  /** From the primary to the standby, whatever it deletes. */
  async copy(): Promise<void> {
    const workers = new ContentWorkers(0);
    const plan = await planContentCopy(this.root, {
      workers,
      force: true,
      quarantine: this.quarantine.standby,
    });
    await applyContentPlan(plan, {
      workers,
      indexPath: this.indexPath,
      onError: (error) => this.errors.push(error),
    });
  }

  async plan(policy: ConflictPolicy, force = true): Promise<ReversePlan> {
    return planReverse(this.root, await SyncIndex.open(this.indexPath), { policy, force });
  }

  async apply(plan: ReversePlan): Promise<ReverseSummary> {
    return applyReverse(plan, {
      index: await SyncIndex.open(this.indexPath),
      indexPath: this.indexPath,
      quarantine: this.quarantine,
      onError: (error) => this.errors.push(error),
    });
  }
}

/** The contents of all files below, wherever they are. */
export function contentsBelow(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Set(files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')));
}
