/** Builds a small C# program that a benchmark compares with, where its sources changed; gives its command. */
export function ensureProgram(name: string, sources: string): string[];
