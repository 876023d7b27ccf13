import { type Finding, finding } from '../model/finding.ts';
import type { Configuration } from './configuration.ts';
import { parseXml } from './gate.ts';
import { meaning } from './meaning.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { findSecrets } from './secrets.ts';
import type { SiteBackup } from './types.ts';

/** Reports each server-wide defaults element that differs from that of the primary, once. */
export function compareDefaults(configuration: Configuration, backups: readonly SiteBackup[]): Finding[] {
  const own = new Map(configuration.defaults.map((element) => [element.name, element]));
  const compared = new Set<string>();
  const differing = new Map<string, string>();
  for (const { source, defaults } of backups)
    for (const { name, xml } of defaults) {
      if (compared.has(xml)) continue;
      compared.add(xml);
      const document = parseXml(xml, `The backup from ${source}`, 'BackupInvalid');
      const element = own.get(name);
      const here = element ? withoutSecrets(configuration.document, element) : `<${name}></>`;
      if (withoutSecrets(document, document.root) !== here) differing.set(name, source);
    }
  return [...differing].map(([name, source]) =>
    finding('DefaultsDiffer', '', name, `<${name}> differs from that of ${source}`),
  );
}

function withoutSecrets(document: XmlDocument, element: XmlElement): string {
  const secrets = new Set(findSecrets(document, element, '').map((secret) => secret.attribute.start));
  if (secrets.size === 0) return meaning(document, element);
  return meaning(document, element, ({ start }) => !secrets.has(start));
}
