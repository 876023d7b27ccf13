import { type Finding, finding, type FindingKey, type FindingValues } from '../../model/finding.ts';
import { nameKey } from '../../model/site.ts';
import { attributePath, locationLabel } from '../element-path.ts';
import { parseXml } from '../gate.ts';
import type { XmlDocument, XmlElement } from '../scan.ts';
import type { NamedFragment, SiteBackup } from '../types.ts';
import { findUnreachablePaths } from './paths.ts';
import { undeclaredSections } from './sections.ts';
import type { TargetServer } from './target-server.ts';

/** A site as it would be written. */
export interface DesiredParts {
  readonly site: string;
  readonly locations: readonly NamedFragment[];
}

/** A fragment of a site in a check. */
export interface Part {
  readonly document: XmlDocument;
  /** Names the fragment in findings. */
  readonly label: string;
  readonly report: <K extends FindingKey>(key: K, location: string, ...values: FindingValues<K>) => void;
}

/**
 * What a site needs and a server lacks: sections, modules, programs, web farms, drives and variables. The first would
 * stop the whole server and refuses the site; the others are warnings.
 */
export function preflightSite(target: TargetServer, backup: SiteBackup, desired: DesiredParts): Finding[] {
  const findings: Finding[] = [];
  const part = (xml: string, label: string): Part => ({
    document: parseXml(xml, `The backup of ${backup.name}`, 'BackupInvalid'),
    label,
    report: (key, location, ...values) => findings.push(finding(key, backup.name, location, ...values)),
  });
  const site = part(desired.site, 'site');
  findUnknownParts(site, target);
  findUnreachablePaths(site, target);
  const farms = (backup.features?.webFarms ?? []).filter((name) => !target.webFarms.has(nameKey(name)));
  for (const { name, xml } of desired.locations) {
    const block = part(xml, locationLabel(name));
    findUndeclaredSections(block, target);
    findMissingModules(block, target);
    findMissingFarms(block, farms);
    findUnreachablePaths(block, target);
  }
  return findings;
}

/** FTP adds its element to the schema of a site, together with its section group. */
function findUnknownParts({ document, label, report }: Part, { declared }: TargetServer): void {
  const usesFtp = document.child(document.root, 'ftpServer') !== undefined;
  if (usesFtp && declared && !declared.groups.has('system.ftpServer'))
    report('SectionUndeclared.ftp', `${label}/ftpServer`);
}

function findUndeclaredSections({ document, label, report }: Part, { declared }: TargetServer): void {
  if (declared === undefined) return;
  for (const path of undeclaredSections(document, document.root, declared))
    report('SectionUndeclared.section', `${label}/${path}`, { section: path });
}

function findMissingModules({ document, label, report }: Part, target: TargetServer): void {
  const { root } = document;
  const place = (element: XmlElement, attribute: string): string =>
    attributePath(document, root, element, attribute, label);
  const own = new Set<string>();
  for (const element of elementsAt(document, 'system.webServer/modules/add')) {
    const name = document.attribute(element, 'name') ?? '';
    own.add(nameKey(name));
    const managed = (document.attribute(element, 'type') ?? '') !== '';
    if (!managed && !target.globalModules.has(nameKey(name)))
      report('ModuleMissing.named', place(element, 'name'), { module: name });
  }
  for (const element of elementsAt(document, 'system.webServer/handlers/add')) {
    const modules = (document.attribute(element, 'modules') ?? '').split(',').map((name) => name.trim());
    for (const name of modules)
      if (name !== '' && !target.modules.has(nameKey(name)) && !own.has(nameKey(name)))
        report('ModuleMissing.handler', place(element, 'modules'), { module: name });
    const program = document.attribute(element, 'scriptProcessor') ?? '';
    if (program !== '' && !target.allowsProgram(program, modules))
      report('ProgramNotAllowed', place(element, 'scriptProcessor'), { program });
  }
}

/** `http://farm/…` in a rewrite action is a web farm only where the primary has one of that name. */
function findMissingFarms({ document, label, report }: Part, farms: readonly string[]): void {
  if (farms.length === 0) return;
  for (const element of elementsAt(document, 'system.webServer/rewrite/rules/rule/action')) {
    const host = /^https?:\/\/([^/:]+)/i.exec(document.attribute(element, 'url') ?? '')?.[1];
    const farm = farms.find((name) => host !== undefined && nameKey(name) === nameKey(host));
    if (farm !== undefined)
      report('WebFarmMissing', attributePath(document, document.root, element, 'url', label), { farm });
  }
}

function elementsAt(document: XmlDocument, path: string): XmlElement[] {
  let found = [document.root];
  for (const name of path.split('/'))
    found = found.flatMap((element) => document.childrenNamed(element, name));
  return found;
}
