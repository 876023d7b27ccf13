import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files by relative path (`/` between names); an empty folder is a path that ends in `/`. */
export type Tree = Readonly<Record<string, string | { readonly content: string; readonly mtime: Date }>>;

/** A folder that is removed after each test of the suite it is called in. */
export function temporaryFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'iisfailover-'));
  });
  afterEach(() => rm(folder.path, { recursive: true, force: true }));
  return folder;
}

export async function writeTree(root: string, tree: Tree): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const [path, file] of Object.entries(tree)) {
    const target = join(root, path);
    if (path.endsWith('/')) {
      await mkdir(target, { recursive: true });
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    const { content, mtime } = typeof file === 'string' ? { content: file, mtime: undefined } : file;
    await writeFile(target, content);
    if (mtime !== undefined) await utimes(target, mtime, mtime);
  }
}

/** What is there, by relative path: a file's content, or `/` for a folder and `?` for anything else. */
export async function readTree(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    found[name] = entry.isFile() ? await readFile(path, 'utf8') : entry.isDirectory() ? '/' : '?';
  }
  return found;
}

/** Modification times of the files in milliseconds. */
export async function readTimes(root: string): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const [path, content] of Object.entries(await readTree(root)))
    if (content !== '/') times[path] = (await lstat(join(root, path))).mtimeMs;
  return times;
}

/** Equal to the millisecond: what a copy promises to keep. */
export function assertSameTimes(actual: Record<string, number>, expected: Record<string, number>): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [path, time] of Object.entries(expected))
    assert.ok(Math.abs((actual[path] ?? NaN) - time) <= 1, `${path}: ${actual[path]} is not ${time}`);
}
