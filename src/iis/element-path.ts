import type { Binding } from '../model/site.ts';
import type { XmlDocument, XmlElement } from './scan.ts';

/**
 * Attributes that tell the items of a collection apart, in IIS's schema (isUniqueKey, isCombinedKey); the first list
 * whose first attribute an element has counts.
 */
const keyAttributes: readonly (readonly string[])[] = [
  ['bindingInformation', 'protocol'],
  ['name'],
  ['path'],
  ['key'],
  ['logFieldName'],
  ['fileExtension'],
  ['extension'],
  ['statusCode', 'subStatusCode'],
  ['ipAddress', 'subnetMask', 'domainName'],
  ['domainName'],
  ['fullPath', 'arguments'],
  ['mimeType'],
  ['segment'],
  ['sequence'],
  ['string'],
  ['provider'],
  ['header'],
  ['requestHeader'],
  ['verb'],
  ['queryString'],
  ['initializationPage'],
  ['wildcard'],
  ['certificateField', 'certificateSubField', 'matchCriteria'],
  ['groupId'],
  ['value'],
  ['users', 'roles', 'verbs'],
  ['roles', 'verbs'],
  ['input', 'pattern'],
];

/** `name=x` of an element with a key, `http *:80:x` of a binding; undefined for one without. */
export function itemKey(document: XmlDocument, element: XmlElement): string | undefined {
  const attributes = new Map(document.attributes(element).map(({ name, value }) => [name, value]));
  const keys = keyAttributes.find(([first = '']) => attributes.has(first));
  if (keys === undefined) return undefined;
  // Anywhere else it is no key, and may be a secret, which no path may show.
  if (keys[0] === 'value' && (element.name !== 'add' || /^\s*\[/.test(attributes.get('value') ?? '')))
    return undefined;
  if (keys[0] === 'bindingInformation')
    return `${attributes.get('protocol') ?? ''} ${attributes.get('bindingInformation') ?? ''}`;
  const present = keys.filter((name) => attributes.has(name));
  return present.map((name) => `${name}=${attributes.get(name) ?? ''}`).join(',');
}

/** An item of a collection is there or not; any other element only holds attributes and elements. */
export function isItem(document: XmlDocument, element: XmlElement): boolean {
  return element.name === 'clear' || itemKey(document, element) !== undefined;
}

/**
 * Names a place below `root`, e.g. `site/application[path=/]/virtualDirectory[path=/]/@password`. Steps have the
 * item's key, or its number where it has none; the root is named by `label`, so that places of two files compare.
 */
export function attributePath(
  document: XmlDocument,
  root: XmlElement,
  element: XmlElement,
  attribute: string,
  label: string,
): string {
  return `${elementPath(document, root, element, label)}/@${attribute}`;
}

/** `site/application[path=/]`. */
export function elementPath(
  document: XmlDocument,
  root: XmlElement,
  element: XmlElement,
  label: string,
): string {
  const steps: string[] = [];
  for (let at = element; at !== root && at.parent !== undefined; at = at.parent)
    steps.unshift(step(document, at, at.parent));
  return [label, ...steps].join('/');
}

export function poolLabel(name: string): string {
  return `applicationPools/add[name=${name}]`;
}

export function bindingLabel({ protocol, bindingInformation }: Binding): string {
  return `binding[${protocol} ${bindingInformation}]`;
}

export function locationLabel(path: string): string {
  return `location[path=${path}]`;
}

function step(document: XmlDocument, element: XmlElement, parent: XmlElement): string {
  const key = itemKey(document, element);
  if (key !== undefined) return `${element.name}[${key}]`;
  const alike = document.childrenNamed(parent, element.name);
  return alike.length === 1 ? element.name : `${element.name}[${alike.indexOf(element) + 1}]`;
}
