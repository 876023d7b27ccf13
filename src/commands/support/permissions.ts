import {
  AccountMapper,
  AclCarrier,
  type AclMode,
  type AclPlan,
  applyAcls,
  findAclStores,
  planAcls,
  type UnmappedAccount,
} from '../../acl/index.ts';
import { excludedBy } from '../../content/exclude.ts';
import { below } from '../../content/folder-sync.ts';
import type { ContentPlan } from '../../content/index.ts';
import { FailoverError, toFailoverError } from '../../model/failover-error.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { windowsPermissions } from '../../windows/permissions.ts';
import type { Bound, CommandContext, ParameterSet } from '../definition.ts';
import { textMap } from './places.ts';

/** Parameters of commands that carry permissions. */
export const permissionParameters = {
  NoAcl: {
    type: 'switch',
    help: 'Leaves out permissions: what is there keeps its own, new items get those of the folder they come into.',
    defaultText: 'The setting content.acl; without one permissions are carried where both sides keep them.',
  },
  AuditAcl: {
    type: 'switch',
    help: 'Carries audit entries as well; that needs the right to manage the security log.',
    defaultText: 'The setting content.audit.',
  },
  AccountMap: {
    type: 'hashtable',
    help:
      'Accounts of the primary and what they are here, by name or SID. Others are found by name where they are local ' +
      'to the primary, and stay the same where they are of a domain, built in, or IIS APPPOOL\\NAME.',
    defaultText: 'The setting content.accountMap.',
  },
} as const satisfies ParameterSet;

export interface PermissionOptions {
  readonly mode: AclMode;
  readonly audit: boolean;
  readonly accounts: AccountMapper;
}

/** @throws FailoverError ParameterInvalid, AccountMapInvalid */
export function permissionOptions(
  parameters: Bound<typeof permissionParameters>,
  loaded: LoadedSettings | undefined,
): PermissionOptions {
  const settings = loaded?.settings.content;
  const map = textMap(parameters.AccountMap, settings?.accountMap, 'AccountMap');
  const mode = parameters.NoAcl === true ? 'none' : (settings?.acl ?? 'auto');
  const { lookup } = windowsPermissions(settings?.server);
  return {
    mode,
    audit: parameters.AuditAcl ?? settings?.audit ?? false,
    accounts: new AccountMapper(map, lookup),
  };
}

/** The permissions of one content root, planned; they are set apart from the content. */
export class SitePermissions {
  readonly plan: AclPlan;
  readonly #carrier: AclCarrier;
  #failed = 0;

  private constructor(plan: AclPlan, carrier: AclCarrier) {
    this.plan = plan;
    this.#carrier = carrier;
  }

  /**
   * How the permissions of a root are carried; undefined where none are.
   * @throws FailoverError AclStoreMissing where a kind was asked for that cannot be
   */
  static async carrier(
    root: { readonly site: string; readonly source: string; readonly destination: string },
    { mode, audit, accounts }: PermissionOptions,
    context: CommandContext,
  ): Promise<AclCarrier | undefined> {
    const windows = () => windowsPermissions().store(audit);
    const stores = await findAclStores(root.source, root.destination, mode, windows);
    if ('reason' in stores) {
      const words = `${root.site}: permissions are not carried: ${stores.reason}.`;
      if (stores.isFailure) context.warning(`${words} -NoAcl leaves them out without a word.`);
      else context.verbose(words);
      return undefined;
    }
    return new AclCarrier({ ...stores, accounts, audit });
  }

  /** Compares the permissions, if that was not done together with the content. @throws the signal's reason */
  static async compare(
    content: ContentPlan,
    carrier: AclCarrier,
    context: CommandContext,
  ): Promise<SitePermissions> {
    const { sides, site, source, destination, acls, aclProblems } = content;
    const isExcluded = excludedBy(sides.exclude);
    const plan =
      sides.permissions === undefined
        ? await planAcls({ source, destination }, carrier, {
            signal: context.signal,
            isExcluded: (path, isFolder) => sides.otherRoots.includes(path) || isExcluded(path, isFolder),
          })
        : { source, destination, changes: acls, unmapped: [], problems: aclProblems };
    for (const problem of plan.problems) context.error(problem);
    for (const account of plan.unmapped) context.warning(`${site}: ${describeUnmapped(account)}`);
    return new SitePermissions(plan, carrier);
  }

  get failed(): number {
    return this.#failed + this.plan.problems.length;
  }

  /** Whether the copy asks for the permissions of each item; else its threads carry them. */
  get areApart(): boolean {
    return this.#carrier.source.kind !== 'posix';
  }

  /** Gives an item what the primary's has before anyone can see it. A failure is reported, and the copy goes on. */
  async carry(path: string, place: string, context: CommandContext): Promise<void> {
    try {
      await this.#carrier.carry(below(this.plan.source, path), place);
    } catch (error) {
      if (!(error instanceof FailoverError)) throw error;
      this.#failed++;
      context.error(error);
    }
  }

  /** Sets what the plan holds and gives how many items were changed. */
  async apply(context: CommandContext): Promise<number> {
    const { changed, failed } = await applyAcls(this.plan, this.#carrier, {
      signal: context.signal,
      onError: (error) => context.error(toFailoverError(error)),
    });
    this.#failed += failed;
    return changed;
  }
}

/** `12 items` for what ShouldProcess asks. */
export function describeItems(count: number): string {
  return `${count} ${count === 1 ? 'item' : 'items'}`;
}

function describeUnmapped({ account, items, refused }: UnmappedAccount): string {
  const allowed = items - refused;
  const known = `${account} has no account here`;
  const parts = [
    ...(allowed > 0 ? [`its entries are left out of ${describeItems(allowed)}`] : []),
    ...(refused > 0
      ? [
          `the permissions of ${describeItems(refused)} are not set, as without its deny entry they would allow more`,
        ]
      : []),
  ];
  return `${known}: ${parts.join(', and ')}. Name it in -AccountMap.`;
}

/**
 * Gives a file that takes the place of another one on the primary what the other has; undefined where nothing is
 * carried. The accounts are the primary's own.
 * @throws FailoverError AclStoreMissing where a kind was asked for that cannot be
 */
export async function permissionKeeper(
  folder: string,
  { mode, audit }: PermissionOptions,
): Promise<((present: string, copy: string) => Promise<void>) | undefined> {
  const stores = await findAclStores(folder, folder, mode, () => windowsPermissions().store(audit));
  if ('reason' in stores) return undefined;
  const { destination: store } = stores;
  return async (present, copy) => {
    const [permissions] = await store.read([present]);
    if (permissions instanceof FailoverError) throw permissions;
    if (permissions !== undefined) await store.write(copy, permissions);
  };
}
