/** A path of either system, taken apart without asking the system it is on. */
export interface ParsedPath {
  /** Windows paths compare without regard to case and take both separators. */
  readonly windows: boolean;
  /** `\\` of a UNC path, `/` (or `\`) of a rooted one, empty for `C:`, `%SystemDrive%` and relative paths. */
  readonly root: string;
  /** Without empty segments; a drive (`C:`) is the first one. */
  readonly segments: readonly string[];
  /** The path ends with a separator. */
  readonly trailing: boolean;
}

/**
 * Takes a path apart. Windows paths are those with a drive, a leading `%variable%` or `\`; all others are POSIX,
 * where a backslash is part of a name (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
export function parsePath(path: string): ParsedPath {
  const windows = isWindowsPath(path);
  const separator = windows ? /[\\/]+/ : /\/+/;
  const root = windows
    ? (/^[\\/]{1,2}/.exec(path)?.[0].replaceAll('/', '\\') ?? '')
    : path.startsWith('/')
      ? '/'
      : '';
  const segments = path.split(separator).filter((segment) => segment !== '');
  return {
    windows,
    root,
    segments,
    trailing: segments.length > 0 && /[\\/]$/.test(windows ? path : path.replaceAll('\\', '_')),
  };
}

/** `C:\web`, `\\server\share`, `%SystemDrive%\inetpub`; not `/srv/web`. */
export function isWindowsPath(path: string): boolean {
  return /^([A-Za-z]:|\\|%[^%/]+%)/.test(path);
}

/**
 * The path with its longest matching prefix replaced, or undefined where no prefix of the map matches.
 * A prefix matches whole segments only (`C:\web` maps `C:\web\x`, not `C:\website`), and Windows prefixes match
 * without regard to case or kind of separator. The rest of the path takes the separator of the replacement, and
 * a trailing separator stays. Variables are compared as written: expand them before, where they should match.
 */
export function mapPath(path: string, map: ReadonlyMap<string, string>): string | undefined {
  const parsed = parsePath(path);
  let longest = -1;
  let replacement = '';
  for (const [prefix, target] of map) {
    const candidate = parsePath(prefix);
    if (candidate.segments.length > longest && startsWith(parsed, candidate)) {
      longest = candidate.segments.length;
      replacement = target;
    }
  }
  if (longest < 0) return undefined;
  return appendSegments(replacement, parsed.segments.slice(longest), parsed.trailing);
}

/** True where `prefix` names `path` itself or a folder above it. */
export function startsWith(path: ParsedPath, prefix: ParsedPath): boolean {
  if (prefix.root === '' && prefix.segments.length === 0) return false;
  if (path.windows !== prefix.windows || path.root !== prefix.root) return false;
  return prefix.segments.every((segment, index) => {
    const other = path.segments[index];
    return segment === other || (path.windows && segment.toLowerCase() === other?.toLowerCase());
  });
}

/** Joins segments to a folder with the separator that folder uses; `D:` alone becomes `D:\`. */
export function appendSegments(folder: string, segments: readonly string[], trailing = false): string {
  const { windows } = parsePath(folder);
  const separator = windows ? '\\' : '/';
  const bare = folder.replace(windows ? /[\\/]+$/ : /\/+$/, '');
  if (segments.length === 0) {
    const isRoot = bare === '' || /^[A-Za-z]:$/.test(bare);
    return isRoot || trailing ? bare + separator : bare;
  }
  return [bare, ...segments].join(separator) + (trailing ? separator : '');
}
