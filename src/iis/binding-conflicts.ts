import { type Finding, finding } from '../model/finding.ts';
import type { Binding } from '../model/site.ts';
import type { Configuration, SiteElement } from './configuration.ts';
import { parseXml } from './gate.ts';
import { bindingElements, parseBindingInformation, readBinding } from './read.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { decodeAttribute } from './xml-text.ts';

/**
 * Warns of bindings that a site not among the restored ones has as well, by the restored site's name: http.sys lets
 * only one of the two sites start. Bindings without address, port and host name (net.tcp, …) can be shared.
 */
export function findBindingConflicts(
  configuration: Configuration,
  written: readonly { name: string; xml: string }[],
  restored: ReadonlySet<string>,
): Map<string, Finding[]> {
  const bindings = written.map(({ name, xml }) => ({ name, bindings: bindingsOfText(name, xml) }));
  const wanted = new Set(bindings.flatMap((site) => site.bindings.map(endpointKey)));
  const owners = ownersOf(configuration, wanted, restored);
  const conflicts = new Map<string, Finding[]>();
  for (const site of bindings)
    for (const binding of site.bindings) {
      const owner = owners.get(endpointKey(binding));
      if (owner === undefined) continue;
      const place = `site/bindings/binding[${binding.protocol}/${binding.bindingInformation}]`;
      const message = `The binding ${binding.bindingInformation} is that of the site ${owner} as well`;
      const found = finding('BindingConflict', site.name, place, message);
      conflicts.set(site.name, [...(conflicts.get(site.name) ?? []), found]);
    }
  return conflicts;
}

/** A site for each endpoint that one has; only sites whose text names a wanted endpoint are read. */
function ownersOf(
  configuration: Configuration,
  wanted: ReadonlySet<string>,
  restored: ReadonlySet<string>,
): Map<string, string> {
  const owners = new Map<string, string>();
  const { document, sitesSection, sites } = configuration;
  if (sitesSection === undefined || wanted.size === 0) return owners;
  const others = [...sites].filter(([key]) => !restored.has(key)).map(([, site]) => site);
  for (const site of candidates(document.slice(sitesSection), sitesSection.start, others, wanted))
    for (const binding of bindingsOf(document, site.element)) owners.set(endpointKey(binding), site.name);
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

function bindingsOfText(name: string, xml: string): Binding[] {
  const document = parseXml(xml, name, 'BackupInvalid');
  return bindingsOf(document, document.root);
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
