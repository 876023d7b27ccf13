import { type Finding, finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { Configuration } from './configuration.ts';
import { elementPath, poolLabel } from './element-path.ts';
import { parseXml } from './gate.ts';
import { missingFrom, type Missing, placeIn } from './missing-defaults.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { type Edit, splice } from './splice.ts';
import type { NamedFragment, SiteBackup } from './types.ts';

/** A backup whose site and pools say themselves what the primary's defaults gave them. */
export interface Materialized {
  readonly backup: SiteBackup;
  readonly findings: readonly Finding[];
}

/**
 * Writes what a site takes from the primary's server-wide defaults into the site and its pools, where the target's
 * defaults say otherwise, so that the site is served as on the primary. Nearest first, an element takes what it leaves
 * unset from:
 *
 * | element | defaults |
 * |---|---|
 * | site | siteDefaults |
 * | application | applicationDefaults of the site, of the server |
 * | virtualDirectory | virtualDirectoryDefaults of the application, of the site, of the server |
 * | pool | applicationPoolDefaults |
 *
 * What only the target's defaults set is written with IIS's built-in value (built-in-defaults.ts), where that is one
 * for all versions. What has none, collections, and accounts with a password cannot be written and are reported.
 */
export function materializeDefaults(configuration: Configuration, backup: SiteBackup): Materialized {
  const findings: Finding[] = [];
  const parse = (xml: string): XmlDocument => parseXml(xml, `The backup of ${backup.name}`, 'BackupInvalid');
  const theirs = new Map(backup.defaults.map(({ name, xml }) => [name, parse(xml)]));

  /** Writes into the first of `elements` what neither it nor the nearer defaults among them say. */
  const fill = (document: XmlDocument, elements: XmlElement[], name: string, label: string): Edit[] => {
    const primary = theirs.get(name);
    const ours = configuration.defaults.find((element) => element.name === name);
    const builtIn = builtInDefaults.get(name);
    const missing = missingFrom(
      elements.map((element) => ({ document, element })),
      primary && { document: primary, element: primary.root },
      ours && { document: configuration.document, element: ours },
      builtIn && { document: builtIn, element: builtIn.root },
    );
    report(missing, name, label);
    return placeIn(document, elements[0]!, missing.additions);
  };
  const report = ({ written, unknown }: Missing, name: string, label: string): void => {
    if (written.length > 0) {
      findings.push(
        finding('DefaultsMaterialized', backup.name, label, { name, written: written.join(', ') }),
      );
    }
    if (unknown.length > 0) {
      findings.push(
        finding('DefaultsNotMaterialized', backup.name, label, { name, unknown: unknown.join(', ') }),
      );
    }
  };

  const site = parse(backup.site);
  const edits = [site.root, ...site.childrenNamed(site.root, 'application')].flatMap((element) => {
    if (element === site.root) return fill(site, [element], 'siteDefaults', 'site');
    const label = elementPath(site, site.root, element, 'site');
    const ofSite = (name: string): XmlElement[] => site.childrenNamed(site.root, name);
    const ofApplication = site.childrenNamed(element, 'virtualDirectoryDefaults');
    const directories = site
      .childrenNamed(element, 'virtualDirectory')
      .flatMap((directory) =>
        fill(
          site,
          [directory, ...ofApplication, ...ofSite('virtualDirectoryDefaults')],
          'virtualDirectoryDefaults',
          elementPath(site, site.root, directory, 'site'),
        ),
      );
    const own = fill(site, [element, ...ofSite('applicationDefaults')], 'applicationDefaults', label);
    return [...own, ...directories];
  });

  const applicationPools = backup.applicationPools.map((pool): NamedFragment => {
    // DefaultAppPool is the server's own: a restore leaves it as it is.
    if (nameKey(pool.name) === 'defaultapppool' && configuration.pools.has('defaultapppool')) return pool;
    const document = parse(pool.xml);
    const filled = fill(document, [document.root], 'applicationPoolDefaults', poolLabel(pool.name));
    return { ...pool, xml: splice(pool.xml, filled) };
  });
  return { backup: { ...backup, site: splice(backup.site, edits), applicationPools }, findings };
}
