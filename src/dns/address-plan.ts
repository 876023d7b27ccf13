import { failure, type FailoverError } from '../model/failover-error.ts';
import { families, type Family, holderOf } from './addresses.ts';
import { aliasProblem } from './alias.ts';
import type { RecordSetChange, RecordSetGuard } from './change.ts';
import { isWithin } from './names.ts';
import type { SwitchInput } from './plan-types.ts';
import { describeRecordSet, findRecordSet, recordSet, type RecordSet, sameData } from './record-set.ts';

/** What becomes of one host name's addresses. Throws the reason where the switch is refused. */
export function addressChanges(input: SwitchInput, name: string): RecordSetChange[] {
  const { zone, hostNames, current } = input;
  if (!isWithin(name, zone)) throw failure('DnsNotZone.planned', { name, zone }, { target: name });
  const alias = findRecordSet(current, name, 'CNAME');
  if (alias !== undefined) {
    const problem = aliasProblem(alias, hostNames, current);
    if (problem !== undefined) throw failure('DnsAliasElsewhere', { name, problem }, { target: name });
    return [];
  }
  const before = families.map((family) => findRecordSet(current, name, family) ?? null);
  if (before.every((set) => set === null)) throw failure('DnsRecordMissing', { name }, { target: name });
  const after = families.map((family, index) => moved(input, name, family, before[index]!));
  if (after.every((set) => set === null)) {
    const records = before.flatMap((set) => (set === null ? [] : [describeRecordSet(set)])).join(', ');
    throw failure('DnsNoAddressLeft', { name, records }, { target: name });
  }
  return families.flatMap((type, index) => {
    const change = { name, type, before: before[index]!, after: after[index]! };
    return change.before === change.after ? [] : [change];
  });
}

/** What the plan relies on at a host name and leaves as it is: the alias, or the address families it keeps. */
export function addressGuards(
  { current }: SwitchInput,
  name: string,
  moves: readonly RecordSetChange[],
): RecordSetGuard[] {
  const alias = findRecordSet(current, name, 'CNAME');
  if (alias !== undefined) return [{ name, type: 'CNAME', expected: alias }];
  // That no alias is there follows from the addresses that are (RFC 1034 section 3.6.2).
  return families
    .filter((type) => !moves.some((move) => move.name === name && move.type === type))
    .map((type) => ({ name, type, expected: findRecordSet(current, name, type) ?? null }));
}

/**
 * One address record set after the switch; the set itself where it stays, null for none.
 *
 * | it holds | failover | failback |
 * |---|---|---|
 * | nothing | stays | as saved; stays without |
 * | the primary's addresses | the failover server's first of the family; removed without | stays |
 * | the failover server's addresses | stays | as saved; without, the primary's first of the family; removed without |
 * | anything else, or both | refused | refused |
 */
function moved(input: SwitchInput, name: string, family: Family, before: RecordSet | null): RecordSet | null {
  const { direction, servers } = input;
  const holder = before === null ? 'none' : holderOf(before, servers);
  if (holder === 'other') throw unexpected(input, family, before!);
  const target = direction === 'failover' ? 'failover' : 'primary';
  if (holder === target) return before;
  if (direction === 'failback') {
    const saved = findRecordSet(input.saved, name, family);
    // What was saved counts only as the way back to the primary.
    if (saved !== undefined && holderOf(saved, servers) === 'primary') return saved;
  }
  if (before === null) return null;
  const [address] = servers[target][family];
  if (address === undefined) return null;
  const { ttlWhileSwitched = before.ttl } = direction === 'failover' ? input.options : {};
  const ttl = Math.min(before.ttl, ttlWhileSwitched);
  return sameData(before.data, [address]) ? before : recordSet(name, family, ttl, [address]);
}

function unexpected({ servers }: SwitchInput, family: Family, set: RecordSet): FailoverError {
  const words = (addresses: readonly string[]) => addresses.join(' or ') || 'none';
  const { primary, failover } = servers;
  const { name, data } = set;
  const expected = { primary: words(primary[family]), failover: words(failover[family]) };
  return failure(
    'DnsUnexpectedAddress',
    { name, family, found: data.join(', '), ...expected },
    { target: name },
  );
}
