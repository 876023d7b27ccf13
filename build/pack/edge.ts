import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveFile } from './archive.ts';

/** What runs of the package: its code, and its addons for the .NET Framework of Windows on x64 and ARM64. */
const needed =
  /^(package\.json|LICENSE|lib\/edge\.js|tools\/checkMono\.js|lib\/native\/win32\/(x64|arm64)\/.*)$/;
/** These need a .NET of their own beside them. */
const left = /edge_coreclr\.node$/;

/** edge-js as the bundle finds it: in a node_modules beside the bundle. */
export async function edgeFiles(root: string): Promise<ArchiveFile[]> {
  const folder = join(root, 'node_modules', 'edge-js');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => needed.test(path) && !left.test(path));
  return Promise.all(
    paths.map(async (path): Promise<ArchiveFile> => [
      `lib/node_modules/edge-js/${path}`,
      await readFile(join(folder, path)),
    ]),
  );
}
