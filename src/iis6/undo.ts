import { layOut, removal } from '../iis/layout.ts';
import type { XmlElement } from '../iis/scan.ts';
import { type Edit, splice } from '../iis/splice.ts';
import type { RecordedChange, Revert, Reverted } from '../history/index.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { poolsOf } from './export.ts';
import { locationKey, poolKey } from './location.ts';
import { type Metabase, type MetabaseNode, parseMetabase } from './metabase.ts';
import { newlineOf } from './node-changes.ts';
import { nodeMeaning } from './node.ts';

/** A node that the run touched, as it was before the run and as it is now. */
interface Unit {
  readonly change: RecordedChange;
  readonly before: MetabaseNode | undefined;
  readonly current: MetabaseNode | undefined;
}

/**
 * Takes back what one run did to the nodes of a MetaBase.xml that was changed since; the same rules as for an
 * applicationHost.config (src/iis/undo.ts): a node that is as the run left it becomes what it was before, one that is
 * so already stays, any other is a conflict.
 * @throws FailoverError UndoConflict, naming every conflict
 */
export const revertMetabase: Revert = ({ before, after, current }, changes, path) => {
  const old = parseMetabase(before, path);
  const left = parseMetabase(after, path);
  const now = parseMetabase(current, path);
  const conflicts: string[] = [];
  const units: Unit[] = [];
  for (const change of unique(changes)) {
    const form = formOf(now, change);
    if (form === formOf(old, change)) continue;
    if (form === formOf(left, change))
      units.push({ change, before: nodeOf(old, change), current: nodeOf(now, change) });
    else conflicts.push(`${describe(change)} was changed since`);
  }
  if (conflicts.length > 0) throw conflict(conflicts, path);
  const text = splice(now.document.text, unitEdits(old, now, units));
  checkResult(text, units, path);
  return { content: text, changes: units.map(inverse) };
};

function conflict(conflicts: readonly string[], path: string): FailoverError {
  return failure('UndoConflict.changed', { path, conflicts: conflicts.join('; ') }, { target: path });
}

function describe({ element, name }: RecordedChange): string {
  return `the ${element === 'applicationPool' ? 'application pool' : element} ${name}`;
}

function unique(changes: readonly RecordedChange[]): RecordedChange[] {
  return [
    ...new Map(changes.map((change) => [`${change.element} ${locationKey(change.name)}`, change])).values(),
  ];
}

/** Changes of pools and of single nodes name their place, those of a site its ServerComment. */
function nodeOf({ nodes, sites }: Metabase, { element, name }: RecordedChange): MetabaseNode | undefined {
  if (element !== 'site') return nodes.get(element === 'applicationPool' ? poolKey(name) : locationKey(name));
  const [site, ...others] = sites.filter((one) => nameKey(one.name) === nameKey(name));
  return others.length > 0 ? undefined : site?.node;
}

function formOf(metabase: Metabase, change: RecordedChange): string {
  const node = nodeOf(metabase, change);
  return node === undefined ? '' : nodeMeaning(metabase.document, node.element, node.key);
}

/** What IIS could not read, or a site whose pool is gone, must not come of it. */
function checkResult(text: string, units: readonly Unit[], path: string): void {
  let result: Metabase;
  try {
    result = parseMetabase(Buffer.from(text), path);
  } catch (error) {
    throw conflict([error instanceof Error ? error.message : String(error)], path);
  }
  const pools = units.filter(({ change, before }) => change.element === 'applicationPool' && !before);
  if (pools.length === 0) return;
  const used = result.sites.map((site) => ({ site, pools: poolsOf(result, site).map(nameKey) }));
  const conflicts = pools.flatMap(({ change }) => {
    const user = used.find((one) => one.pools.includes(nameKey(change.name)));
    return user === undefined ? [] : [`${describe(change)} is that of the site ${user.site.name} by now`];
  });
  if (conflicts.length > 0) throw conflict(conflicts, path);
}

function unitEdits(old: Metabase, now: Metabase, units: readonly Unit[]): Edit[] {
  const newline = newlineOf(now);
  const order = [...old.nodes.values()];
  const laid = (element: XmlElement): string => {
    const xml = old.document.slice(element);
    return newlineOf(old) === newline ? xml : layOut(xml, '', { newline, indentation: '\t' });
  };
  const placed = [...units].sort((a, b) => startOf(a) - startOf(b));
  return placed.flatMap(({ before, current }): Edit[] => {
    if (before === undefined) return current === undefined ? [] : [removal(now.document, current.element)];
    const text = laid(before.element);
    if (current !== undefined) return [{ start: current.element.start, end: current.element.end, text }];
    const previous = order.slice(0, order.indexOf(before)).findLast(({ key }) => now.nodes.has(key));
    const { end } = now.nodes.get(previous?.key ?? 'lm/w3svc')?.element ?? now.document.root;
    return [{ start: end, end, text: newline + text }];
  });
}

/** Nodes that are put back at one place keep the order they had. */
function startOf({ before }: Unit): number {
  return before?.element.start ?? 0;
}

function inverse({ change, before, current }: Unit): Reverted {
  const { site, element, name, owned } = change;
  const action = before === undefined ? 'remove' : current === undefined ? 'add' : 'update';
  return { site, element, name, action, ownedAfter: owned.before };
}
