import type { ContentRoot } from '../model/site.ts';
import { behindSite, isWithin, locationKey, siteKey } from './location.ts';
import { type Metabase, type MetabaseNode, type MetabaseSite, textOf } from './metabase.ts';

/** Where something lies in a site: the path of its application, and its path within that; `/` for a root. */
export interface WebPath {
  readonly application: string;
  readonly path: string;
}

/**
 * The application roots of a site: ROOT, and each node below it that its AppRoot names itself. AppRoot is inherited,
 * so a node with the AppRoot of another one is part of that application.
 */
export function applicationRoots(
  { document, nodesOfSites }: Metabase,
  { id }: Pick<MetabaseSite, 'id'>,
): MetabaseNode[] {
  const root = `${siteKey(id)}/root`;
  return (nodesOfSites.get(id) ?? []).filter(
    ({ element, key }) =>
      key === root ||
      (isWithin(key, root) && locationKey(textOf(document, element, 'AppRoot') ?? '') === key),
  );
}

/** The path below the site's ROOT, `/` for ROOT itself; undefined for nodes beside it (Filters, IIsCertMapper). */
export function webPathOf(location: string, id: number): string | undefined {
  const behind = behindSite(location, id);
  if (!/^\/root(\/|$)/i.test(behind)) return undefined;
  return behind.slice('/root'.length) || '/';
}

/** The application that a path of the site belongs to. `applications` are paths; the longest that matches counts. */
export function placeOf(webPath: string, applications: readonly string[]): WebPath {
  const key = webPath.toLowerCase();
  const within = applications
    .filter((path) => path === '/' || isWithin(key, path.toLowerCase()))
    .sort((a, b) => b.length - a.length);
  const application = within[0] ?? '/';
  return { application, path: (application === '/' ? webPath : webPath.slice(application.length)) || '/' };
}

/** Every node with a physical path below the site's ROOT. */
export function contentRootsOf(metabase: Metabase, site: MetabaseSite): ContentRoot[] {
  const { document, nodesOfSites } = metabase;
  const applications = applicationRoots(metabase, site).map(
    ({ location }) => webPathOf(location, site.id) ?? '/',
  );
  return (nodesOfSites.get(site.id) ?? []).flatMap(({ element, location }): ContentRoot[] => {
    const webPath = webPathOf(location, site.id);
    const physicalPath = textOf(document, element, 'Path');
    if (webPath === undefined || !physicalPath) return [];
    const { application, path } = placeOf(webPath, applications);
    return [{ application, virtualDirectory: path, physicalPath }];
  });
}
