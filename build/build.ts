/**
 * npm run build: bundles the core into module/lib and writes the generated files.
 *   --bundle-only   only bundles
 *   --check         writes nothing; fails where a committed file is not what would be generated
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/commands/index.ts';
import { bundle, moduleVersion } from './bundle.ts';
import { generateModule } from './generate/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

async function drifted(files: ReadonlyMap<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const [path, text] of files) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (committed !== text) found.push(path);
  }
  return [...found, ...(await orphans(files))];
}

/** Pages of commands that are no more. */
async function orphans(files: ReadonlyMap<string, string>): Promise<string[]> {
  const pages = await readdir(join(root, 'docs/commands')).catch(() => []);
  return pages.map((name) => `docs/commands/${name}`).filter((path) => !files.has(path));
}

const files = generateModule(commands, await moduleVersion());
if (process.argv.includes('--check')) {
  const paths = await drifted(files);
  for (const path of paths) console.error(`${path} is not what npm run build generates`);
  process.exitCode = paths.length === 0 ? 0 : 1;
} else {
  await bundle({ entry: join(root, 'src/entry.ts'), outdir: join(root, 'module/lib') });
  if (!process.argv.includes('--bundle-only')) {
    for (const [path, text] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    for (const path of await orphans(files)) await rm(join(root, path));
  }
}
