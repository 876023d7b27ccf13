import { parseBindingInformation } from '../iis/read.ts';
import type { XmlDocument, XmlElement } from '../iis/scan.ts';
import { type Finding, finding } from '../model/finding.ts';
import { entriesOf, type Metabase, textOf } from './metabase.ts';

/** A site as it is to be written. */
export interface WrittenSite {
  readonly name: string;
  readonly id: number;
  readonly document: XmlDocument;
  readonly element: XmlElement;
}

/**
 * Reports bindings that a site which is not restored has as well, by the written site's name: only one of the two can
 * be started. A warning where one of them does not start with IIS. `restored` are ids of the target.
 */
export function findBindingConflicts(
  metabase: Metabase,
  written: readonly WrittenSite[],
  restored: ReadonlySet<number>,
): Map<string, Finding[]> {
  const conflicts = new Map<string, Finding[]>();
  if (written.length === 0) return conflicts;
  const owners = new Map<string, { name: string; starts: boolean }>();
  for (const { id, name, node } of metabase.sites) {
    if (restored.has(id)) continue;
    const starts = startsWithIis(metabase.document, node.element);
    for (const binding of bindingsOf(metabase.document, node.element)) {
      const key = endpointKey(binding);
      if (starts || !owners.has(key)) owners.set(key, { name: name || `id:${id}`, starts });
    }
  }
  for (const { name, document, element } of written) {
    const starts = startsWithIis(document, element);
    const found = bindingsOf(document, element).flatMap((binding) => {
      const owner = owners.get(endpointKey(binding));
      if (owner === undefined) return [];
      const id = owner.starts && starts ? 'BindingConflict' : 'BindingShared';
      return [finding(id, name, `site/binding[${binding}]`, { binding, other: owner.name })];
    });
    conflicts.set(name, found);
  }
  return conflicts;
}

function startsWithIis(document: XmlDocument, site: XmlElement): boolean {
  const written = textOf(document, site, 'ServerAutoStart')?.toUpperCase();
  return written !== 'FALSE' && written !== '0';
}

function bindingsOf(document: XmlDocument, site: XmlElement): string[] {
  return [...entriesOf(document, site, 'ServerBindings'), ...entriesOf(document, site, 'SecureBindings')];
}

/** http and https cannot share a port either, so the kind of binding does not count. */
function endpointKey(binding: string): string {
  const endpoint = parseBindingInformation(binding);
  return endpoint === undefined
    ? binding
    : `${endpoint.address}:${endpoint.port}:${endpoint.hostName}`.toLowerCase();
}
