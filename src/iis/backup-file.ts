import { readRequired } from '../edge/files.ts';
import type { PasswordBox, PasswordBoxes } from '../edge/secret-box.ts';
import { failure } from '../model/failover-error.ts';
import { readSecrets, sealSecrets, secretAttributes } from './backup-secrets.ts';
import { decodeUtf8, parseXml } from './gate.ts';
import { layOut } from './layout.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { seal, verify } from './seal.ts';
import { readCertificates } from './certificates.ts';
import type { MachineKeys } from './machine-keys.ts';
import type { NamedFragment, ServerFeatures, SiteBackup } from './types.ts';
import { encodeAttribute } from './xml-text.ts';

/** The format this version writes and reads; described in docs/backup-format.md. */
const format = '1';
const layout = { newline: '\r\n', indentation: '  ' };

/**
 * The text of a backup file. With a box its secrets are sealed and the file is authenticated; without one it
 * carries no secrets.
 */
export async function formatBackup(backup: SiteBackup, box?: PasswordBox): Promise<string> {
  const { kind, name, id, source, configurationFile, created } = backup;
  const roots = backup.contentRoots.map((root) => tag('root', { ...root }));
  const secrets = backup.secrets.map((secret) => tag('secret', secretAttributes(secret)));
  const parts = [
    '<?xml version="1.0" encoding="utf-8"?>',
    opening('failoverSite', { format, kind, name, id, source, configurationFile, created }),
    '  <!-- Written by Backup-FailoverSite. Restore-FailoverSite refuses the file once it was changed. -->',
    ...container('contentRoots', roots),
    ...container('site', [backup.site]),
    ...container('applicationPools', xmlOf(backup.applicationPools)),
    ...container('locations', xmlOf(backup.locations)),
    ...container('defaults', xmlOf(backup.defaults)),
    ...container('server', features(backup.features)),
    ...machineKeys(backup.machineKeys),
    ...certificates(backup.certificates),
    ...container('secrets', secrets, { sealed: await sealSecrets(backup.secrets, box) }),
    '',
  ];
  return seal(parts.join(layout.newline), box);
}

/**
 * Reads a backup file and checks all of it before anything in it is used.
 * @throws FailoverError FileNotFound, FileUnreadable, ConfigurationEncoding, and those of `verify`
 */
export async function readBackup(path: string, passwords?: PasswordBoxes): Promise<SiteBackup> {
  return parseBackup(await readRequired(path), path, passwords);
}

/** The same from bytes; `path` is for messages. */
export async function parseBackup(
  bytes: Buffer,
  path: string,
  passwords?: PasswordBoxes,
): Promise<SiteBackup> {
  const box = await verify(bytes, path, passwords);
  const document = parseXml(decodeUtf8(bytes, path), path, 'BackupInvalid');
  const { root } = document;
  const written = document.attribute(root, 'format');
  if (root.name !== 'failoverSite' || written === undefined)
    throw failure('BackupInvalid.notBackup', { path }, { target: path });
  if (written !== format) throw failure('BackupInvalid.format', { path, format: written }, { target: path });

  const required = (element: XmlElement, name: string): string => {
    const value = document.attribute(element, name);
    if (value === undefined)
      throw failure('BackupInvalid.attribute', { path, element: element.name, name }, { target: path });
    return value;
  };
  const within = (name: string): readonly XmlElement[] => {
    const element = document.child(root, name);
    return element === undefined ? [] : document.children(element);
  };
  const kind = kindOf(document.attribute(root, 'kind'), path);
  const [site, ...others] = within('site');
  const siteName = kind === 'IIS6' ? 'MBProperty' : 'site';
  if (site?.name !== siteName || others.length > 0)
    throw failure('BackupInvalid.sites', { path, element: siteName }, { target: path });
  return {
    ...(kind && { kind }),
    name: required(root, 'name'),
    id: Number(required(root, 'id')),
    source: required(root, 'source'),
    configurationFile: required(root, 'configurationFile'),
    created: required(root, 'created'),
    contentRoots: within('contentRoots').map((element) => ({
      application: required(element, 'application'),
      virtualDirectory: required(element, 'virtualDirectory'),
      physicalPath: required(element, 'physicalPath'),
    })),
    site: document.slice(site),
    applicationPools: fragments(document, within('applicationPools'), kind === 'IIS6' ? 'Location' : 'name'),
    locations: fragments(document, within('locations'), 'path'),
    defaults: within('defaults').map((element) => ({ name: element.name, xml: document.slice(element) })),
    secrets: await readSecrets(document, document.child(root, 'secrets'), box, path, required),
    features: kind === 'IIS6' ? undefined : readFeatures(document, root),
    ...readMachineKeys(document, root),
    ...readCertificates(document, root),
  };
}

function kindOf(written: string | undefined, path: string): SiteBackup['kind'] {
  if (written === undefined || written === 'IIS6') return written;
  throw failure('BackupInvalid.kind', { path, kind: written }, { target: path });
}

function certificates(of: SiteBackup['certificates']): string[] {
  if (of === undefined) return [];
  return container(
    'certificates',
    of.map((one) => tag('certificate', { ...one })),
  );
}

function machineKeys(of: MachineKeys | undefined): string[] {
  if (of === undefined) return [];
  const { salt, keys } = of;
  return container(
    'machineKeys',
    keys.map((key) => tag('machineKey', { ...key })),
    { salt },
  );
}

function readMachineKeys(document: XmlDocument, root: XmlElement): { machineKeys?: MachineKeys } {
  const element = document.child(root, 'machineKeys');
  const salt = element && document.attribute(element, 'salt');
  if (element === undefined || salt === undefined) return {};
  const keys = document.children(element).map((key) => ({
    framework: document.attribute(key, 'framework') ?? '',
    fingerprint: document.attribute(key, 'fingerprint') ?? '',
  }));
  return { machineKeys: { salt, keys } };
}

/** A name that holds the separator is passed over: it could not be told apart. */
function features(of: ServerFeatures | undefined): string[] {
  return Object.entries(of ?? {}).map(([kind, names]: [string, readonly string[]]) =>
    tag(kind, { names: names.filter((name) => !name.includes(';')).join(';') }),
  );
}

function readFeatures(document: XmlDocument, root: XmlElement): ServerFeatures | undefined {
  const server = document.child(root, 'server');
  if (server === undefined) return undefined;
  const names = (kind: keyof ServerFeatures): string[] => {
    const element = document.child(server, kind);
    const text = element === undefined ? '' : (document.attribute(element, 'names') ?? '');
    return text.split(';').filter((name) => name !== '');
  };
  return {
    globalModules: names('globalModules'),
    handlers: names('handlers'),
    webFarms: names('webFarms'),
  };
}

function fragments(document: XmlDocument, elements: readonly XmlElement[], key: string): NamedFragment[] {
  return elements.map((element) => ({
    name: document.attribute(element, key) ?? '',
    xml: document.slice(element),
  }));
}

function xmlOf(parts: readonly NamedFragment[]): string[] {
  return parts.map(({ xml }) => xml);
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function opening(name: string, attributes: Attributes): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${encodeAttribute(String(value))}"`);
  return `<${name}${written.join('')}>`;
}

function tag(name: string, attributes: Attributes): string {
  return opening(name, attributes).replace(/>$/, ' />');
}

function container(name: string, elements: readonly string[], attributes: Attributes = {}): string[] {
  const lines = elements.map((xml) => '    ' + layOut(xml, '    ', layout));
  return [`  ${opening(name, attributes)}`, ...lines, `  </${name}>`];
}
