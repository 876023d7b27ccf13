import { nameKey } from '../model/site.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import type { SecretPlace, SecretStep } from './secret-store.ts';

/** Attributes that tell the items of a collection apart in IIS's schema (isUniqueKey). */
const uniqueKeys = ['name', 'path', 'key', 'certificate'];

/**
 * The place of an attribute of a whole configuration file. Undefined for a section that the file does not declare: IIS
 * does not know it, so it encrypts nothing in it.
 */
export function secretPlace(
  document: XmlDocument,
  element: XmlElement,
  attribute: string,
): SecretPlace | undefined {
  const chain: XmlElement[] = [];
  for (let at = element; at.parent !== undefined; at = at.parent) chain.unshift(at);
  const [top] = chain;
  const location = top?.name === 'location' ? (document.attribute(top, 'path') ?? '') : '';
  if (top?.name === 'location') chain.shift();
  const length = declaredLength(document, chain);
  if (length === undefined) return undefined;
  return {
    section: chain
      .slice(0, length)
      .map(({ name }) => name)
      .join('/'),
    location,
    steps: chain.slice(length).map((one) => stepOf(document, one)),
    attribute,
  };
}

/** How many of the elements are the groups and the section of a declaration in `<configSections>`. */
function declaredLength(document: XmlDocument, chain: readonly XmlElement[]): number | undefined {
  let group = document.child(document.root, 'configSections');
  for (const [index, { name }] of chain.entries()) {
    if (group === undefined) return undefined;
    const named = (kind: string, within: XmlElement): XmlElement | undefined =>
      document.childrenNamed(within, kind).find((one) => document.attribute(one, 'name') === name);
    if (named('section', group) !== undefined) return index + 1;
    group = named('sectionGroup', group);
  }
  return undefined;
}

function stepOf(document: XmlDocument, element: XmlElement): SecretStep {
  const { name, parent } = element;
  const attributes = document.attributes(element);
  const key = uniqueKeys.find((unique) => attributes.some((one) => one.name === unique)) ?? null;
  return {
    name,
    key,
    value: key === null ? '' : (document.attribute(element, key) ?? ''),
    number: key === null && parent ? document.childrenNamed(parent, name).indexOf(element) : 0,
  };
}

/** Equal for the same place of two files of one server: IIS tells names apart without regard to case. */
export function placeKey({ section, location, steps, attribute }: SecretPlace): string {
  const parts = steps.map(
    ({ name, key, value, number }) => `${name} ${key ?? ''} ${key === null ? number : value}`,
  );
  return nameKey([section, location, ...parts, attribute].join('\n'));
}
