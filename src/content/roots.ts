import { readdir } from 'node:fs/promises';
import { reason } from '../edge/files.ts';
import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import { appendSegments, parsePath } from '../model/path-map.ts';
import { type PathVariables, systemVariables } from '../model/path-variables.ts';
import { type ContentLocation, locateContent, serverFolder } from './destination.ts';

/** A folder of the primary that belongs to a site, as its configuration names it. */
export interface SiteFolder {
  readonly site: string;
  readonly path: string;
}

/** A content root with its place on both sides. */
export interface ContentRoot extends SiteFolder, ContentLocation {}

export interface ContentRootOptions {
  readonly contentServer?: string;
  readonly destinationDrive?: string;
  readonly pathMap?: ReadonlyMap<string, string>;
  /** Default: those of this system. */
  readonly variables?: PathVariables;
  readonly platform?: NodeJS.Platform;
}

export interface LocatedRoots {
  readonly roots: readonly ContentRoot[];
  /** One for each folder that has no place; the others go on. */
  readonly problems: readonly FailoverError[];
}

/**
 * Finds the place of each folder. Reads the names in the contentServer folder, where one is given, and changes
 * nothing.
 * @throws FailoverError ContentServerInvalid where that folder cannot be read
 */
export async function locateContentRoots(
  folders: readonly SiteFolder[],
  options: ContentRootOptions,
): Promise<LocatedRoots> {
  const located: ContentRoot[] = [];
  const problems: FailoverError[] = [];
  const shared = {
    ...options,
    variables: options.variables ?? systemVariables(),
    platform: options.platform ?? process.platform,
    serverFolders: await foldersIn(options.contentServer),
  };
  for (const folder of folders) {
    try {
      located.push({ ...folder, ...locateContent(folder.path, shared) });
    } catch (error) {
      problems.push(toFailoverError(error, folder.site));
    }
  }
  const { roots, conflicts } = separateConflicts(located);
  return { roots, problems: [...problems, ...conflicts] };
}

/**
 * Two folders must not be mixed at the destination (`C:\web\a` and `D:\web\a`, both to E:): the later one is
 * refused. Roots that lie within each other on both sides alike are no conflict.
 */
export function separateConflicts(located: readonly ContentRoot[]): {
  roots: ContentRoot[];
  conflicts: FailoverError[];
} {
  const taken = new Map<string, ContentRoot>();
  const refused = new Set<ContentRoot>();
  const conflicts: FailoverError[] = [];
  // Outer folders first, so that each finds those above it.
  const outerFirst = [...located].sort((a, b) => a.destination.length - b.destination.length);
  for (const root of outerFirst) {
    const other = conflicting(root, taken);
    if (other === undefined) {
      taken.set(pathKey(root.destination), root);
      continue;
    }
    refused.add(root);
    conflicts.push(
      failure(
        'ContentDestinationConflict',
        { source: root.source, other: other.source, destination: root.destination },
        { target: root.site },
      ),
    );
  }
  return { roots: located.filter((root) => !refused.has(root)), conflicts };
}

function conflicting(root: ContentRoot, taken: ReadonlyMap<string, ContentRoot>): ContentRoot | undefined {
  const segments = parsePath(root.destination).segments;
  for (let depth = segments.length; depth > 0; depth--) {
    const above = taken.get(pathKey(root.destination, depth));
    if (above === undefined) continue;
    const expected = appendSegments(above.source, segments.slice(depth));
    return pathKey(expected) === pathKey(root.source) ? undefined : above;
  }
  return undefined;
}

/** The first segments of a path, spelt alike for alike paths. */
function pathKey(path: string, depth?: number): string {
  const { windows, root, segments } = parsePath(path);
  const key = root + segments.slice(0, depth).join('\0');
  return windows ? key.toLowerCase() : key;
}

async function foldersIn(contentServer: string | undefined): Promise<string[]> {
  const folder = contentServer === undefined ? undefined : serverFolder(contentServer);
  if (folder === undefined) return [];
  try {
    return await readdir(folder);
  } catch (error) {
    throw failure(
      'ContentServerInvalid.unreadable',
      { folder, why: reason(error) },
      { target: folder, cause: error },
    );
  }
}
