import { parseBindingInformation } from '../iis/read.ts';
import { type Application, type Binding, nameKey, type Site } from '../model/site.ts';
import {
  entriesOf,
  inheritedText,
  type Metabase,
  type MetabaseNode,
  type MetabaseSite,
  textOf,
} from './metabase.ts';
import { applicationRoots, placeOf, webPathOf } from './read.ts';

/** A site of IIS 6 in the terms of IIS 7. */
export function siteModel(metabase: Metabase, site: MetabaseSite): Site {
  const { document } = metabase;
  const { element } = site.node;
  const autoStart = textOf(document, element, 'ServerAutoStart')?.toUpperCase();
  const bindings = (property: string, protocol: string): Binding[] =>
    entriesOf(document, element, property).map((bindingInformation) => ({
      protocol,
      bindingInformation,
      sslFlags: 0,
      endpoint: parseBindingInformation(bindingInformation),
    }));
  return {
    name: site.name,
    id: site.id,
    serverAutoStart: autoStart !== 'FALSE' && autoStart !== '0',
    bindings: [...bindings('ServerBindings', 'http'), ...bindings('SecureBindings', 'https')],
    applications: applicationsOf(metabase, site),
    line: document.line(element),
  };
}

function applicationsOf(metabase: Metabase, { id }: MetabaseSite): Application[] {
  const { document, nodesOfSites } = metabase;
  const property = ({ element }: MetabaseNode, name: string): string | undefined =>
    textOf(document, element, name);
  const roots = applicationRoots(metabase, { id });
  const paths = roots.map(({ location }) => webPathOf(location, id) ?? '/');
  const directories = (nodesOfSites.get(id) ?? []).flatMap((node) => {
    const webPath = webPathOf(node.location, id);
    const physicalPath = property(node, 'Path');
    if (webPath === undefined || !physicalPath) return [];
    return [{ ...placeOf(webPath, paths), physicalPath, userName: property(node, 'UNCUserName') }];
  });
  return roots.map((root, index) => ({
    path: paths[index] ?? '/',
    applicationPool: inheritedText(metabase, root, 'AppPoolId') ?? 'DefaultAppPool',
    virtualDirectories: directories
      .filter(({ application }) => nameKey(application) === nameKey(paths[index] ?? '/'))
      .map(({ path, physicalPath, userName }) => ({ path, physicalPath, userName })),
  }));
}
