import {
  attributesOf,
  childrenOf,
  type ComparedNode,
  isCollectionItem,
  nothing,
  sameValue,
  shown,
  startTag,
  textOf,
} from './node.ts';

/** Called for each difference at a path. */
export type Report = (path: string, primary: string | undefined, failover: string | undefined) => void;

/**
 * What two elements say otherwise, defaults included. Order of attributes and of elements that are no items does not
 * count; an item that one side lacks is one difference, whatever is in it.
 *
 * @param passedOver attributes of the two elements themselves that identify them
 */
export function compareElements(
  path: string,
  primary: ComparedNode,
  failover: ComparedNode,
  report: Report,
  passedOver: readonly string[] = [],
): void {
  const [there, here] = [attributesOf(primary), attributesOf(failover)];
  for (const name of union(there, here)) {
    const [one, other] = [there.get(name), here.get(name)];
    if (!passedOver.includes(name) && !sameValue(one, other))
      report(`${path}/@${name}`, shown(one), shown(other));
  }
  const [text, otherText] = [textOf(primary), textOf(failover)];
  if (text !== otherText) report(`${path}/text()`, text || undefined, otherText || undefined);

  const [theirs, ours] = [childrenOf(primary), childrenOf(failover)];
  for (const step of union(theirs, ours)) {
    const [one, other] = [theirs.get(step), ours.get(step)];
    const [first, second] = [one?.sources[0], other?.sources[0]];
    const missing = one === undefined || other === undefined;
    if (missing && [first, second].some((located) => located && isCollectionItem(located)))
      report(`${path}/${step}`, first && startTag(first), second && startTag(second));
    else compareElements(`${path}/${step}`, one ?? nothing, other ?? nothing, report);
  }
  compareOrder(path, theirs, ours, report);
}

/** Items that both sides have, in another order: it decides for handlers, rules and documents. */
function compareOrder(
  path: string,
  theirs: ReadonlyMap<string, ComparedNode>,
  ours: ReadonlyMap<string, ComparedNode>,
  report: Report,
): void {
  const common = (one: ReadonlyMap<string, ComparedNode>, other: ReadonlyMap<string, ComparedNode>): string =>
    [...one]
      .filter(([step, { sources }]) => other.has(step) && sources[0] && isCollectionItem(sources[0]))
      .map(([step]) => step)
      .join(', ');
  const [order, otherOrder] = [common(theirs, ours), common(ours, theirs)];
  if (order !== otherOrder) report(path, order, otherOrder);
}

function union(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...one.keys(), ...other.keys()]);
}
