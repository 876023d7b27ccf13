import { RE2JS } from 're2js';

/** What is wrong with a regular expression of RE2's syntax, or undefined. */
export function expressionFault(source: string): string | undefined {
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
