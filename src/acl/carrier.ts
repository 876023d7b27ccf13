import { FailoverError } from '../model/failover-error.ts';
import type { AccountMapper } from './accounts.ts';
import { decodeDescriptor, encodeDescriptor } from './descriptor-binary.ts';
import { isSameDescriptor, type SecurityDescriptor } from './descriptor.ts';
import type { AclStore, Permissions } from './store.ts';
import { translateDescriptor } from './translate.ts';

/** What an item of the primary should have on the standby. */
export interface Carried {
  /** Undefined where they must not be set (see TranslatedDescriptor). */
  readonly permissions: Permissions | undefined;
  readonly unmapped: readonly string[];
}

export interface CarrierOptions {
  readonly source: AclStore;
  readonly destination: AclStore;
  readonly accounts: AccountMapper;
  /** Also audit entries (the SACL). */
  readonly audit?: boolean;
}

/**
 * Carries permissions from one store to another of the same kind. Items of a site have few different ones: each is
 * decoded, translated and compared once.
 */
export class AclCarrier {
  readonly source: AclStore;
  readonly destination: AclStore;
  readonly accounts: AccountMapper;
  readonly #audit: boolean;
  readonly #carried = new Map<string, Promise<Carried>>();
  readonly #same = new Map<string, boolean>();

  constructor({ source, destination, accounts, audit = false }: CarrierOptions) {
    this.source = source;
    this.destination = destination;
    this.accounts = accounts;
    this.#audit = audit;
  }

  /** @throws FailoverError AclInvalid, AclTooLarge, AccountMapInvalid */
  carried(permissions: Permissions): Promise<Carried> {
    if (this.source.kind === 'posix') return Promise.resolve({ permissions, unmapped: [] });
    const key = permissions.toString('latin1');
    let carried = this.#carried.get(key);
    if (carried === undefined) this.#carried.set(key, (carried = this.#translate(permissions)));
    return carried;
  }

  /** True where nothing has to be set. */
  isSame(wanted: Permissions, present: Permissions): boolean {
    if (wanted.equals(present)) return true;
    if (this.source.kind === 'posix') return false;
    const key = `${wanted.toString('latin1')}\n${present.toString('latin1')}`;
    let same = this.#same.get(key);
    if (same === undefined) {
      same = isSameDescriptor(decodeDescriptor(wanted), decodeDescriptor(present));
      this.#same.set(key, same);
    }
    return same;
  }

  /**
   * Gives an item that is not yet in its place what the primary's item has.
   * @throws FailoverError AclUnreadable, AclNotWritable, AclInvalid, AclTooLarge, AccountMapInvalid
   */
  async carry(from: string, to: string): Promise<void> {
    const [read] = await this.source.read([from]);
    if (read instanceof FailoverError) throw read;
    if (read === undefined) return;
    const { permissions } = await this.carried(read);
    if (permissions !== undefined) await this.destination.write(to, permissions);
  }

  async #translate(permissions: Permissions): Promise<Carried> {
    const whole = decodeDescriptor(permissions);
    const { descriptor, unmapped } = await translateDescriptor(this.#wanted(whole), this.accounts);
    return { permissions: descriptor === undefined ? undefined : encodeDescriptor(descriptor), unmapped };
  }

  #wanted({ sacl, ...descriptor }: SecurityDescriptor): SecurityDescriptor {
    return this.#audit && sacl !== undefined ? { ...descriptor, sacl } : descriptor;
  }
}
