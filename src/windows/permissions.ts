import { hostname } from 'node:os';
import { toNamespacedPath } from 'node:path';
import { type Account, type AccountLookup, noLookup } from '../acl/accounts.ts';
import { decodeSid, encodeSid } from '../acl/sid.ts';
import { decodeDescriptor, encodeDescriptor } from '../acl/descriptor-binary.ts';
import type { AclStore, Permissions } from '../acl/store.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { bridgeAssembly, DotNet } from './dotnet.ts';

/** The part of DotNet that is used here. */
type Caller = Pick<DotNet, 'call'>;

/** Descriptors of Windows, many in one call. */
export class WindowsAclStore implements AclStore {
  readonly kind = 'nt';
  readonly name = 'Windows';
  readonly #dotnet: Caller;
  readonly #audit: boolean;

  /** @param audit reads audit entries as well, which needs the right to manage the security log */
  constructor(dotnet: Caller, audit: boolean) {
    this.#dotnet = dotnet;
    this.#audit = audit;
  }

  async read(paths: readonly string[]): Promise<(Permissions | FailoverError | undefined)[]> {
    const replies = await this.#dotnet.call('readPermissions', {
      paths: paths.map((path) => toNamespacedPath(path)),
      audit: this.#audit,
    });
    return replies.map((reply, index) => {
      if (typeof reply !== 'string') return reply ?? undefined;
      const path = paths[index]!;
      return failure('AclUnreadable', { path, why: reply }, { target: path });
    });
  }

  async write(path: string, permissions: Permissions): Promise<void> {
    // Windows keeps "auto-inherited" only where the writer asks for it.
    const descriptor = encodeDescriptor(decodeDescriptor(permissions), { requestAutoInherit: true });
    const [why] = await this.#dotnet.call('writePermissions', {
      items: [{ path: toNamespacedPath(path), descriptor }],
    });
    if (typeof why === 'string') throw failure('AclNotWritable', { path, why }, { target: path });
  }
}

/** Asks the primary (or this computer) and the standby, which is this computer, for accounts. */
export class WindowsAccountLookup implements AccountLookup {
  readonly standbyComputer: string;
  readonly #dotnet: () => Promise<Caller>;
  readonly #primary: string | null;

  /** @param primary its host name; null where its disks are this computer's */
  constructor(dotnet: () => Promise<Caller>, primary: string | null, standbyComputer = hostname()) {
    this.#dotnet = dotnet;
    this.#primary = primary;
    this.standbyComputer = standbyComputer;
  }

  async onPrimary(sid: string): Promise<Account | undefined> {
    const dotnet = await this.#dotnet();
    return (await dotnet.call('accountOf', { server: this.#primary, sid: encodeSid(sid) })) ?? undefined;
  }

  async onStandby(name: string): Promise<string | undefined> {
    const sid = await (await this.#dotnet()).call('sidOf', { account: name });
    return sid === null ? undefined : decodeSid(sid, 0);
  }
}

let bridge: Promise<DotNet> | undefined;

/** The bridge beside the bundle that runs, started at the first call. */
function startedBridge(): Promise<DotNet> {
  return (bridge ??= DotNet.load(bridgeAssembly()));
}

/**
 * The permissions of this computer's and its shares' files; elsewhere than on Windows no accounts are known.
 * @param server the primary, as content.server names it; a folder is not asked
 */
export function windowsPermissions(server?: string): {
  readonly lookup: AccountLookup;
  store(audit: boolean): Promise<AclStore>;
} {
  const isHost = server !== undefined && !/[\\/:]/.test(server);
  const lookup =
    process.platform === 'win32' ? new WindowsAccountLookup(startedBridge, isHost ? server : null) : noLookup;
  return { lookup, store: async (audit) => new WindowsAclStore(await startedBridge(), audit) };
}
