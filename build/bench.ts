import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Runs bench/NAME.ts for each NAME given (default: all of them). A measure's default export returns its result: the
// name, ours, the peer, the ratio ours / peer and the goal, or an array of such. The last line is JSON: the one result, or
// an array of all.
//
//   npm run bench -- NAME...

type Measure = () => Promise<unknown>;

const folder = fileURLToPath(new URL('../bench', import.meta.url));
const known = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => basename(file, '.ts'))
  : [];
const names = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0 || names.length === 0) {
  console.error(
    `No such measure: ${unknown.join(', ') || '(there are none)'}. Known: ${known.join(', ') || 'none'}.`,
  );
  process.exit(1);
}

const results: unknown[] = [];
for (const name of names) {
  const module = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { default: Measure };
  results.push(await module.default());
}
const all = results.flat();
console.log(JSON.stringify(all.length === 1 ? all[0] : all));
