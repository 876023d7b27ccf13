import { families, holderOf, serverAddresses } from './addresses.ts';
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
  const holders = new Set<'primary' | 'failover' | 'other'>();
  for (const name of hostNames) {
    const alias = findRecordSet(current, name, 'CNAME');
    if (alias !== undefined) {
      if (aliasProblem(alias, hostNames, current) !== undefined) return 'unknown';
      continue;
    }
    const found = families.flatMap((family) => {
      const set = findRecordSet(current, name, family);
      return set === undefined ? [] : [holderOf(family, set, servers)];
    });
    if (found.length === 0) return 'unknown';
    found.forEach((holder) => holders.add(holder));
  }
  if (holders.has('other')) return 'unknown';
  if (holders.size > 1) return 'mixed';
  return ([...holders][0] as 'primary' | 'failover' | undefined) ?? 'unknown';
}
