import { type Finding, finding } from '../model/finding.ts';
import { mapConfiguredPath, systemVariables } from '../model/path-variables.ts';
import { nameKey } from '../model/site.ts';
import { mapBindingAddress } from './address-map.ts';
import { parseXml } from './gate.ts';
import { bindingElements, siteDefaultPool } from './read.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { secretEdits, valueEdit } from './restore-secrets.ts';
import { type Edit, splice } from './splice.ts';
import type { RestoreOptions, SiteBackup } from './types.ts';
import { encodeAttribute } from './xml-text.ts';

/** A fragment of a backup as it should be on the target. */
export interface Desired {
  readonly xml: string;
  readonly findings: readonly Finding[];
}

/** What a fragment is made for. */
export interface DesiredContext {
  readonly backup: SiteBackup;
  readonly options: RestoreOptions;
  /** Fingerprints of the target's providers (secrets.ts). */
  readonly providers: ReadonlyMap<string, string>;
  /** The target's element that this one replaces. */
  readonly existing?: { readonly document: XmlDocument; readonly element: XmlElement } | undefined;
  /** Names the fragment in findings. */
  readonly label: string;
}

/** Attributes that hold a physical path (those of a site that IIS's schema marks expanded="true"). */
export const pathAttributes = ['physicalPath', 'directory'];

/** A pool or location block: secrets put back, paths mapped. */
export function desiredFragment(xml: string, context: DesiredContext): Desired {
  const document = parseXml(xml, `The backup of ${context.backup.name}`, 'BackupInvalid');
  const secrets = secretEdits(document, { ...context, sources: context.options.secrets ?? {} });
  return {
    xml: splice(xml, outermost([...secrets.edits, ...pathEdits(document, context)])),
    findings: secrets.findings,
  };
}

/** A site element: as a fragment, with its id, its addresses mapped, and pools named where defaults differ. */
export function desiredSite(context: DesiredContext, id: number, targetDefaultPool: string): Desired {
  const { backup, options } = context;
  const document = parseXml(backup.site, `The backup of ${backup.name}`, 'BackupInvalid');
  const secrets = secretEdits(document, { ...context, sources: context.options.secrets ?? {} });
  const pools = poolEdits(document, backup, targetDefaultPool);
  const identity = document.attributes(document.root).filter(({ name }) => name === 'id');
  const edits = [
    ...secrets.edits,
    ...pathEdits(document, context),
    ...identity.map((attribute) => valueEdit(attribute, String(id))),
    ...addressEdits(document, options),
    ...pools.edits,
  ];
  return { xml: splice(backup.site, outermost(edits)), findings: [...secrets.findings, ...pools.findings] };
}

function pathEdits(document: XmlDocument, { options }: DesiredContext): Edit[] {
  const map = options.pathMap;
  if (map === undefined || map.size === 0) return [];
  const variables = options.variables ?? systemVariables();
  return [...document.walk(document.root)].flatMap((element) =>
    document.attributes(element).flatMap((attribute) => {
      if (!pathAttributes.includes(attribute.name)) return [];
      const mapped = mapConfiguredPath(attribute.value, map, variables);
      return mapped === undefined ? [] : [valueEdit(attribute, mapped)];
    }),
  );
}

function addressEdits(document: XmlDocument, { addressMap }: RestoreOptions): Edit[] {
  if (addressMap === undefined || addressMap.size === 0) return [];
  return bindingElements(document, document.root).flatMap((binding) =>
    document.attributes(binding).flatMap((attribute) => {
      if (attribute.name !== 'bindingInformation') return [];
      const mapped = mapBindingAddress(attribute.value, addressMap);
      return mapped === undefined ? [] : [valueEdit(attribute, mapped)];
    }),
  );
}

/** An application that took its pool from the primary's defaults keeps it where the target's say another. */
function poolEdits(
  document: XmlDocument,
  backup: SiteBackup,
  targetDefault: string,
): { edits: Edit[]; findings: Finding[] } {
  const primaryDefault = primaryDefaultPool(backup);
  if (
    nameKey(primaryDefault) === nameKey(targetDefault) ||
    siteDefaultPool(document, document.root) !== undefined
  )
    return { edits: [], findings: [] };
  const inheriting = document
    .childrenNamed(document.root, 'application')
    .filter((application) => document.attribute(application, 'applicationPool') === undefined);
  return {
    edits: inheriting.map((application) => {
      const path = document.attributes(application).find(({ name }) => name === 'path');
      const start = path ? path.valueEnd + 1 : application.start + 1 + application.name.length;
      return { start, end: start, text: ` applicationPool="${encodeAttribute(primaryDefault)}"` };
    }),
    findings: inheriting.map((application) => {
      const path = document.attribute(application, 'path') ?? '/';
      return finding('PoolMadeExplicit', backup.name, `site/application[path=${path}]/@applicationPool`, {
        primary: primaryDefault,
        here: targetDefault,
      });
    }),
  };
}

/** The pool that the primary gives to applications that name none. */
export function primaryDefaultPool({ name, defaults }: SiteBackup): string {
  const xml = defaults.find((element) => element.name === 'applicationDefaults')?.xml;
  if (xml === undefined) return 'DefaultAppPool';
  const document = parseXml(xml, `The backup of ${name}`, 'BackupInvalid');
  return document.attribute(document.root, 'applicationPool') ?? 'DefaultAppPool';
}

/** Without the edits inside of an element that another one takes away. */
function outermost(edits: readonly Edit[]): Edit[] {
  let end = 0;
  return [...edits]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter((edit) => {
      if (edit.start < end) return false;
      end = edit.end;
      return true;
    });
}
