import { readRequired, sha256 } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { decodeUtf8, parseXml } from './gate.ts';
import { refuseRedirected } from './redirection.ts';
import type { XmlDocument, XmlElement } from './scan.ts';

/** A site element with the attributes that identify it. */
export interface SiteElement {
  readonly name: string;
  readonly id: number;
  readonly element: XmlElement;
}

/**
 * An applicationHost.config of IIS 7-10 as it was read. Maps are by nameKey, in the order of the file.
 * https://learn.microsoft.com/iis/get-started/planning-your-iis-architecture/introduction-to-applicationhostconfig
 */
export interface Configuration {
  readonly path: string;
  /** Of the bytes read; a restore is refused when the file no longer has it. */
  readonly sha256: string;
  readonly document: XmlDocument;
  readonly applicationHost: XmlElement;
  /** `<sites>`, absent in a file that never had one. */
  readonly sitesSection: XmlElement | undefined;
  readonly poolsSection: XmlElement | undefined;
  readonly sites: ReadonlyMap<string, SiteElement>;
  readonly pools: ReadonlyMap<string, XmlElement>;
  /** siteDefaults, applicationDefaults, virtualDirectoryDefaults and applicationPoolDefaults, as far as present. */
  readonly defaults: readonly XmlElement[];
  /** `<location>` blocks by the first segment of their path. */
  readonly locations: ReadonlyMap<string, readonly XmlElement[]>;
}

/** configuration / system.applicationHost / sites / site: what every command looks at, and no deeper. */
const indexedDepth = 4;

/**
 * Reads and checks a configuration file.
 * @throws FailoverError FileNotFound, FileUnreadable, ConfigurationEncoding, ConfigurationMalformed,
 * ConfigurationIncomplete, ConfigurationRedirected, SiteInvalid, SiteDuplicate
 */
export async function openConfiguration(path: string): Promise<Configuration> {
  await refuseRedirected(path);
  return parseConfiguration(await readRequired(path), path);
}

/** The same from bytes; `path` is for messages. */
export function parseConfiguration(bytes: Buffer, path: string): Configuration {
  const document = parseXml(decodeUtf8(bytes, path), path, 'ConfigurationMalformed', indexedDepth);
  if (document.root.name !== 'configuration')
    throw failure('ConfigurationIncomplete.root', { path, root: document.root.name }, { target: path });

  const groups = document.childrenNamed(document.root, 'system.applicationHost');
  const [applicationHost] = groups;
  if (applicationHost === undefined)
    throw failure('ConfigurationIncomplete.applicationHost', { path }, { target: path });
  const section = (name: string): XmlElement | undefined => {
    const [element, second] = groups.flatMap((group) => document.childrenNamed(group, name));
    if (second !== undefined)
      throw failure(
        'ConfigurationIncomplete.twice',
        { path, name, line: document.line(second) },
        { target: path },
      );
    if (element !== undefined && document.attribute(element, 'configSource') !== undefined)
      throw failure('ConfigurationIncomplete.elsewhere', { path, name }, { target: path });
    return element;
  };
  const sitesSection = section('sites');
  const poolsSection = section('applicationPools');
  return {
    path,
    sha256: sha256(bytes),
    document,
    applicationHost,
    sitesSection,
    poolsSection,
    sites: sitesOf(document, sitesSection, path),
    pools: poolsOf(document, poolsSection),
    defaults: [sitesSection, poolsSection].flatMap((element) =>
      element === undefined ? [] : document.children(element).filter(({ name }) => name.endsWith('Defaults')),
    ),
    locations: locationsOf(document),
  };
}

/**
 * The element of a site, by name without regard to case.
 * @throws FailoverError SiteNotFound
 */
export function findSite(configuration: Configuration, name: string): SiteElement {
  const site = configuration.sites.get(nameKey(name));
  if (site === undefined)
    throw failure('SiteNotFound.inFile', { path: configuration.path, name }, { target: name });
  return site;
}

function sitesOf(
  document: XmlDocument,
  section: XmlElement | undefined,
  path: string,
): Map<string, SiteElement> {
  const sites = new Map<string, SiteElement>();
  const byId = new Map<number, SiteElement>();
  if (section === undefined) return sites;
  for (const element of document.childrenNamed(section, 'site')) {
    const site = siteElement(document, element, path);
    const twin = sites.get(nameKey(site.name)) ?? byId.get(site.id);
    if (twin !== undefined) {
      const lines = `lines ${document.line(twin.element)} and ${document.line(element)}`;
      const shared =
        nameKey(twin.name) === nameKey(site.name) ? `named ${site.name}` : `with the id ${site.id}`;
      throw failure('SiteDuplicate', { path, shared, lines }, { target: site.name });
    }
    sites.set(nameKey(site.name), site);
    byId.set(site.id, site);
  }
  return sites;
}

function siteElement(document: XmlDocument, element: XmlElement, path: string): SiteElement {
  const name = document.attribute(element, 'name');
  const id = document.attribute(element, 'id');
  if (!name || id === undefined || !/^\d{1,10}$/.test(id) || Number(id) > maximumSiteId)
    throw failure('SiteInvalid.noName', { path, line: document.line(element) }, { target: name ?? path });
  return { name, id: Number(id), element };
}

/** The id is a uint in IIS's schema. */
export const maximumSiteId = 0xffff_ffff;

function poolsOf(document: XmlDocument, section: XmlElement | undefined): Map<string, XmlElement> {
  const pools = new Map<string, XmlElement>();
  if (section === undefined) return pools;
  for (const element of document.childrenNamed(section, 'add')) {
    const name = document.attribute(element, 'name');
    if (name !== undefined && !pools.has(nameKey(name))) pools.set(nameKey(name), element);
  }
  return pools;
}

function locationsOf(document: XmlDocument): Map<string, XmlElement[]> {
  const locations = new Map<string, XmlElement[]>();
  for (const element of document.childrenNamed(document.root, 'location')) {
    const path = document.attribute(element, 'path') ?? '';
    const site = nameKey(path.split('/').find((segment) => segment !== '') ?? '');
    const blocks = locations.get(site);
    if (blocks === undefined) locations.set(site, [element]);
    else blocks.push(element);
  }
  return locations;
}
