import { failure, type FailoverError } from '../model/failover-error.ts';
import type { RecordedChange, Revert, Reverted } from '../history/index.ts';
import { nameKey } from '../model/site.ts';
import { type Configuration, parseConfiguration } from './configuration.ts';
import { locationKey } from './location-changes.ts';
import { insertion, type Layout, layoutOf, layOut, margin, removal } from './layout.ts';
import { meaning } from './meaning.ts';
import { listSites, poolNames } from './read.ts';
import type { XmlElement } from './scan.ts';
import { type Edit, splice } from './splice.ts';

/** What one run touched: a site, a pool, or the location blocks of one path. */
interface Unit {
  readonly change: RecordedChange;
  readonly before: readonly XmlElement[];
  readonly current: readonly XmlElement[];
}

/**
 * Takes back what one run did to the sites, pools and location blocks it touched, in a file that was changed since:
 *
 * | the element now | result |
 * |---|---|
 * | means what the run left | becomes that of the file before, character by character |
 * | means what it did before the run | stays: it was taken back already |
 * | differs from both | conflict |
 *
 * Everything else keeps its characters. A pool that other sites run in by now, and a name or id that another site has
 * by now, are conflicts as well.
 * @throws FailoverError UndoConflict, naming every conflict
 */
export const revertConfiguration: Revert = ({ before, after, current }, changes, path) => {
  const old = parseConfiguration(before, path);
  const left = parseConfiguration(after, path);
  const now = parseConfiguration(current, path);
  const conflicts: string[] = [];
  const units: Unit[] = [];
  for (const change of unique(changes)) {
    const form = formOf(now, change);
    if (form === formOf(old, change)) continue;
    if (form === formOf(left, change))
      units.push({ change, before: elementsOf(old, change), current: elementsOf(now, change) });
    else conflicts.push(`${describe(change)} was changed since`);
  }
  if (conflicts.length > 0) throw conflict(conflicts, path);

  const layout = layoutOf(now.document);
  const edits = units.flatMap((unit) => unitEdits(old, now, unit, layout));
  const text = splice(now.document.text, inOrder(edits));
  checkResult(text, units, path);
  return { content: text, changes: units.map(inverse) };
};

function conflict(conflicts: readonly string[], path: string): FailoverError {
  return failure('UndoConflict.changed', { path, conflicts: conflicts.join('; ') }, { target: path });
}

function describe({ element, name }: RecordedChange): string {
  const noun = element === 'applicationPool' ? 'application pool' : element;
  return `the ${noun} ${name}`;
}

function unique(changes: readonly RecordedChange[]): RecordedChange[] {
  return [...new Map(changes.map((change) => [unitKey(change), change])).values()];
}

function unitKey({ element, name }: RecordedChange): string {
  return `${element} ${element === 'location' ? locationKey(name) : nameKey(name)}`;
}

function elementsOf(configuration: Configuration, { element, name }: RecordedChange): XmlElement[] {
  const { document, sites, pools, locations } = configuration;
  if (element === 'location') {
    const blocks = locations.get(locationKey(name).split('/')[0] ?? '') ?? [];
    return blocks.filter(
      (block) => locationKey(document.attribute(block, 'path') ?? '') === locationKey(name),
    );
  }
  const found = element === 'site' ? sites.get(nameKey(name))?.element : pools.get(nameKey(name));
  return found === undefined ? [] : [found];
}

function formOf(configuration: Configuration, change: RecordedChange): string {
  return elementsOf(configuration, change)
    .map((element) => meaning(configuration.document, element))
    .join('\n');
}

function unitEdits(old: Configuration, now: Configuration, unit: Unit, layout: Layout): PlacedEdit[] {
  const { before, current } = unit;
  const edits: PlacedEdit[] = [];
  for (const [index, element] of before.entries()) {
    const existing = current[index];
    if (existing === undefined) edits.push(addition(old, now, unit.change, element, layout));
    else {
      const text = textOf(old, element, margin(now.document.text, existing.start), layout);
      edits.push({ start: existing.start, end: existing.end, text, order: element.start });
    }
  }
  for (const surplus of current.slice(before.length))
    edits.push({ ...removal(now.document, surplus), order: surplus.start });
  return edits;
}

/** `order`: where it stood in the file before, for additions at one place. */
type PlacedEdit = Edit & { readonly order: number };

function inOrder(edits: readonly PlacedEdit[]): Edit[] {
  return [...edits].sort((a, b) => a.order - b.order);
}

/** As it was, in the line ends of the file now. */
function textOf(old: Configuration, element: XmlElement, base: string | undefined, layout: Layout): string {
  const xml = old.document.slice(element);
  return layoutOf(old.document).newline === layout.newline ? xml : layOut(xml, base ?? '', layout);
}

/** Puts an element back behind the neighbour it stood behind, else before the one it stood before. */
function addition(
  old: Configuration,
  now: Configuration,
  change: RecordedChange,
  element: XmlElement,
  layout: Layout,
): PlacedEdit {
  const order = element.start;
  const siblings = old.document.children(element.parent!);
  const at = siblings.indexOf(element);
  const space = margin(old.document.text, element.start);
  const gap = layout.newline === '' || space === undefined ? '' : layout.newline + space;
  const xml = textOf(old, element, space, layout);
  const previous = siblings
    .slice(0, at)
    .reverse()
    .flatMap((sibling) => counterpart(old, now, sibling))[0];
  if (previous !== undefined) return { start: previous.end, end: previous.end, text: gap + xml, order };
  const next = siblings.slice(at + 1).flatMap((sibling) => counterpart(old, now, sibling))[0];
  if (next !== undefined) return { start: next.start, end: next.start, text: xml + gap, order };
  const container = containerOf(now, change);
  if (container === undefined)
    throw conflict([`the section that ${describe(change)} was in is gone`], now.path);
  return { ...insertion(now.document, container, undefined, [xml], layout), order };
}

/** The element of the file now that is the same site, pool, location block or section as one of the file before. */
function counterpart(old: Configuration, now: Configuration, sibling: XmlElement): XmlElement[] {
  const { document } = old;
  const as = (element: string, name: string): XmlElement[] =>
    elementsOf(now, { element, name } as RecordedChange).slice(-1);
  if (sibling.name === 'site') return as('site', document.attribute(sibling, 'name') ?? '');
  if (sibling.name === 'add') return as('applicationPool', document.attribute(sibling, 'name') ?? '');
  if (sibling.name === 'location') return as('location', document.attribute(sibling, 'path') ?? '');
  const parent = sibling.parent?.parent === undefined ? now.document.root : undefined;
  const container = parent ?? (sibling.parent?.name === 'sites' ? now.sitesSection : now.poolsSection);
  const found = container && now.document.childrenNamed(container, sibling.name);
  return found?.length === 1 ? found : [];
}

function containerOf(now: Configuration, { element }: RecordedChange): XmlElement | undefined {
  if (element === 'location') return now.document.root;
  return element === 'site' ? now.sitesSection : now.poolsSection;
}

/** What IIS could not read, or a site whose pool is gone, must not come of it. */
function checkResult(text: string, units: readonly Unit[], path: string): void {
  let result: Configuration;
  try {
    result = parseConfiguration(Buffer.from(text), path);
  } catch (error) {
    throw conflict([error instanceof Error ? error.message : String(error)], path);
  }
  const removed = units.filter(
    ({ change, before }) => change.element === 'applicationPool' && before.length === 0,
  );
  if (removed.length === 0) return;
  const sites = listSites(result);
  const conflicts = removed.flatMap(({ change }) => {
    const user = sites.find((site) => poolNames(site).some((pool) => nameKey(pool) === nameKey(change.name)));
    return user === undefined ? [] : [`${describe(change)} is that of the site ${user.name} by now`];
  });
  if (conflicts.length > 0) throw conflict(conflicts, path);
}

function inverse({ change, before, current }: Unit): Reverted {
  const { site, element, name, owned } = change;
  const action = before.length === 0 ? 'remove' : current.length === 0 ? 'add' : 'update';
  return { site, element, name, action, ownedAfter: owned.before };
}
