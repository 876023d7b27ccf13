import { type Finding, finding } from '../model/finding.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { compareElements } from './compare/elements.ts';
import { type ComparedNode, locate } from './compare/node.ts';
import type { Configuration } from './configuration.ts';
import { parseXml } from './gate.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import type { SiteBackup } from './types.ts';

/** Reports each server-wide defaults element that differs from that of a primary, once, and in what. */
export function compareDefaults(configuration: Configuration, backups: readonly SiteBackup[]): Finding[] {
  const own = new Map(configuration.defaults.map((element) => [element.name, element]));
  const compared = new Set<string>();
  const differing = new Map<string, { source: string; paths: Set<string> }>();
  for (const { source, defaults } of backups) {
    const key = defaults.map(({ xml }) => xml).join('\n');
    if (compared.has(key)) continue;
    compared.add(key);
    const theirs = new Map(defaults.map(({ name, xml }) => [name, xml]));
    for (const [name, builtIn] of builtInDefaults) {
      const xml = theirs.get(name);
      const document =
        xml === undefined ? undefined : parseXml(xml, `The backup from ${source}`, 'BackupInvalid');
      const primary = node(document, document?.root, builtIn);
      const here = node(configuration.document, own.get(name), builtIn);
      compareElements('', primary, here, (path) => {
        const found = differing.get(name) ?? { source, paths: new Set<string>() };
        differing.set(name, { ...found, paths: found.paths.add(path.slice(1)) });
      });
    }
  }
  return [...differing].map(([name, { source, paths }]) =>
    finding('DefaultsDiffer', '', name, { name, source, settings: [...paths].join(', ') }),
  );
}

function node(
  document: XmlDocument | undefined,
  element: XmlElement | undefined,
  builtIn: XmlDocument,
): ComparedNode {
  const own = document && element ? [locate(document, element)] : [];
  return { sources: [...own, locate(builtIn, builtIn.root)], inherited: {} };
}
