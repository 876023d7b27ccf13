import { failure, type FailoverError } from '../model/failover-error.ts';
import { appPoolSid, isSid, normalizeSid, sidAliases } from './sid.ts';

/*
 * Which account of the standby an account of the primary is:
 *
 *   account of the primary                                        on the standby
 *   ------------------------------------------------------------  ----------------------------------------------
 *   named in -AccountMap, by SID, by name or by its domain's SID  what the map says
 *   well-known and built-in (not S-1-5-21-...)                    the same SID
 *   IIS APPPOOL\NAME, NT SERVICE\NAME                             the same SID: it is a hash of the name
 *   of a domain                                                   the same SID
 *   local, and the standby has an account of the same name        that account
 *   IUSR_PRIMARY, IWAM_PRIMARY (IIS 6 names them by computer)     IUSR_STANDBY, IWAM_STANDBY, where they exist
 *   any other                                                     none: it is reported, and never guessed
 */

/** What a server says of a SID. */
export interface Account {
  readonly name: string;
  /** The computer's or the domain's name. */
  readonly authority: string;
  /** False for an account of a domain. */
  readonly isLocal: boolean;
}

/** Asks the servers; an answer of undefined means that the server knows no such account. */
export interface AccountLookup {
  onPrimary(sid: string): Promise<Account | undefined>;
  /** The SID of `STANDBY\siteuser1` or `DOMAIN\user`. */
  onStandby(name: string): Promise<string | undefined>;
  /** The standby's computer name. */
  readonly standbyComputer?: string;
}

/** Where no server can be asked: what the map does not say stays unknown. */
export const noLookup: AccountLookup = {
  onPrimary: () => Promise.resolve(undefined),
  onStandby: () => Promise.resolve(undefined),
};

const issued = /^(S-1-5-21-\d+-\d+-\d+)(?:-(\d+))?$/;
const appPoolPrefix = /^IIS APPPOOL\\/i;

/** Maps SIDs; asks for each only once. */
export class AccountMapper {
  readonly #bySid = new Map<string, string>();
  readonly #byName = new Map<string, string>();
  readonly #lookup: AccountLookup;
  readonly #known = new Map<string, Promise<string | undefined>>();
  readonly #names = new Map<string, string>();

  /**
   * @param map account names or SIDs of the primary to those of the standby; the SID of a domain or computer
   * (S-1-5-21-A-B-C) stands for all its accounts, which keep their last number
   * @throws FailoverError AccountMapInvalid
   */
  constructor(map: ReadonlyMap<string, string>, lookup: AccountLookup = noLookup) {
    this.#lookup = lookup;
    for (const [from, to] of map) {
      const sid = fixedSid(from);
      if (sid === undefined) this.#byName.set(from.toLowerCase(), to);
      else this.#bySid.set(sid, to);
      if (isDomain(sid) !== isDomain(fixedSid(to)))
        throw mapInvalid(from, `${to} must be the SID of a domain or computer, as ${from} is, or neither`);
    }
  }

  /**
   * The standby's SID for one of the primary's; undefined where there is none.
   * @throws FailoverError AccountMapInvalid where the map names an account that the standby does not know
   */
  map(sid: string): Promise<string | undefined> {
    let known = this.#known.get(sid);
    if (known === undefined) this.#known.set(sid, (known = this.#find(sid)));
    return known;
  }

  /** `PRIMARY\siteuser1 (S-1-5-21-...)`, as far as it was learnt. */
  describe(sid: string): string {
    const name = this.#names.get(sid);
    return name === undefined ? sid : `${name} (${sid})`;
  }

  async #find(sid: string): Promise<string | undefined> {
    const mapped = this.#bySid.get(sid);
    if (mapped !== undefined) return this.#target(sid, mapped);
    const [, domain, number] = issued.exec(sid) ?? [];
    if (domain === undefined || number === undefined) return sid;
    const account = await this.#lookup.onPrimary(sid);
    if (account !== undefined) {
      const full = `${account.authority}\\${account.name}`;
      this.#names.set(sid, full);
      const target = this.#byName.get(full.toLowerCase()) ?? this.#byName.get(account.name.toLowerCase());
      if (target !== undefined) return this.#target(full, target);
    }
    const domainTarget = this.#bySid.get(domain);
    if (domainTarget !== undefined) return `${normalizeSid(domainTarget)}-${number}`;
    if (account === undefined) return undefined;
    return account.isLocal ? this.#localTwin(account) : sid;
  }

  async #localTwin({ name, authority }: Account): Promise<string | undefined> {
    const { standbyComputer } = this.#lookup;
    if (standbyComputer === undefined) return undefined;
    // With the computer's name, or an account of the standby's domain could be found.
    const local = (own: string): Promise<string | undefined> =>
      this.#lookup.onStandby(`${standbyComputer}\\${own}`);
    const [, role, computer] = /^(IUSR|IWAM)_(.+)$/i.exec(name) ?? [];
    const isByComputer = computer?.toLowerCase() === authority.toLowerCase();
    return (await local(name)) ?? (isByComputer ? local(`${role}_${standbyComputer}`) : undefined);
  }

  async #target(from: string, to: string): Promise<string> {
    const sid = fixedSid(to) ?? (await this.#lookup.onStandby(to));
    if (sid === undefined) throw mapInvalid(from, `${to} is no account that is known here; a SID always is`);
    return sid;
  }
}

/** The SID that a text stands for without asking anyone: a SID, an SDDL alias, an app pool identity. */
function fixedSid(text: string): string | undefined {
  if (isSid(text)) return normalizeSid(text);
  if (appPoolPrefix.test(text)) return appPoolSid(text.replace(appPoolPrefix, ''));
  return sidAliases[text.toUpperCase()];
}

function isDomain(sid: string | undefined): boolean {
  return sid !== undefined && /^S-1-5-21-\d+-\d+-\d+$/.test(sid);
}

function mapInvalid(from: string, why: string): FailoverError {
  return failure('AccountMapInvalid', { account: from, why }, { target: from });
}
