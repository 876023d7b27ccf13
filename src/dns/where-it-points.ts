import { holderOf, serverAddresses } from './addresses.ts';
import { aliasProblem } from './alias.ts';
import { normaliseName } from './names.ts';
import type { SwitchRequest } from './plan-types.ts';
import { findRecordSet } from './record-set.ts';

/**
 * The server that a site's host names in a zone point to.
 *
 * | address record sets of the host names | answer |
 * |---|---|
 * | each holds addresses of the primary only | primary |
 * | each holds addresses of the failover server only | failover |
 * | some the one, some the other | mixed |
 * | any holds something else or both, or a host name has none and is no alias of another | unknown |
 */
export function whereItPoints(
  request: Pick<SwitchRequest, 'zone' | 'hostNames' | 'primary' | 'failover' | 'current'>,
): 'primary' | 'failover' | 'mixed' | 'unknown' {
  const { current } = request;
  const servers = serverAddresses(request.primary, request.failover);
  const hostNames = request.hostNames.map(normaliseName);
  const holders = new Set<'primary' | 'failover'>();
  for (const name of hostNames) {
    const alias = findRecordSet(current, name, 'CNAME');
    if (alias !== undefined) {
      if (aliasProblem(alias, hostNames, current) !== undefined) return 'unknown';
      continue;
    }
    const sets = current.filter((set) => set.name === name && (set.type === 'A' || set.type === 'AAAA'));
    if (sets.length === 0) return 'unknown';
    for (const set of sets) {
      const holder = holderOf(set, servers);
      if (holder === 'other') return 'unknown';
      holders.add(holder);
    }
  }
  const [holder, another] = holders;
  if (holder === undefined) return 'unknown';
  return another === undefined ? holder : 'mixed';
}
