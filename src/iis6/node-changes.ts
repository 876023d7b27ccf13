import { layOut, removal } from '../iis/layout.ts';
import type { XmlElement } from '../iis/scan.ts';
import { type Edit, splice } from '../iis/splice.ts';
import type { SiteChange } from '../iis/types.ts';
import { parseXml } from '../iis/gate.ts';
import { isWithin, locationKey, siteIdOf } from './location.ts';
import type { Metabase } from './metabase.ts';
import { nodeMeaning } from './node.ts';

/** A change of one node with what it writes; its name is the node's Location, of a pool its name. */
export type NodeChange = Omit<SiteChange, 'action'> & { readonly location: string } & (
    | { readonly action: 'add'; readonly xml: string }
    | { readonly action: 'update'; readonly xml: string; readonly existing: XmlElement }
    | { readonly action: 'remove'; readonly existing: XmlElement }
  );

/** What makes the node at a Location mean what `xml` says: nothing, an update, or an addition where there is none. */
export function nodeChange(
  metabase: Metabase,
  kind: Pick<SiteChange, 'element' | 'name'>,
  location: string,
  xml: string,
): NodeChange[] {
  const key = locationKey(location);
  const existing = metabase.nodes.get(key)?.element;
  if (existing === undefined) return [{ ...kind, action: 'add', location, xml }];
  const desired = parseXml(xml, location, 'BackupInvalid');
  if (nodeMeaning(desired, desired.root, key) === nodeMeaning(metabase.document, existing, key)) return [];
  return [{ ...kind, action: 'update', location, xml, existing }];
}

/** The line end of a metabase; IIS 6 writes CR LF. */
export function newlineOf({ document }: Metabase): string {
  return document.text.includes('\r\n') ? '\r\n' : '\n';
}

/** The text of the metabase with these changes; every other character stays. */
export function writeNodes(metabase: Metabase, changes: readonly NodeChange[]): string {
  const { document } = metabase;
  const newline = newlineOf(metabase);
  const laid = (xml: string): string => layOut(xml, '', { newline, indentation: '\t' });
  const anchor = anchors(metabase);
  const edits = changes.map((change): Edit => {
    if (change.action === 'remove') return removal(document, change.existing);
    if (change.action === 'update')
      return { start: change.existing.start, end: change.existing.end, text: laid(change.xml) };
    const { end } = anchor(locationKey(change.location));
    return { start: end, end, text: newline + laid(change.xml) };
  });
  return splice(document.text, edits);
}

/**
 * The node behind which a new one goes, so that it follows the node above it. The first that the metabase has: the last
 * node of the same site (of the pools), the last node of any site, W3SVC itself. Nodes added at one place keep the
 * order of the backup.
 */
function anchors({ nodes, nodesOfSites }: Metabase): (key: string) => XmlElement {
  const all = [...nodes.values()];
  const lastSite = all.findLast(({ key }) => siteIdOf(key) !== undefined);
  const lastPool = all.findLast(({ key }) => isWithin(key, 'lm/w3svc/apppools'));
  const service = nodes.get('lm/w3svc');
  return (key) => {
    const id = siteIdOf(key);
    const own = id === undefined ? lastPool : nodesOfSites.get(id)?.at(-1);
    const node = own ?? lastSite ?? service;
    if (node === undefined) throw new Error(`the metabase has no place for ${key}`);
    return node.element;
  };
}
