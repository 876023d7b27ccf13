import type { Configuration } from '../configuration.ts';
import type { XmlElement } from '../scan.ts';

/**
 * Elements at a path of sections (`system.webServer/globalModules`) as they apply to the whole server: at the root of
 * the file, and in `<location>` blocks of path "" or ".", which IIS Manager uses to unlock a section.
 */
export function serverElements(configuration: Configuration, path: string): XmlElement[] {
  const { document, locations } = configuration;
  const blocks = ['', '.'].flatMap((key) => locations.get(key) ?? []);
  let found: XmlElement[] = [document.root, ...blocks];
  for (const name of path.split('/'))
    found = found.flatMap((element) => document.childrenNamed(element, name));
  return found;
}

/** Keys of a server-wide collection's `<add>` elements, as written. */
export function serverKeys(configuration: Configuration, path: string, key: string, item = 'add'): string[] {
  const { document } = configuration;
  return serverElements(configuration, path).flatMap((section) =>
    document.childrenNamed(section, item).flatMap((element) => document.attribute(element, key) ?? []),
  );
}
