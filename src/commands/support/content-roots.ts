import { locateContentRoots, type LocatedRoots } from '../../content/index.ts';
import type { SiteListEntry } from '../../iis/index.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { serverSetting } from './content-copy.ts';
import { textMap } from './places.ts';

/** What parameters say in the place of the settings. */
export interface ContentPlaces {
  readonly ContentServer?: string | undefined;
  readonly DestinationDrive?: string | undefined;
  readonly PathMap?: ReadonlyMap<string, unknown> | undefined;
}

/** The content roots of sites with their places on both servers. */
export function contentRoots(
  entries: readonly SiteListEntry[],
  loaded: LoadedSettings | undefined,
  { ContentServer, DestinationDrive, PathMap }: ContentPlaces = {},
): Promise<LocatedRoots> {
  const content = loaded?.settings.content;
  const setting = (value: string | undefined) => serverSetting(value, (path) => loaded!.resolvePath(path));
  const server = ContentServer ?? setting(content?.server);
  const drive = DestinationDrive ?? setting(content?.destinationDrive);
  return locateContentRoots(
    entries.flatMap((entry) => entry.contentRoots.map((path) => ({ site: entry.name, path }))),
    {
      pathMap: textMap(PathMap, loaded?.settings.pathMap, 'PathMap'),
      ...(server === undefined ? {} : { contentServer: server }),
      ...(drive === undefined ? {} : { destinationDrive: drive }),
    },
  );
}
