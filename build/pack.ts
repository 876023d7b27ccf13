/**
 * npm run pack: makes what an administrator installs, in dist/.
 *   --output FOLDER   makes it there
 *   --with-node   puts the unmodified Windows node.exe into it, so that a server needs no Node of its own
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/commands/index.ts';
import { bundle, moduleVersion } from './bundle.ts';
import { generateModule } from './generate/index.ts';
import { moduleDescription, moduleTags } from './generate/psd1.ts';
import { type ArchiveFile, filesOf, writeZip } from './pack/archive.ts';
import { billOfMaterials, type PackedNode } from './pack/bom.ts';
import { edgeFiles } from './pack/edge.ts';
import { koffiFiles } from './pack/koffi.ts';
import { packageFolders, thirdPartyNotices } from './pack/notices.ts';
import { packageParts } from './pack/nupkg.ts';
import { ensureNode, ensureNodeLicence } from './setup/windows.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: { output: { type: 'string' }, 'with-node': { type: 'boolean', default: false } },
});
const dist = resolve(options.output ?? join(root, 'dist'));
const withNode = options['with-node'];
/** Of build/setup/windows.mjs. */
const nodeName = 'node-26';
const id = 'IisFailover';

const version = await moduleVersion();
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const { inputs } = await bundle({ entry: join(root, 'src/entry.ts'), outdir: join(root, 'module/lib') });
const packages = packageFolders(inputs);
const node = withNode ? await packedNode() : undefined;
const koffi = await koffiFiles(root);
const files = await moduleFiles(packages);
for (const [path, content] of files) {
  const target = join(dist, id, version, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}
const facts = {
  id,
  version,
  authors: 'The IisFailover authors',
  description: moduleDescription,
  tags: moduleTags,
};
const parts = packageParts(
  facts,
  files.map(([path]) => path),
);
await writeZip(join(dist, `${id}.${version}.nupkg`), [...parts, ...files]);
await writeZip(
  join(dist, `${id}-${version}.zip`),
  files.map(([path, content]) => [`${id}/${version}/${path}`, content]),
);
await writeFile(
  join(dist, `${id}-${version}.cdx.json`),
  await billOfMaterials(
    root,
    id,
    { folders: [...packages, 'node_modules/edge-js', 'node_modules/koffi'], addons: koffi.addons },
    node,
  ),
);
await writeFile(join(dist, 'SHA256SUMS'), await checksums());
console.log(`${dist} holds ${id} ${version}${withNode ? ' with node.exe' : ''}:`);
for (const name of (await readdir(dist)).sort()) console.log(`  ${name}`);

/** All that the manifest lists and the licences, in a fixed order. */
async function moduleFiles(packages: readonly string[]): Promise<ArchiveFile[]> {
  const generated = [...generateModule(commands, version)].filter(([path]) => path.startsWith('module/'));
  const found = new Map<string, Buffer>();
  for (const [path, text] of generated) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => '');
    if (committed !== text) throw new Error(`${path} is not what npm run build generates: run it first`);
    found.set(path.slice('module/'.length), Buffer.from(text));
  }
  const isOurs = (path: string): boolean => path !== 'node.exe';
  for (const [path, content] of await filesOf(join(root, 'module', 'lib'), 'lib', isOurs))
    found.set(path, content);
  if (!found.has('lib/IisFailover.Bridge.dll'))
    throw new Error('lib/IisFailover.Bridge.dll is missing: run npm run build');
  for (const [path, content] of [...(await edgeFiles(root)), ...koffi.files]) found.set(path, content);
  for (const name of ['LICENSE', 'CHANGELOG.md']) found.set(name, await readFile(join(root, name)));
  found.set('THIRD-PARTY-NOTICES.txt', Buffer.from(await thirdPartyNotices(root, packages)));
  if (node !== undefined) {
    found.set('lib/node.exe', node.content);
    found.set('lib/NODE-LICENSE.txt', await readFile(ensureNodeLicence(nodeName)));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function packedNode(): Promise<PackedNode> {
  const { version, executable } = ensureNode(nodeName);
  return { version, content: await readFile(executable) };
}

/** In the form of sha256sum, which also Get-FileHash's output is compared with. */
async function checksums(): Promise<string> {
  const names = (await readdir(dist, { withFileTypes: true })).filter((entry) => entry.isFile());
  const lines = await Promise.all(
    names.map(async ({ name }) => {
      const hash = createHash('sha256').update(await readFile(join(dist, name)));
      return `${hash.digest('hex')}  ${name}\n`;
    }),
  );
  return lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('');
}
