import {
  type Application,
  type AppPool,
  type Binding,
  type BindingEndpoint,
  type ContentRoot,
  nameKey,
  type Site,
} from '../model/site.ts';
import { type Configuration, findSite, type SiteElement } from './configuration.ts';
import type { XmlDocument, XmlElement } from './scan.ts';

/** All sites, in the order of the file. */
export function listSites(configuration: Configuration): Site[] {
  return [...configuration.sites.values()].map((site) => modelOf(configuration, site));
}

/**
 * One site, by name without regard to case.
 * @throws FailoverError SiteNotFound
 */
export function readSite(configuration: Configuration, name: string): Site {
  return modelOf(configuration, findSite(configuration, name));
}

function modelOf(configuration: Configuration, { name, id, element }: SiteElement): Site {
  const { document } = configuration;
  return {
    name,
    id,
    serverAutoStart: startsWithIis(document, element),
    bindings: bindingElements(document, element).map((binding) => readBinding(document, binding)),
    applications: applicationsOf(document, element, serverDefaultPool(configuration)),
    line: document.line(element),
  };
}

export function startsWithIis(document: XmlDocument, site: XmlElement): boolean {
  return document.attribute(site, 'serverAutoStart')?.toLowerCase() !== 'false';
}

export function bindingElements(document: XmlDocument, site: XmlElement): XmlElement[] {
  const bindings = document.child(site, 'bindings');
  return bindings === undefined ? [] : document.childrenNamed(bindings, 'binding');
}

export function readBinding(document: XmlDocument, element: XmlElement): Binding {
  const bindingInformation = document.attribute(element, 'bindingInformation') ?? '';
  return {
    protocol: document.attribute(element, 'protocol') ?? '',
    bindingInformation,
    sslFlags: Number(document.attribute(element, 'sslFlags') ?? 0),
    endpoint: parseBindingInformation(bindingInformation),
  };
}

/**
 * `address:port:hostname` of http, https and ftp bindings
 * (https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/bindings/binding).
 * An empty address means the same as `*`.
 */
export function parseBindingInformation(text: string): BindingEndpoint | undefined {
  const parts = /^(\[[0-9A-Fa-f:.%]+\]|[^:[\]]*):(\d{1,5}):([^:]*)$/.exec(text);
  if (parts === null) return undefined;
  const [, address = '', port, hostName = ''] = parts;
  return {
    address: address === '' ? '*' : address.replace(/^\[|\]$/g, ''),
    port: Number(port),
    hostName,
  };
}

/**
 * The applications of a site element. The pool of each: its own attribute, else the site's applicationDefaults, else
 * `defaultPool` (serverDefaultPool).
 */
export function applicationsOf(document: XmlDocument, site: XmlElement, defaultPool: string): Application[] {
  const ofSite = siteDefaultPool(document, site);
  return document.childrenNamed(site, 'application').map((element) => ({
    path: document.attribute(element, 'path') ?? '/',
    applicationPool: document.attribute(element, 'applicationPool') ?? ofSite ?? defaultPool,
    virtualDirectories: document.childrenNamed(element, 'virtualDirectory').map((directory) => ({
      path: document.attribute(directory, 'path') ?? '/',
      physicalPath: document.attribute(directory, 'physicalPath') ?? '',
      userName: document.attribute(directory, 'userName'),
    })),
  }));
}

/** The pool that a site gives to its applications that name none. */
export function siteDefaultPool(document: XmlDocument, site: XmlElement): string | undefined {
  const defaults = document.child(site, 'applicationDefaults');
  return defaults && document.attribute(defaults, 'applicationPool');
}

/** The pool of applications for which neither they nor their site name one. */
export function serverDefaultPool({ document, defaults }: Configuration): string {
  const element = defaults.find(({ name }) => name === 'applicationDefaults');
  return (element && document.attribute(element, 'applicationPool')) ?? 'DefaultAppPool';
}

/** Names of the pools a site's applications run in, each once, in order of first use. */
export function poolNames(site: Site): string[] {
  const names = new Map<string, string>();
  for (const { applicationPool } of site.applications)
    if (!names.has(nameKey(applicationPool))) names.set(nameKey(applicationPool), applicationPool);
  return [...names.values()];
}

/** Every virtual directory with a physical path. */
export function contentRoots(site: Site): ContentRoot[] {
  return site.applications.flatMap((application) =>
    application.virtualDirectories
      .filter((directory) => directory.physicalPath !== '')
      .map((directory) => ({
        application: application.path,
        virtualDirectory: directory.path,
        physicalPath: directory.physicalPath,
      })),
  );
}

/** All application pools of the file. */
export function listPools(configuration: Configuration): AppPool[] {
  const { document } = configuration;
  return [...configuration.pools.values()].map((element) => {
    const process = document.child(element, 'processModel');
    const ofProcess = (name: string): string | undefined =>
      process === undefined ? undefined : document.attribute(process, name);
    return {
      name: document.attribute(element, 'name') ?? '',
      managedRuntimeVersion: document.attribute(element, 'managedRuntimeVersion'),
      managedPipelineMode: document.attribute(element, 'managedPipelineMode'),
      identityType: ofProcess('identityType'),
      userName: ofProcess('userName'),
    };
  });
}
