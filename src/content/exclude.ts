import ignore, { type Ignore } from 'ignore';
import { failure, type FailoverError } from '../model/failover-error.ts';

/** Whether content is left alone: neither copied nor deleted. */
export type Excluded = (path: string, isFolder: boolean) => boolean;

/** The library remembers every path it was asked about; a new one is made before that fills memory. */
const remembered = 20_000;

/** `logs\*.log` would silently match nothing: a backslash only takes the meaning from #, !, a blank and brackets. */
const notAnEscape = /(^|[^\\])\\[^#! [\]\\]/;

/**
 * Patterns as in a .gitignore file at the root of the content (https://git-scm.com/docs/gitignore), without regard to
 * case.
 * @throws FailoverError ParameterInvalid for a pattern that cannot match
 */
export function excludedBy(patterns: readonly string[]): Excluded {
  const useful = patterns.filter((pattern) => pattern.trim() !== '');
  const mistaken = useful.find((pattern) => notAnEscape.test(pattern));
  if (mistaken !== undefined) throw invalid(`${mistaken}: / separates names, also on Windows`);
  if (useful.length === 0) return () => false;
  let matcher = compile(useful);
  let asked = 0;
  return (path, isFolder) => {
    if (++asked % remembered === 0) matcher = compile(useful);
    return matcher.ignores(isFolder ? `${path}/` : path);
  };
}

function compile(patterns: readonly string[]): Ignore {
  try {
    const matcher = ignore({ ignorecase: true, allowRelativePaths: true }).add([...patterns]);
    matcher.ignores('a');
    return matcher;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid(why);
  }
}

function invalid(why: string): FailoverError {
  return failure('ParameterInvalid.excludePattern', { why }, { target: 'Exclude' });
}
