import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Catalog } from './catalog.ts';
import { readFacts } from './facts.ts';
import { judge, namesOf, type Finding } from './judge.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Script {
  readonly path: string;
  /** A part of the module, which may call its own functions and the engine's only. */
  readonly isModule: boolean;
}

/** Every PowerShell file of the project. build/generate's are parts of the module's, where their functions meet. */
export function projectScripts(): Script[] {
  return ['build', 'module', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ps(1|m1|d1)$/.test(path) && !(folder === 'build' && /^generate[\\/]/.test(path)))
      .sort()
      .map((path) => ({ path: join(root, folder, path), isModule: folder === 'module' })),
  );
}

/** What Windows PowerShell 5.1 lacks of what the scripts use, as `file(line,column): message`. */
export function checkScripts(scripts: readonly Script[]): string[] {
  const catalog = new Catalog();
  const facts = readFacts(scripts.map(({ path }) => path));
  const projectCommands = [...facts.values()].flatMap((items) => namesOf(items, 'defined-command'));
  return scripts.flatMap(({ path, isModule }) => {
    const options = { onlyOwnCommands: isModule, projectCommands };
    const found = judge(facts.get(path) ?? [], catalog, options);
    return [...judgeEncoding(readFileSync(path)), ...found].map(
      ({ line, column, message }) => `${relative(root, path)}(${line},${column}): ${message}`,
    );
  });
}

/** Windows PowerShell reads a file without a byte order mark in the machine's code page. */
export function judgeEncoding(bytes: Buffer): Finding[] {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return [];
  const at = bytes.findIndex((byte) => byte > 0x7f);
  if (at < 0) return [];
  const lines = bytes.subarray(0, at).toString('latin1').split('\n');
  const message = 'text beyond ASCII needs a byte order mark in Windows PowerShell 5.1';
  return [{ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, message }];
}
