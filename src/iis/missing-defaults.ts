import { isItem } from './element-path.ts';
import { insertion, type Layout, layoutOf } from './layout.ts';
import { meaning } from './meaning.ts';
import { isSelfClosing, type XmlDocument, type XmlElement } from './scan.ts';
import { findSecrets } from './secrets.ts';
import type { Edit } from './splice.ts';
import { encodeAttribute } from './xml-text.ts';

export interface Located {
  readonly document: XmlDocument;
  readonly element: XmlElement;
}

/** What is to be written into an element. */
export interface Additions {
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: ReadonlyMap<string, Additions>;
}

export interface Missing {
  readonly additions: Additions;
  /** Paths below the element, `logFile/@directory`. */
  readonly written: readonly string[];
  /** Paths of what differs and cannot be written. */
  readonly unknown: readonly string[];
}

/**
 * What `elements` (an element and the nearer defaults for it) leave unset, and the primary's defaults set otherwise
 * than the target's; `builtIn` is what counts where either says nothing.
 */
export function missingFrom(
  elements: readonly Located[],
  primary: Located | undefined,
  target: Located | undefined,
  builtIn: Located | undefined,
): Missing {
  const written: string[] = [];
  const unknown: string[] = [];
  const additions = walk(elements, primary, target, builtIn, '');
  return { additions, written, unknown };

  function walk(
    own: readonly Located[],
    theirs: Located | undefined,
    ours: Located | undefined,
    inBuilt: Located | undefined,
    path: string,
  ): Additions {
    const attributes = new Map<string, string>();
    const set = new Set(own.flatMap((one) => [...valuesOf(one).keys()]));
    const [primarySet, targetSet, builtInSet] = [valuesOf(theirs), valuesOf(ours), valuesOf(inBuilt)];
    const secret = secretNames(theirs).size + secretNames(ours).size > 0;
    for (const name of new Set([...primarySet.keys(), ...targetSet.keys()])) {
      const value = primarySet.get(name) ?? builtInSet.get(name);
      if (set.has(name) || value === (targetSet.get(name) ?? builtInSet.get(name))) continue;
      // An account without its password would be worse than the other server's account.
      if (value === undefined || secret) unknown.push(`${path}@${name}`);
      else {
        attributes.set(name, value);
        written.push(`${path}@${name}`);
      }
    }
    if (itemsOf(theirs) !== itemsOf(ours)) unknown.push(path === '' ? '.' : path.slice(0, -1));
    const children = new Map<string, Additions>();
    for (const name of new Set([...settingsOf(theirs), ...settingsOf(ours)])) {
      const child = (one: Located): Located[] =>
        one.document.childrenNamed(one.element, name).map((element) => ({ ...one, element }));
      const [one, other, third] = [theirs, ours, inBuilt].map((parent) => parent && child(parent)[0]);
      const found = walk(own.flatMap(child), one, other, third, `${path}${name}/`);
      if (found.attributes.size + found.children.size > 0) children.set(name, found);
    }
    return { attributes, children };
  }
}

function valuesOf(located: Located | undefined): Map<string, string> {
  const attributes = located?.document.attributes(located.element) ?? [];
  return new Map(attributes.map(({ name, value }) => [name, value]));
}

function secretNames(located: Located | undefined): Set<string> {
  if (located === undefined) return new Set();
  const { document, element } = located;
  const secrets = findSecrets(document, element, '').filter((one) => one.element === element);
  return new Set(secrets.map(({ attribute }) => attribute.name));
}

/** Names of the children that are no items of a collection. */
function settingsOf(located: Located | undefined): string[] {
  if (located === undefined) return [];
  const { document, element } = located;
  return document
    .children(element)
    .filter((child) => !isItem(document, child))
    .map(({ name }) => name);
}

function itemsOf(located: Located | undefined): string {
  if (located === undefined) return '';
  const { document, element } = located;
  const items = document.children(element).filter((child) => isItem(document, child));
  return items.map((item) => meaning(document, item)).join('');
}

/** The edits that write additions into an element. */
export function placeIn(document: XmlDocument, element: XmlElement, additions: Additions): Edit[] {
  const { text } = document;
  const tagEnd = element.startTagEnd - (isSelfClosing(element) ? 2 : 1);
  const at = text.slice(element.start, tagEnd).trimEnd().length + element.start;
  const edits: Edit[] =
    additions.attributes.size === 0 ? [] : [{ start: at, end: at, text: attributesText(additions) }];
  const added: string[] = [];
  for (const [name, child] of additions.children) {
    const existing = document.child(element, name);
    if (existing === undefined) added.push(elementText(name, child));
    else edits.push(...placeIn(document, existing, child));
  }
  const layout: Layout = layoutOf(document);
  if (added.length > 0) edits.push(insertion(document, element, undefined, added, layout));
  return edits;
}

function attributesText({ attributes }: Additions): string {
  return [...attributes].map(([name, value]) => ` ${name}="${encodeAttribute(value)}"`).join('');
}

function elementText(name: string, additions: Additions): string {
  const inside = [...additions.children].map(([child, below]) => elementText(child, below)).join('');
  const opening = `<${name}${attributesText(additions)}`;
  return inside === '' ? `${opening} />` : `${opening}>${inside}</${name}>`;
}
