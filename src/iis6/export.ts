import type { ExportOptions } from '../iis/export.ts';
import { placeholderFor } from '../iis/secrets.ts';
import { type Edit, splice } from '../iis/splice.ts';
import type { CarriedSecret, NamedFragment, SiteBackup } from '../iis/types.ts';
import { failure } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { isWithin, poolKey, siteKey } from './location.ts';
import { type Metabase, type MetabaseNode, type MetabaseSite, textOf } from './metabase.ts';
import { propertiesOf } from './node.ts';
import { contentRootsOf } from './read.ts';
import { accountProperty, isAccessList, isSecure } from './secure.ts';

/** Names IIS 6 where a value is encrypted by it: no other server can read that. */
export const metabaseProvider = { name: 'IIS 6', fingerprint: '' } as const;

/**
 * Takes a site out of a metabase: all of its nodes, the application pools it uses, and the nodes that it inherits
 * from. Secure values stay behind; their places are recorded, and AdminACL is left out.
 * @throws FailoverError SiteInvalid for a site without a ServerComment
 */
export function exportMetabaseSite(
  metabase: Metabase,
  site: MetabaseSite,
  options: ExportOptions,
): SiteBackup {
  const { document, nodes } = metabase;
  if (site.name === '')
    throw failure(
      'SiteInvalid.noComment',
      { id: site.id, path: metabase.path, line: document.line(site.node.element) },
      { target: `id:${site.id}` },
    );
  const secrets: CarriedSecret[] = [];
  const take = (node: MetabaseNode): string => fragment(metabase, node, secrets);
  const own = metabase.nodesOfSites.get(site.id) ?? [];
  const inherited = ['lm/mimemap', 'lm/w3svc', 'lm/w3svc/apppools'].flatMap((key) => nodes.get(key) ?? []);
  return {
    kind: 'IIS6',
    name: site.name,
    id: site.id,
    source: options.source,
    configurationFile: metabase.path,
    created: options.created.toISOString(),
    contentRoots: contentRootsOf(metabase, site),
    site: ['<MBProperty>', ...own.map(take), '</MBProperty>'].join('\n'),
    applicationPools: poolsOf(metabase, site).flatMap((name): NamedFragment[] => {
      const node = nodes.get(poolKey(name)); // a site may name a pool that does not exist: restore reports it
      return node === undefined ? [] : [{ name: node.location, xml: take(node) }];
    }),
    locations: [],
    // What is secret there is the server's, not the site's: it leaves no mark.
    defaults: inherited.map((node) => ({
      name: node.element.name,
      xml: fragment(metabase, node, undefined),
    })),
    secrets,
  };
}

/**
 * Names of the pools that a site's applications run in, each once. AppPoolId is inherited: ROOT has its own, else that
 * of the site, else that of W3SVC; nodes below have theirs only where it is another.
 */
export function poolsOf({ document, nodes, nodesOfSites }: Metabase, { id, node }: MetabaseSite): string[] {
  const of = (one: MetabaseNode | undefined): string[] => {
    const name = one && textOf(document, one.element, 'AppPoolId');
    return name ? [name] : [];
  };
  const places = [nodes.get(`${siteKey(id)}/root`), node, nodes.get('lm/w3svc')];
  const [root = 'DefaultAppPool'] = places.flatMap(of);
  const below = (nodesOfSites.get(id) ?? []).filter((one) => isWithin(one.key, `${siteKey(id)}/root`));
  const names = [root, ...below.flatMap(of)];
  return [...new Map(names.map((name) => [nameKey(name), name])).values()];
}

/** A node as it stands, with numbered placeholders for the secure values that it adds to `secrets`. */
function fragment(
  metabase: Metabase,
  { element, location }: MetabaseNode,
  secrets: CarriedSecret[] | undefined,
): string {
  const { document } = metabase;
  const edits = propertiesOf(document, element)
    .filter(isSecure)
    .map((property): Edit => {
      const { name, raw, custom } = property;
      if (secrets === undefined || raw === '' || isAccessList(name)) {
        const before = document.text.slice(0, property.start).trimEnd().length;
        return { start: before - element.start, end: property.end - element.start, text: '' };
      }
      const number = secrets.length + 1;
      const path = `${location}/${custom ? `Custom[${name}]` : `@${name}`}`;
      const account = accountProperty(name);
      const userName = account && textOf(document, element, account);
      secrets.push({
        number,
        path,
        kind: account === undefined ? 'setting' : 'password',
        ...(userName && { account: userName }),
        // IIS 7 encrypts each of the passwords that it has a place for.
        ...(account !== undefined && { encryptable: true }),
        provider: metabaseProvider,
        value: undefined,
      });
      return {
        start: property.valueStart - element.start,
        end: property.valueEnd - element.start,
        text: placeholderFor(number),
      };
    });
  return splice(document.slice(element), edits);
}
