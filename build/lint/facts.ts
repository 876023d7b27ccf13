import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One use of something in a script; syntax-facts.ps1 says what the details of each kind are. */
export interface Fact {
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly details: readonly string[];
}

const windows = process.platform === 'win32';
const launcher = fileURLToPath(new URL(windows ? '../pwsh.cmd' : '../pwsh', import.meta.url));
const script = fileURLToPath(new URL('syntax-facts.ps1', import.meta.url));

/** What the scripts use, by path, as PowerShell's own parser sees it. Needs the PowerShell of `npm run setup`. */
export function readFacts(paths: readonly string[]): Map<string, Fact[]> {
  const args = ['-NoProfile', '-NonInteractive', '-File', script, ...paths];
  const result = spawnSync(launcher, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: windows,
    timeout: 120_000,
  });
  if (result.error) throw result.error;
  if (result.status !== 0 || result.stderr !== '') {
    throw new Error(`PowerShell could not read the scripts (exit code ${result.status}): ${result.stderr}`);
  }
  const facts = parseFacts(result.stdout);
  for (const path of paths) if (!facts.has(path)) throw new Error(`PowerShell did not read ${path}.`);
  return facts;
}

/** Parses syntax-facts.ps1's output: `file`, path; then line, column, kind and details; separated by tabs. */
export function parseFacts(output: string): Map<string, Fact[]> {
  const files = new Map<string, Fact[]>();
  let facts: Fact[] = [];
  for (const line of output.split(/\r?\n/).filter(Boolean)) {
    const [first = '', second = '', kind = '', ...details] = line.split('\t');
    if (first === 'file') files.set(second, (facts = []));
    else facts.push({ line: Number(first), column: Number(second), kind, details });
  }
  return files;
}
