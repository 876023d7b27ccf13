import type { Configuration } from '../../iis/configuration.ts';
import { type DeclaredSections, declaredSections } from '../../iis/preflight/sections.ts';
import type { NamedFragment, RestoreOptions } from '../../iis/types.ts';
import type { MetabaseNode } from '../metabase.ts';
import { webPathOf } from '../read.ts';
import { addAuthentication } from './authentication.ts';
import {
  addAccess,
  addCaching,
  addDocuments,
  addErrors,
  addHeaders,
  addMimeTypes,
  addServerMimeTypes,
  type ReadEntries,
} from './content.ts';
import { ConfigElement } from './element.ts';
import { directoryProperties, stockOfService } from './properties.ts';
import { addRedirect } from './redirect.ts';
import { migratedName } from './site.ts';
import type { MigrationSource } from './source.ts';

/**
 * Properties that a site has from W3SVC and that decide how it is served: they are written for the site, since IIS 7
 * has others of its own. What else W3SVC has stays the server's.
 */
const fromService: ReadonlySet<string> = new Set([
  ...['AccessFlags', 'AccessSSLFlags', 'AuthFlags', 'DefaultDoc', 'DirBrowseFlags', 'HttpCustomHeaders'],
  ...['HttpErrors', 'NTAuthenticationProviders'],
]);

/** The `<location>` blocks of a site: one for it, and one for each directory or file with settings of its own. */
export function migrateLocations(
  source: MigrationSource,
  target: Configuration,
  options: RestoreOptions,
): NamedFragment[] {
  const { site } = source;
  const declared = declaredSections(target);
  const service = source.node('lm/w3svc');
  return source.nodes.flatMap((node) => {
    const webPath = webPathOf(node.location, site.id);
    if (webPath === undefined) return [];
    const path = migratedName(site.name) + (webPath === '/' ? '' : webPath);
    // The site's own node and ROOT are one place in IIS 7; in IIS 6 ROOT inherits from it.
    const read: ReadEntries = (name) =>
      source.own(node, name) ??
      (webPath === '/'
        ? (source.own(site.node, name) ?? (fromService.has(name) ? source.own(service, name) : undefined))
        : undefined);
    const location = new ConfigElement('location', { path });
    if (webPath === '/')
      addServerMimeTypes(source.own(source.node('lm/mimemap'), 'MimeMap'), target, location);
    addSettings(source, node, read, location, declared, options);
    return location.isEmpty ? [] : [{ name: path, xml: location.toXml() }];
  });
}

function addSettings(
  source: MigrationSource,
  node: MetabaseNode,
  read: ReadEntries,
  location: ConfigElement,
  declared: DeclaredSections | undefined,
  options: RestoreOptions,
): void {
  const textOf = (name: string): string | undefined => read(name)?.join(' ');
  addAuthentication(source, node, textOf, location, declared);
  addAccess(source, node, read, location);
  addDocuments(read, location);
  addErrors(source, node, read, location, options);
  addMimeTypes(read, location);
  addHeaders(read, location);
  addCaching(source, node, read, location);
  addRedirect(source.text(node, 'HttpRedirect'), location); // of no effect on the site's own node
  for (const [name, [path, convert]] of Object.entries(directoryProperties)) {
    const value = textOf(name) ?? changedAbove(source, node, name);
    if (!value) continue;
    const converted = convert(value);
    if (converted === undefined) source.reportValue(node, name, value);
    else location.setAt(path, converted);
  }
}

/** The value that a site's ROOT has from W3SVC, where it is not the one that Windows set. */
function changedAbove(source: MigrationSource, node: MetabaseNode, name: string): string | undefined {
  if (webPathOf(node.location, source.site.id) !== '/') return undefined;
  const value = source.text(source.node('lm/w3svc'), name);
  const stock = stockOfService[name];
  return stock === undefined || value?.toUpperCase() === stock.toUpperCase() ? undefined : value;
}
