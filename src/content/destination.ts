import { failure } from '../model/failover-error.ts';
import { appendSegments, isWindowsPath, type ParsedPath, parsePath, startsWith } from '../model/path-map.ts';
import { expandVariables, mapConfiguredPath, type PathVariables } from '../model/path-variables.ts';

export interface ContentLocationOptions {
  /**
   * A host name, whose administrative shares are read, or a folder (it contains a path separator) that holds the
   * primary's drives as `C$`, `c$` or `C`. Undefined: paths are read as they are.
   */
  readonly contentServer?: string;
  /** Names in the contentServer folder, where it is one: which spelling of a drive is there. */
  readonly serverFolders?: readonly string[];
  /** A drive (`D:`) or a folder of either system under which the structure is recreated. */
  readonly destinationDrive?: string;
  /** Folders of the primary and what they are here; the longest match counts, and before destinationDrive. */
  readonly pathMap?: ReadonlyMap<string, string>;
  readonly variables: PathVariables;
  readonly platform: NodeJS.Platform;
}

/** Where a content root is read from and where it goes, as paths of this machine. */
export interface ContentLocation {
  readonly source: string;
  readonly destination: string;
}

/**
 * Maps a content root as the primary's configuration names it: `C:\web\site1`, `%SystemDrive%\inetpub\wwwroot`,
 * `\\server\share\site1` or `/srv/site1`. Under a destination the structure is that below the drive or share, as
 * the 2003 script did it: `C:\web\hosting\site1` becomes `D:\web\hosting\site1`.
 * @throws FailoverError ContentRootInvalid, PathVariableUnknown, ContentServerInvalid, ContentDestinationInvalid
 */
export function locateContent(root: string, options: ContentLocationOptions): ContentLocation {
  const expanded = expandVariables(root, options.variables);
  const parsed = parsePath(expanded);
  if (!isAbsolute(parsed)) throw failure('ContentRootInvalid', { root }, { target: root });
  const source = sourceOf(expanded, parsed, options);
  const destination = destinationOf(root, expanded, parsed, options);
  requireUsable(source, 'ContentServerInvalid', options.platform);
  requireUsable(destination, 'ContentDestinationInvalid', options.platform);
  if (startsWith(parsePath(destination), parsePath(source)))
    throw failure('ContentDestinationInvalid.itself', { root, source, destination }, { target: root });
  return { source, destination };
}

/** The folder that a content server setting names, or undefined where it names a host. */
export function serverFolder(contentServer: string): string | undefined {
  const isHost = !/[\\/]|^[A-Za-z]:$/.test(hostOf(contentServer));
  return isHost ? undefined : appendSegments(contentServer, []);
}

/** `\\HOST` is the host HOST. */
function hostOf(contentServer: string): string {
  return contentServer.replace(/^\\\\(?=[^\\/]+$)/, '');
}

function sourceOf(expanded: string, root: ParsedPath, options: ContentLocationOptions): string {
  const { contentServer, serverFolders = [] } = options;
  const [first = '', ...below] = root.segments;
  const isUnc = root.windows && root.root !== '';
  if (contentServer === undefined) return appendSegments(expanded, []);
  const folder = serverFolder(contentServer);
  if (folder !== undefined) {
    if (!root.windows) return appendSegments(folder, root.segments);
    return appendSegments(folder, isUnc ? below : [driveFolder(first, serverFolders), ...below]);
  }
  if (isUnc) return appendSegments(expanded, []); // on the network already
  if (root.windows)
    return appendSegments(`\\\\${uncHost(hostOf(contentServer))}\\${first.charAt(0)}$`, below);
  throw failure(
    'ContentServerInvalid.noShare',
    { path: expanded, server: contentServer },
    { target: contentServer },
  );
}

function destinationOf(
  root: string,
  expanded: string,
  parsed: ParsedPath,
  { pathMap = new Map(), destinationDrive, variables }: ContentLocationOptions,
): string {
  const mapped = mapConfiguredPath(root, pathMap, variables);
  if (mapped !== undefined) return appendSegments(expandVariables(mapped, variables), []);
  if (destinationDrive === undefined) return appendSegments(expanded, []);
  return appendSegments(destinationDrive, structureOf(parsed));
}

/** What is recreated: the path without its drive, or without server and administrative share. */
function structureOf({ windows, root, segments }: ParsedPath): readonly string[] {
  if (!windows) return segments;
  const isAdministrative = root !== '' && /^[A-Za-z]\$$/.test(segments[1] ?? '');
  return segments.slice(isAdministrative ? 2 : 1);
}

function driveFolder(drive: string, present: readonly string[]): string {
  const upper = drive.charAt(0).toUpperCase();
  const lower = upper.toLowerCase();
  const usual = `${upper}$`;
  return [usual, `${lower}$`, upper, lower].find((name) => present.includes(name)) ?? usual;
}

/** Colons cannot stand in a UNC path; Windows reads an IPv6 address in this form instead. */
function uncHost(host: string): string {
  return host.includes(':') ? `${host.replaceAll(':', '-')}.ipv6-literal.net` : host;
}

function isAbsolute({ windows, root, segments }: ParsedPath): boolean {
  if (segments.some((segment) => ['.', '..', '?'].includes(segment))) return false;
  if (!windows) return root === '/';
  return root === '' ? /^[A-Za-z]:$/.test(segments[0] ?? '') : root === '\\\\' && segments.length >= 2;
}

/** A path of the other system would become a file name with separators in it, below the current folder. */
function requireUsable(
  path: string,
  id: 'ContentServerInvalid' | 'ContentDestinationInvalid',
  platform: NodeJS.Platform,
): void {
  if (isWindowsPath(path) === (platform === 'win32') && isAbsolute(parsePath(path))) return;
  const form = platform === 'win32' ? 'windowsPath' : 'fullPath';
  throw failure(`${id}.${form}`, { path }, { target: path });
}
