import type { XmlDocument, XmlElement } from '../iis/scan.ts';
import { multiSz } from './multi-sz.ts';

/** A property of a node, as an attribute or as a `<Custom>` element. */
export interface MetabaseProperty {
  /** The attribute's name, or the Name of a Custom element. */
  readonly name: string;
  /** As it stands in the file. */
  readonly raw: string;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** At the first letter of the attribute, or at the `<Custom`. */
  readonly start: number;
  /** Behind the attribute, or behind the element. */
  readonly end: number;
  /** Set for a property outside of the metabase's schema. */
  readonly custom?: { readonly element: XmlElement; readonly secure: boolean };
}

/** The properties of a node without its Location, in the order of the text. */
export function propertiesOf(document: XmlDocument, node: XmlElement): MetabaseProperty[] {
  const own = document
    .attributes(node)
    .filter(({ name }) => name !== 'Location')
    .map(({ name, start, valueStart, valueEnd }): MetabaseProperty => {
      const raw = document.text.slice(valueStart, valueEnd);
      return { name, raw, valueStart, valueEnd, start, end: valueEnd + 1 };
    });
  return [
    ...own,
    ...document.childrenNamed(node, 'Custom').flatMap((element) => customProperty(document, element)),
  ];
}

function customProperty(document: XmlDocument, element: XmlElement): MetabaseProperty[] {
  const attributes = document.attributes(element);
  const named = (name: string) => attributes.find((attribute) => attribute.name === name);
  const value = named('Value');
  if (value === undefined) return [];
  return [
    {
      name: named('Name')?.value ?? named('ID')?.value ?? '',
      raw: document.text.slice(value.valueStart, value.valueEnd),
      valueStart: value.valueStart,
      valueEnd: value.valueEnd,
      start: element.start,
      end: element.end,
      custom: { element, secure: /\bSECURE\b/.test(named('Attributes')?.value ?? '') },
    },
  ];
}

/** Names of properties have no case that counts twice: those of IIS 6's schema are written one way. */
export function propertyOf(
  properties: readonly MetabaseProperty[],
  name: string,
): MetabaseProperty | undefined {
  return properties.find((property) => property.name === name && property.custom === undefined);
}

/**
 * A node in a form that is equal for two nodes exactly if they mean the same: order of properties, and the white space
 * between the entries of a value, do not count. `location` stands for its own.
 */
export function nodeMeaning(document: XmlDocument, node: XmlElement, location: string): string {
  const properties = document
    .attributes(node)
    .filter(({ name }) => name !== 'Location')
    .map(({ name, valueStart, valueEnd }) =>
      JSON.stringify([name, multiSz(document.text.slice(valueStart, valueEnd))]),
    );
  const customs = document
    .childrenNamed(node, 'Custom')
    .map((custom) => JSON.stringify([nodeMeaning(document, custom, '')]));
  return JSON.stringify([node.name, location, ...properties.sort(), ...customs.sort()]);
}
