import { type Finding, finding } from '../model/finding.ts';
import type { Binding } from '../model/site.ts';
import { type Configuration } from './configuration.ts';
import { parseXml } from './gate.ts';
import { bindingElements, readBinding } from './read.ts';
import type { XmlDocument, XmlElement } from './scan.ts';

/**
 * Warns of bindings that a site not among the restored ones has as well, by the restored site's name: http.sys lets
 * only one of the two sites start.
 */
export function findBindingConflicts(
  configuration: Configuration,
  written: readonly { name: string; xml: string }[],
  restored: ReadonlySet<string>,
): Map<string, Finding[]> {
  const conflicts = new Map<string, Finding[]>();
  if (written.length === 0) return conflicts;
  const owners = new Map<string, string>();
  for (const [key, site] of configuration.sites)
    if (!restored.has(key))
      for (const binding of bindingsOf(configuration.document, site.element))
        owners.set(endpointKey(binding), site.name);
  for (const { name, xml } of written) {
    const document = parseXml(xml, name, 'BackupInvalid');
    const found = bindingsOf(document, document.root).flatMap((binding) => {
      const owner = owners.get(endpointKey(binding));
      if (owner === undefined) return [];
      const place = `site/bindings/binding[${binding.protocol}/${binding.bindingInformation}]`;
      const message = `The binding ${binding.bindingInformation} is that of the site ${owner} as well`;
      return [finding('BindingConflict', name, place, message)];
    });
    if (found.length > 0) conflicts.set(name, found);
  }
  return conflicts;
}

function bindingsOf(document: XmlDocument, site: XmlElement): Binding[] {
  return bindingElements(document, site).map((element) => readBinding(document, element));
}

/** Without the protocol: http and https cannot share a port either. */
function endpointKey({ protocol, bindingInformation, endpoint }: Binding): string {
  const key = endpoint
    ? `${endpoint.address}:${endpoint.port}:${endpoint.hostName}`
    : `${protocol}/${bindingInformation}`;
  return key.toLowerCase();
}
