import type { AccountMapper } from './accounts.ts';
import type { Ace, Acl, SecurityDescriptor } from './descriptor.ts';

export interface TranslatedDescriptor {
  /**
   * For the standby; without the owner, the group and the allow and audit entries of accounts it has none for.
   * Undefined where a deny entry would have to be left out: the rest alone would allow more than the primary does.
   */
  readonly descriptor: SecurityDescriptor | undefined;
  /** SIDs of the primary for which the standby has no account. */
  readonly unmapped: readonly string[];
}

/**
 * A descriptor of the primary with the accounts of the standby. An opaque entry is carried as it is where it holds
 * no account of a computer; nobody knows where in it an account stands.
 */
export async function translateDescriptor(
  { owner, group, dacl, sacl }: SecurityDescriptor,
  accounts: AccountMapper,
): Promise<TranslatedDescriptor> {
  const unmapped = new Set<string>();
  let isRefused = false;
  const map = async (sid: string | undefined): Promise<string | undefined> => {
    const target = sid === undefined ? undefined : await accounts.map(sid);
    if (sid !== undefined && target === undefined) unmapped.add(sid);
    return target;
  };
  const mapAcl = async (acl: Acl | undefined): Promise<Acl | undefined> => {
    if (acl === undefined || acl.aces === null) return acl;
    const aces: Ace[] = [];
    for (const ace of acl.aces) {
      const sid = ace.kind === 'opaque' ? undefined : await map(ace.sid);
      if (ace.kind === 'opaque') aces.push(ace);
      else if (sid !== undefined) aces.push({ ...ace, sid });
      else if (ace.kind === 'deny') isRefused = true;
    }
    return { ...acl, aces };
  };
  const parts = {
    owner: await map(owner),
    group: await map(group),
    dacl: await mapAcl(dacl),
    sacl: await mapAcl(sacl),
  };
  const present = Object.entries(parts).filter(([, part]) => part !== undefined);
  return {
    descriptor: isRefused ? undefined : Object.fromEntries(present),
    unmapped: [...unmapped],
  };
}
