import { findRecordSet, type RecordSet } from './record-set.ts';

/**
 * Why a host name that is an alias (CNAME) does not follow the site's switch; undefined where it does, because the
 * chain ends at a host name of the site that has records of its own.
 */
export function aliasProblem(
  alias: RecordSet,
  hostNames: readonly string[],
  current: readonly RecordSet[],
): string | undefined {
  const seen = new Set<string>();
  for (let link: RecordSet | undefined = alias; link !== undefined;) {
    seen.add(link.name);
    const [target = ''] = link.data;
    if (seen.has(target)) return `is an alias of ${alias.data.join(', ')} that leads back to itself`;
    if (!hostNames.includes(target)) {
      return `is an alias of ${target}, which is no host name of the site in this zone`;
    }
    link = findRecordSet(current, target, 'CNAME');
  }
  return undefined;
}
