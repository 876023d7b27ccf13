/** The form in which Locations compare: without regard to case, doubled and trailing slashes; `/` gives ''. */
export function locationKey(location: string): string {
  return location
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '')
    .join('/');
}

/** The key of a site's own node. */
export function siteKey(id: number): string {
  return `lm/w3svc/${id}`;
}

/** The number of the site that a key belongs to, undefined for a place outside of sites. */
export function siteIdOf(key: string): number | undefined {
  const id = /^lm\/w3svc\/([1-9]\d{0,9})(?:\/|$)/.exec(key)?.[1];
  return id === undefined ? undefined : Number(id);
}

/** The key of an application pool's node. */
export function poolKey(name: string): string {
  return locationKey(`/LM/W3SVC/AppPools/${name}`);
}

/** True where `key` is `above` or below it; both are keys. */
export function isWithin(key: string, above: string): boolean {
  return key === above || key.startsWith(`${above}/`);
}

/** What follows the location of the site `id`: '' for its own node, `/ROOT/images` below it, in the case as written. */
export function behindSite(location: string, id: number): string {
  const segments = location.split('/').filter((segment) => segment !== '');
  if (!isWithin(locationKey(location), siteKey(id))) throw new Error(`${location} is not of site ${id}`);
  return segments
    .slice(3)
    .map((segment) => `/${segment}`)
    .join('');
}

/**
 * A value with the id of a site changed wherever it names the site's place in the metabase: `/LM/W3SVC/1`,
 * `/LM/W3SVC/1/ROOT`, `IIS://localhost/W3SVC/1`; never `/LM/W3SVC/10`, and nothing else.
 */
export function withSiteId(value: string, from: number, to: number): string {
  if (from === to) return value;
  const place = new RegExp(`((?:(?<![\\w.-])LM|IIS://[^/\\s"]+)/W3SVC/)${from}(?![\\w.-])`, 'gi');
  return value.replace(place, (_, before: string) => before + String(to));
}
