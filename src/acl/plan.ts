import { kindOf } from '../content/folder.ts';
import { below, examineSync, listSync } from '../content/folder-sync.ts';
import { isOwnName } from '../content/temporary.ts';
import { FailoverError } from '../model/failover-error.ts';
import type { AclCarrier } from './carrier.ts';
import type { Permissions } from './store.ts';

export interface AclChange {
  /** Relative to both roots, `/` between names. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly permissions: Permissions;
}

/** Items with an account of the primary that the standby does not have. */
export interface UnmappedAccount {
  /** Name, where the primary said it, and SID. */
  readonly account: string;
  readonly items: number;
  /** Items whose permissions are not set at all, because a deny entry of the account would be left out. */
  readonly refused: number;
}

/** Which items that are on both sides have other permissions on the standby, as data. */
export interface AclPlan {
  readonly source: string;
  readonly destination: string;
  /** Folders before what is in them. */
  readonly changes: readonly AclChange[];
  readonly unmapped: readonly UnmappedAccount[];
  readonly problems: readonly FailoverError[];
}

export interface AclPlanOptions {
  readonly signal?: AbortSignal;
  /** True for what is no content of the site, with all that is in it. */
  readonly isExcluded?: (path: string, isFolder: boolean) => boolean;
}

interface Item {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Compares the permissions of all files and folders that both sides have, and changes nothing. What is only on the
 * primary gets its permissions when it is copied (AclCarrier.carry).
 * @throws the signal's reason
 */
export async function planAcls(
  root: { readonly source: string; readonly destination: string },
  carrier: AclCarrier,
  options: AclPlanOptions = {},
): Promise<AclPlan> {
  const comparison = new AclComparison(root, carrier, options);
  await comparison.run();
  return comparison.plan();
}

class AclComparison {
  readonly #root: { readonly source: string; readonly destination: string };
  readonly #carrier: AclCarrier;
  readonly #options: AclPlanOptions;
  readonly #changes: AclChange[] = [];
  readonly #unmapped = new Map<string, { items: number; refused: number }>();
  readonly #problems: FailoverError[] = [];

  constructor(
    root: { readonly source: string; readonly destination: string },
    carrier: AclCarrier,
    options: AclPlanOptions,
  ) {
    this.#root = root;
    this.#carrier = carrier;
    this.#options = options;
  }

  plan(): AclPlan {
    const unmapped = [...this.#unmapped].map(([sid, counts]) => ({
      account: this.#carrier.accounts.describe(sid),
      ...counts,
    }));
    const { source, destination } = this.#root;
    return { source, destination, changes: this.#changes, unmapped, problems: this.#problems };
  }

  async run(): Promise<void> {
    await this.#compare([{ path: '', isFolder: true }]);
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.#options.signal?.throwIfAborted();
      if (!isFolder(below(this.#root.destination, folder))) continue;
      const items = this.#itemsIn(folder);
      await this.#compare(items);
      for (const item of items) if (item.isFolder) folders.push(item.path);
    }
  }

  #itemsIn(folder: string): Item[] {
    const items: Item[] = [];
    for (const name of this.#namesIn(folder)) {
      if (isOwnName(name)) continue;
      const path = below(folder, name).replace(/^\//, '');
      const stats = examineSync(below(this.#root.source, path));
      const kind = stats === undefined ? undefined : kindOf(stats);
      if (kind !== 'file' && kind !== 'folder') continue;
      const item = { path, isFolder: kind === 'folder' };
      if (this.#options.isExcluded?.(item.path, item.isFolder) !== true) items.push(item);
    }
    return items;
  }

  /** What cannot be listed is a problem of the content comparison, which reports it. */
  #namesIn(folder: string): readonly string[] {
    try {
      return listSync(below(this.#root.source, folder));
    } catch {
      return [];
    }
  }

  async #compare(items: readonly Item[]): Promise<void> {
    const { source, destination } = this.#carrier;
    const wanted = await source.read(items.map(({ path }) => below(this.#root.source, path)));
    const present = await destination.read(items.map(({ path }) => below(this.#root.destination, path)));
    for (const [index, item] of items.entries()) {
      try {
        await this.#compareItem(item, wanted[index], present[index]);
      } catch (error) {
        if (!(error instanceof FailoverError)) throw error;
        this.#problems.push(error);
      }
    }
  }

  async #compareItem(
    item: Item,
    wanted: Permissions | FailoverError | undefined,
    present: Permissions | FailoverError | undefined,
  ): Promise<void> {
    if (wanted instanceof FailoverError) throw wanted;
    if (wanted === undefined) return;
    const { permissions, unmapped } = await this.#carrier.carried(wanted);
    for (const sid of unmapped) this.#count(sid, permissions === undefined);
    if (permissions === undefined) return;
    if (present instanceof FailoverError) throw present;
    if (present === undefined) {
      if (!isSameKind(below(this.#root.destination, item.path), item.isFolder)) return;
    } else if (this.#carrier.isSame(permissions, present)) return;
    this.#changes.push({ ...item, permissions });
  }

  #count(sid: string, isRefused: boolean): void {
    const { items, refused } = this.#unmapped.get(sid) ?? { items: 0, refused: 0 };
    this.#unmapped.set(sid, { items: items + 1, refused: refused + (isRefused ? 1 : 0) });
  }
}

function isFolder(path: string): boolean {
  return isSameKind(path, true);
}

/** True for a file or folder itself; a link to one is none. */
export function isSameKind(path: string, folder: boolean): boolean {
  const stats = examineSync(path);
  return folder ? stats?.isDirectory() === true : stats?.isFile() === true;
}
