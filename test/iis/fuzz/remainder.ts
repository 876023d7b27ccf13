import { SaxesParser } from 'saxes';

/** What is a site's, by the names in the file. */
export interface Owned {
  readonly sites: readonly string[];
  readonly pools: readonly string[];
}

interface Open {
  readonly start: number;
  readonly owned: boolean;
}

/**
 * The text without the elements of these sites and pools, and without white space between tags. It finds them with an
 * XML parser instead of the scanner under test.
 */
export function remainder(text: string, { sites, pools }: Owned): string {
  const siteKeys = new Set(sites.map(key));
  const poolKeys = new Set(pools.map(key));
  const open: Open[] = [];
  const names: string[] = [];
  const cuts: { start: number; end: number }[] = [];
  const parser = new SaxesParser({ position: true, xmlns: false });
  parser.on('opentag', ({ name, attributes }) => {
    const parents = names.join('/');
    const value = (attribute: string): string => key(String(attributes[attribute] ?? ''));
    const owned =
      (name === 'site' &&
        parents === 'configuration/system.applicationHost/sites' &&
        siteKeys.has(value('name'))) ||
      (name === 'add' &&
        parents === 'configuration/system.applicationHost/applicationPools' &&
        poolKeys.has(value('name'))) ||
      (name === 'location' &&
        parents === 'configuration' &&
        siteKeys.has(
          value('path')
            .split('/')
            .find((segment) => segment !== '') ?? '',
        ));
    // No `<` may stand in a tag, so the one before its end begins it.
    open.push({ start: text.lastIndexOf('<', parser.position - 1), owned });
    names.push(name);
  });
  parser.on('closetag', () => {
    names.pop();
    const { start, owned } = open.pop()!;
    if (owned && !open.some((outer) => outer.owned)) cuts.push({ start, end: parser.position });
  });
  parser.write(text).close();
  let rest = '';
  let at = 0;
  for (const { start, end } of cuts) {
    rest += text.slice(at, start);
    at = end;
  }
  const dense = (rest + text.slice(at)).replace(/>\s+</g, '><');
  // A section that had no element, or was not there, is made for its first one.
  return dense.replace(/<(sites|applicationPools)(\s*\/>|><\/\1>)/g, '');
}

function key(name: string): string {
  return name.toLowerCase();
}
