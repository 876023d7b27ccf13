import { failure, type FailoverError } from '../../model/failover-error.ts';

/**
 * PowerShell's wildcards as a regular expression without regard to case: * ? [abc] [a-z], and ` before a
 * character that is meant as it is (about_Wildcards).
 */
export function wildcardPattern(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    const close = char === '[' ? pattern.indexOf(']', i + 2) : -1;
    if (char === '`' && i + 1 < pattern.length) source += escapeRegExp(pattern[++i]!);
    else if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (close > 0) {
      source += `[${pattern.slice(i + 1, close).replace(/[\\\]^]/g, '\\$&')}]`;
      i = close;
    } else source += escapeRegExp(char);
  }
  return new RegExp(`^${source}$`, 'isu');
}

/** True where the name has a wildcard, so that matching nothing is no error. */
export function hasWildcard(pattern: string): boolean {
  return /(?<!`)[*?[]/.test(pattern);
}

/**
 * The items whose names match any of the patterns, each once, in the order of the items; all where there is no
 * pattern. A name without wildcards that matches nothing is reported as SiteNotFound; the others go on.
 */
export function selectByName<T>(
  patterns: readonly string[] | undefined,
  items: readonly T[],
  nameOf: (item: T) => string,
  where: string,
  report: (error: FailoverError) => void,
): T[] {
  if (patterns === undefined) return [...items];
  const selected = new Set<T>();
  for (const pattern of patterns) {
    const expression = wildcardPattern(pattern);
    const found = items.filter(
      (item) => expression.test(nameOf(item)) || nameOf(item).toLowerCase() === pattern.toLowerCase(),
    );
    if (found.length === 0 && !hasWildcard(pattern))
      report(failure('SiteNotFound.pattern', { pattern, where }, { target: pattern }));
    for (const item of found) selected.add(item);
  }
  return items.filter((item) => selected.has(item));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A pattern that matches a name as it is: names in files have no wildcards. */
export function escapeWildcards(name: string): string {
  return name.replace(/[`*?[\]]/g, '`$&');
}
