import type { Binding } from '../model/site.ts';
import type { XmlDocument, XmlElement } from './scan.ts';

/** Attributes that tell the items of a collection apart, in IIS's schema (isUniqueKey). */
const keyAttributes = ['name', 'path', 'key'];

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
  const steps = [`@${attribute}`];
  let at = element;
  while (at !== root && at.parent !== undefined) {
    steps.unshift(step(document, at, at.parent));
    at = at.parent;
  }
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
  const attributes = document.attributes(element);
  const key = keyAttributes.map((name) => attributes.find((one) => one.name === name)).find(Boolean);
  if (key !== undefined) return `${element.name}[${key.name}=${key.value}]`;
  const alike = document.childrenNamed(parent, element.name);
  return alike.length === 1 ? element.name : `${element.name}[${alike.indexOf(element) + 1}]`;
}
