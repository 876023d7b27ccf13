import { sha256 } from '../edge/files.ts';
import { decodeUtf8, parseXml } from '../iis/gate.ts';
import { maximumSiteId } from '../iis/configuration.ts';
import type { XmlDocument, XmlElement } from '../iis/scan.ts';
import { failure } from '../model/failover-error.ts';
import { locationKey, siteIdOf, siteKey } from './location.ts';
import { multiSz } from './multi-sz.ts';
import { propertiesOf, propertyOf } from './node.ts';

/** An element below MBProperty. The metabase is a tree only by the Locations of its flat elements. */
export interface MetabaseNode {
  readonly element: XmlElement;
  /** As written, e.g. `/LM/W3SVC/1/ROOT`. */
  readonly location: string;
  /** The form in which it compares (location.ts). */
  readonly key: string;
}

export interface MetabaseSite {
  readonly id: number;
  /** ServerComment; empty where the site has none. Not unique. */
  readonly name: string;
  readonly node: MetabaseNode;
}

/**
 * A MetaBase.xml of IIS 6 as it was read.
 * https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms525644(v=vs.90)
 */
export interface Metabase {
  readonly path: string;
  /** Of the bytes read; a restore is refused when the file no longer has it. */
  readonly sha256: string;
  readonly document: XmlDocument;
  /** By key, in the order of the file. */
  readonly nodes: ReadonlyMap<string, MetabaseNode>;
  /** In the order of the file. */
  readonly sites: readonly MetabaseSite[];
  /** The nodes of each `/LM/W3SVC/<number>`, by that number, in the order of the file. */
  readonly nodesOfSites: ReadonlyMap<number, readonly MetabaseNode[]>;
}

/** configuration / MBProperty / node / Custom. */
const indexedDepth = 4;
const start =
  /^\uFEFF?(?:\s|<\?[^>]*\?>|<!--.*?-->)*<configuration(?:\s[^<>]*)?>(?:\s|<!--.*?-->)*<MBProperty[\s/>]/s;

/** True for the bytes of a MetaBase.xml: `<configuration>` with `<MBProperty>`. */
export function isMetabase(bytes: Buffer): boolean {
  return start.test(bytes.toString('utf8', 0, 65_536));
}

/**
 * Reads and checks a metabase; `path` is for messages.
 * @throws FailoverError ConfigurationEncoding, ConfigurationMalformed, MetabaseInvalid
 */
export function parseMetabase(bytes: Buffer, path: string): Metabase {
  const document = parseXml(decodeUtf8(bytes, path), path, 'ConfigurationMalformed', indexedDepth);
  const properties = document.child(document.root, 'MBProperty');
  if (properties === undefined) throw failure('MetabaseInvalid.root', { path }, { target: path });
  const nodes = new Map<string, MetabaseNode>();
  for (const element of document.children(properties)) {
    const location = document.attribute(element, 'Location');
    if (location === undefined)
      throw failure(
        'MetabaseInvalid.location',
        { path, element: element.name, line: document.line(element) },
        { target: path },
      );
    const stranger = strangerIn(document, element);
    if (stranger !== undefined)
      throw failure(
        'MetabaseInvalid.stranger',
        { path, stranger, element: element.name, line: document.line(element) },
        { target: path },
      );
    const key = locationKey(location);
    const twin = nodes.get(key);
    if (twin !== undefined) {
      const lines = `lines ${document.line(twin.element)} and ${document.line(element)}`;
      throw failure('MetabaseInvalid.twice', { path, location, lines }, { target: path });
    }
    nodes.set(key, { element, location, key });
  }
  return {
    path,
    sha256: sha256(bytes),
    document,
    nodes,
    sites: sitesOf(document, nodes),
    nodesOfSites: nodesOfSites(nodes),
  };
}

/** What IIS 6 never writes into a node, which holds `<Custom/>` elements alone: it could be a secret as well. */
function strangerIn(document: XmlDocument, element: XmlElement): string | undefined {
  let from = element.startTagEnd;
  for (const child of document.children(element)) {
    if (child.name !== 'Custom') return `a <${child.name}>`;
    const inside = document.text.slice(child.startTagEnd, child.endTagStart);
    if (document.text.slice(from, child.start).trim() !== '' || inside.trim() !== '') return 'a text';
    from = child.end;
  }
  return document.text.slice(from, element.endTagStart).trim() === '' ? undefined : 'a text';
}

function nodesOfSites(nodes: ReadonlyMap<string, MetabaseNode>): Map<number, MetabaseNode[]> {
  const found = new Map<number, MetabaseNode[]>();
  for (const node of nodes.values()) {
    const id = siteIdOf(node.key);
    if (id === undefined) continue;
    const group = found.get(id);
    if (group === undefined) found.set(id, [node]);
    else group.push(node);
  }
  return found;
}

function sitesOf(document: XmlDocument, nodes: ReadonlyMap<string, MetabaseNode>): MetabaseSite[] {
  return [...nodes.values()].flatMap((node) => {
    const id = siteIdOf(node.key);
    if (id === undefined || id > maximumSiteId || node.key !== siteKey(id)) return [];
    if (node.element.name !== 'IIsWebServer') return [];
    return [{ id, name: textOf(document, node.element, 'ServerComment')?.trim() ?? '', node }];
  });
}

/** A property of a node as text. */
export function textOf(document: XmlDocument, node: XmlElement, name: string): string | undefined {
  const property = propertyOf(propertiesOf(document, node), name);
  return property && multiSz(property.raw).join(' ');
}

/** The entries of a MULTISZ property, none where the node does not have it. */
export function entriesOf(document: XmlDocument, node: XmlElement, name: string): string[] {
  const property = propertyOf(propertiesOf(document, node), name);
  return property === undefined ? [] : multiSz(property.raw);
}

/** A property as IIS 6 sees it at a node: the node's own, else that of the nearest node above that has one. */
export function inheritedText(
  { document, nodes }: Metabase,
  { key }: MetabaseNode,
  name: string,
): string | undefined {
  const segments = key.split('/');
  for (let depth = segments.length; depth > 0; depth--) {
    const node = nodes.get(segments.slice(0, depth).join('/'));
    const value = node && textOf(document, node.element, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
