import { type Finding, finding } from '../model/finding.ts';
import type { Binding } from '../model/site.ts';
import type { Configuration, SiteElement } from './configuration.ts';
import { bindingLabel } from './element-path.ts';
import { parseXml } from './gate.ts';
import { bindingElements, parseBindingInformation, readBinding, startsWithIis } from './read.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { decodeAttribute } from './xml-text.ts';

/**
 * Reports bindings that another site has as well, by the restored site's name: http.sys lets only one of the two
 * start. The other is a site of the target that is not restored, or one restored from another primary. A warning
 * where one of them does not start with IIS. Bindings without address, port and host name (net.tcp, …) can be shared.
 */
export function findBindingConflicts(
  configuration: Configuration,
  written: readonly WrittenSite[],
  restored: ReadonlySet<string>,
): Map<string, Finding[]> {
  const sites = written.map((site) => ({ ...site, ...endpointsOfText(site) }));
  const wanted = new Set(sites.flatMap((site) => site.bindings.map(endpointKey)));
  const owners = ownersOf(configuration, wanted, restored);
  const claims = new Map<string, Owner & { source: string }>();
  const conflicts = new Map<string, Finding[]>();
  for (const site of sites)
    for (const binding of site.bindings) {
      const key = endpointKey(binding);
      const claim = claims.get(key);
      const owner = owners.get(key) ?? (claim?.source === site.source ? undefined : claim);
      if (claim === undefined) claims.set(key, site);
      if (owner === undefined) continue;
      const id = owner.starts && site.starts ? 'BindingConflict' : 'BindingShared';
      const place = `site/bindings/${bindingLabel(binding)}`;
      const found = finding(id, site.name, place, { binding: binding.bindingInformation, other: owner.name });
      conflicts.set(site.name, [...(conflicts.get(site.name) ?? []), found]);
    }
  return conflicts;
}

/** A site element as it is to be written. */
export interface WrittenSite {
  readonly name: string;
  /** The server of its backup. */
  readonly source: string;
  readonly xml: string;
}

interface Owner {
  readonly name: string;
  readonly starts: boolean;
}

/** A site for each endpoint that one has; only sites whose text names a wanted endpoint are read. */
function ownersOf(
  configuration: Configuration,
  wanted: ReadonlySet<string>,
  restored: ReadonlySet<string>,
): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  const { document, sitesSection, sites } = configuration;
  if (sitesSection === undefined || wanted.size === 0) return owners;
  const others = [...sites].filter(([key]) => !restored.has(key)).map(([, site]) => site);
  for (const site of candidates(document.slice(sitesSection), sitesSection.start, others, wanted))
    for (const binding of bindingsOf(document, site.element)) {
      const owner = { name: site.name, starts: startsWithIis(document, site.element) };
      const key = endpointKey(binding);
      if (owner.starts || !owners.has(key)) owners.set(key, owner);
    }
  return owners;
}

/** `sites` are in the order of the text, which starts at `offset` of the file. */
function candidates(
  text: string,
  offset: number,
  sites: readonly SiteElement[],
  wanted: ReadonlySet<string>,
): Set<SiteElement> {
  const found = new Set<SiteElement>();
  let index = 0;
  for (const match of text.matchAll(/\bbindingInformation\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    const bindingInformation = decodeAttribute(match[1] ?? match[2] ?? '');
    if (!wanted.has(endpointKey({ endpoint: parseBindingInformation(bindingInformation) }))) continue;
    const at = offset + match.index;
    while (index < sites.length && (sites[index] as SiteElement).element.end <= at) index++;
    const site = sites[index];
    if (site !== undefined && site.element.start < at) found.add(site);
  }
  return found;
}

function endpointsOfText({ name, xml }: WrittenSite): { bindings: Binding[]; starts: boolean } {
  const document = parseXml(xml, name, 'BackupInvalid');
  return { bindings: bindingsOf(document, document.root), starts: startsWithIis(document, document.root) };
}

function bindingsOf(document: XmlDocument, site: XmlElement): Binding[] {
  return bindingElements(document, site)
    .map((element) => readBinding(document, element))
    .filter(({ endpoint }) => endpoint !== undefined);
}

/** Without the protocol: http and https cannot share a port either. */
function endpointKey({ endpoint }: Pick<Binding, 'endpoint'>): string {
  return endpoint ? `${endpoint.address}:${endpoint.port}:${endpoint.hostName}`.toLowerCase() : '';
}
