import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './tools.mjs';

/** Bundles the module's core where it is older than a source file. */
export function ensureBundle() {
  const bundle = join(root, 'module', 'lib', 'iisfailover.cjs');
  if (!isOlderThanSources(bundle)) return;
  say("bundling the module's core (module/lib/iisfailover.cjs is missing or older than src/)");
  run(process.execPath, ['--import', 'tsx', join(root, 'build', 'build.ts'), '--bundle-only']);
}

function isOlderThanSources(bundle) {
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  // A folder's time changes when a file in it goes.
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name));
  sources.push(join(root, 'src'), join(root, 'build', 'bundle.ts'), join(root, 'package-lock.json'));
  return sources.some((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > built);
}
