import type { Configuration } from './configuration.ts';
import { parseXml } from './gate.ts';
import { insertion, type Layout, layoutOf, layOut, removal, replacement } from './layout.ts';
import { meaning } from './meaning.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { type Edit, splice } from './splice.ts';
import type { SiteChange } from './types.ts';

/** A change with what it writes. It holds secrets: only its SiteChange part is shown. */
export type ElementChange = Omit<SiteChange, 'action'> &
  (
    | { readonly action: 'add'; readonly xml: string }
    | { readonly action: 'update'; readonly xml: string; readonly existing: XmlElement }
    | { readonly action: 'remove'; readonly existing: XmlElement }
  );

/** What makes an element mean what `xml` says: nothing, an update, or an addition where there is none. */
export function elementChange(
  document: XmlDocument,
  existing: XmlElement | undefined,
  element: SiteChange['element'],
  name: string,
  xml: string,
): ElementChange[] {
  if (existing === undefined) return [{ action: 'add', element, name, xml }];
  const desired = parseXml(xml, name, 'BackupInvalid');
  if (meaning(desired, desired.root) === meaning(document, existing)) return [];
  return [{ action: 'update', element, name, xml, existing }];
}

/** The text of the configuration with these changes; every other character stays. */
export function writeChanges(configuration: Configuration, changes: readonly ElementChange[]): string {
  const { document } = configuration;
  const layout = layoutOf(document);
  const edits = changes.flatMap((change): Edit[] => {
    if (change.action === 'update') return [replacement(document, change.existing, change.xml, layout)];
    if (change.action === 'remove') return [removal(document, change.existing)];
    return [];
  });
  return splice(document.text, [...edits, ...additions(configuration, changes, layout)]);
}

function additions(configuration: Configuration, changes: readonly ElementChange[], layout: Layout): Edit[] {
  const { document, applicationHost, poolsSection, sitesSection } = configuration;
  const added = (element: SiteChange['element']): string[] =>
    changes.flatMap((change) => (change.action === 'add' && change.element === element ? [change.xml] : []));
  const pools = added('applicationPool');
  const sites = added('site');
  const locations = added('location');
  const edits: Edit[] = [];
  if (pools.length > 0 && poolsSection) edits.push(insertion(document, poolsSection, 'add', pools, layout));
  if (sites.length > 0 && sitesSection) edits.push(insertion(document, sitesSection, 'site', sites, layout));

  // A file that never had a pool or a site may lack the section.
  const sections = [
    ...(pools.length > 0 && !poolsSection ? [section('applicationPools', pools, layout)] : []),
    ...(sites.length > 0 && !sitesSection ? [section('sites', sites, layout)] : []),
  ];
  if (sections.length > 0) edits.push(insertion(document, applicationHost, undefined, sections, layout));
  if (locations.length > 0) edits.push(insertion(document, document.root, undefined, locations, layout));
  return edits;
}

function section(name: string, elements: readonly string[], layout: Layout): string {
  const lines = elements.map((xml) => layOut(xml, '', layout));
  return [`<${name}>`, ...lines, `</${name}>`].join(layout.newline);
}
