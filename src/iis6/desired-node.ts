import { mapBindingAddress } from '../iis/address-map.ts';
import { isSelfClosing, type XmlDocument, type XmlElement } from '../iis/scan.ts';
import { type Edit, splice } from '../iis/splice.ts';
import type { RestoreOptions } from '../iis/types.ts';
import { encodeAttribute } from '../iis/xml-text.ts';
import { type Finding, finding } from '../model/finding.ts';
import { mapConfiguredPath, systemVariables } from '../model/path-variables.ts';
import { nameKey } from '../model/site.ts';
import { withSiteId } from './location.ts';
import type { MetabaseNode } from './metabase.ts';
import { formatMultiSz, multiSz } from './multi-sz.ts';
import { type MetabaseProperty, propertiesOf, propertyOf } from './node.ts';
import { accountProperty, isSecure } from './secure.ts';

export interface NodeContext {
  /** Of the site that findings are about. */
  readonly siteName: string;
  /** The site's id on the primary and here. */
  readonly id: { readonly from: number; readonly to: number };
  readonly options: RestoreOptions;
  /** The target's node that this one replaces. */
  readonly existing?: { readonly document: XmlDocument; readonly element: XmlElement } | undefined;
}

export interface DesiredNode {
  readonly xml: string;
  readonly location: string;
  readonly findings: readonly Finding[];
}

/** A node of a backup as it should be on the target: site id, paths and addresses mapped, secure values those of it. */
export function desiredNode(document: XmlDocument, node: MetabaseNode, context: NodeContext): DesiredNode {
  const { element } = node;
  const { id, options } = context;
  const location = withSiteId(node.location, id.from, id.to);
  const properties = propertiesOf(document, element);
  const secure = secureEdits(document.text, properties, location, context);
  const place = document.attributes(element).find(({ name }) => name === 'Location')!;
  const edits: Edit[] = [
    { start: place.valueStart, end: place.valueEnd, text: encodeAttribute(location) },
    ...properties
      .filter((property) => !isSecure(property))
      .flatMap((property) => valueEdits(property, id, options)),
    ...secure.replaced,
    ...(secure.attributes === '' ? [] : [insert(place.valueEnd + 1, secure.attributes)]),
    ...childEdits(document.text, element, secure.children),
  ];
  const within = edits.map((edit) => ({
    ...edit,
    start: edit.start - element.start,
    end: edit.end - element.start,
  }));
  return { xml: splice(document.slice(element), within), location, findings: secure.findings };
}

function valueEdits(property: MetabaseProperty, id: NodeContext['id'], options: RestoreOptions): Edit[] {
  const { name, raw, valueStart, valueEnd, custom } = property;
  const text =
    custom !== undefined || name === 'AppRoot'
      ? withSiteId(raw, id.from, id.to)
      : mappedValue(name, raw, options);
  return text === raw ? [] : [{ start: valueStart, end: valueEnd, text }];
}

/** Values that hold paths or addresses of the primary; all others stay as they are. */
function mappedValue(name: string, raw: string, { pathMap, addressMap, variables }: RestoreOptions): string {
  const path = (text: string): string =>
    (pathMap?.size ? mapConfiguredPath(text, pathMap, variables ?? systemVariables()) : undefined) ?? text;
  const each = (map: (entry: string) => string): string => {
    const entries = multiSz(raw);
    const mapped = entries.map(map);
    return mapped.every((entry, index) => entry === entries[index]) ? raw : formatMultiSz(mapped);
  };
  switch (name) {
    case 'Path':
    case 'LogFileDirectory':
      return each(path);
    case 'HttpErrors':
      return each((entry) =>
        entry.replace(/^(\d+,[^,]*,FILE,)(.*)$/is, (_, head: string, file: string) => head + path(file)),
      );
    case 'ServerBindings':
    case 'SecureBindings':
      return each(
        (entry) => mapBindingAddress(entry, addressMap ?? new Map())?.replace(/^\*:/, ':') ?? entry,
      );
    default:
      return raw;
  }
}

interface SecureEdits {
  readonly replaced: Edit[];
  /** Values of the target that the backup's node has no place for. */
  readonly attributes: string;
  readonly children: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Secure values, of which a backup has only the places. The first that applies:
 *
 * | the target's node | result |
 * |---|---|
 * | has a value there, for the same account | that value stays |
 * | has none | the property is left out, so that it is inherited; never an empty one |
 */
function secureEdits(
  written: string,
  properties: readonly MetabaseProperty[],
  location: string,
  context: NodeContext,
): SecureEdits {
  const { siteName, existing } = context;
  const own = existing === undefined ? [] : propertiesOf(existing.document, existing.element);
  const kept = own.filter(
    (property) => isSecure(property) && property.raw !== '' && sameAccount(property.name, properties, own),
  );
  const replaced: Edit[] = [];
  const findings: Finding[] = [];
  const placed = new Set<MetabaseProperty>();
  for (const property of properties.filter(isSecure)) {
    const { name, custom, start, end } = property;
    const value = kept.find(
      (one) => one.name === name && (one.custom === undefined) === (custom === undefined),
    );
    const place = `${location}/${custom ? `Custom[${name}]` : `@${name}`}`;
    if (value !== undefined && existing !== undefined) {
      placed.add(value);
      replaced.push({ start, end, text: existing.document.text.slice(value.start, value.end) });
      findings.push(finding('SecretKept', siteName, place));
    } else {
      replaced.push({ start: written.slice(0, start).trimEnd().length, end, text: '' });
      findings.push(finding('SecretNotCarried.iis6', siteName, place));
    }
  }
  const others = kept.filter((property) => !placed.has(property));
  const text = (property: MetabaseProperty): string =>
    existing?.document.text.slice(property.start, property.end) ?? '';
  return {
    replaced,
    attributes: others
      .filter(({ custom }) => custom === undefined)
      .map((property) => `\n\t\t${text(property)}`)
      .join(''),
    children: others.filter(({ custom }) => custom !== undefined).map(text),
    findings,
  };
}

/** A password goes with its user name: another account's would lock it out. */
function sameAccount(
  name: string,
  wanted: readonly MetabaseProperty[],
  own: readonly MetabaseProperty[],
): boolean {
  const account = accountProperty(name);
  if (account === undefined) return true;
  const of = (properties: readonly MetabaseProperty[]): string =>
    nameKey(multiSz(propertyOf(properties, account)?.raw ?? '').join(' '));
  return of(wanted) === of(own);
}

function childEdits(text: string, element: XmlElement, children: readonly string[]): Edit[] {
  if (children.length === 0) return [];
  const content = children.map((child) => `\t${child}\n`).join('');
  if (!isSelfClosing(element)) return [insert(element.endTagStart, content)];
  const start = text.slice(0, element.end - 2).trimEnd().length;
  return [{ start, end: element.end, text: `>\n${content}</${element.name}>` }];
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}
