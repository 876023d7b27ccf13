import { join } from 'node:path';
import { type ArchiveFile, filesOf } from './archive.ts';

/** What runs of the package: its code, and its addons for the .NET Framework of Windows on x64 and ARM64. */
const needed =
  /^(package\.json|LICENSE|lib\/edge\.js|tools\/checkMono\.js|lib\/native\/win32\/(x64|arm64)\/.*)$/;
/** These need a .NET of their own beside them. */
const left = /edge_coreclr\.node$/;

/** edge-js as the bundle finds it: in a node_modules beside the bundle. */
export function edgeFiles(root: string): Promise<ArchiveFile[]> {
  const isNeeded = (path: string): boolean => needed.test(path) && !left.test(path);
  return filesOf(join(root, 'node_modules', 'edge-js'), 'lib/node_modules/edge-js', isNeeded);
}
