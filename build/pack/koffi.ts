import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type ArchiveFile, filesOf } from './archive.ts';

const run = promisify(execFile);

/** What runs of koffi, and the licences of what its addons are made of. */
const needed =
  /^(package\.json|index\.c?js|src\/koffi\/index\.c?js|src\/koffi\/src\/static\.c?js|(.*\/)?LICENSE(\.[a-z]+)?)$/;
/** What runs of a package with an addon: that for Linux has one for glibc and one for musl. */
const neededOfAddon = /^(package\.json|index\.js|[a-z0-9_]+\/koffi\.node)$/;

/** The packages with koffi's addons; npm installs only that of the machine it runs on. */
export const koffiAddons = [
  '@koromix/koffi-linux-x64',
  '@koromix/koffi-win32-arm64',
  '@koromix/koffi-win32-x64',
] as const;

interface Locked {
  readonly version: string;
  readonly integrity: string;
}

export interface KoffiFiles {
  /** The packages of the addons: `name@version`. */
  readonly addons: readonly string[];
  readonly files: readonly ArchiveFile[];
}

/**
 * koffi as the bundle finds it, in a node_modules beside the bundle, with its unmodified addons for Windows and Linux.
 * Those are fetched once, as package-lock.json names them.
 */
export async function koffiFiles(root: string): Promise<KoffiFiles> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked | undefined>;
  };
  const files = await filesOf(join(root, 'node_modules', 'koffi'), 'lib/node_modules/koffi', (path) =>
    needed.test(path),
  );
  const addons: string[] = [];
  for (const name of koffiAddons) {
    const locked = lock.packages[`node_modules/${name}`];
    if (locked === undefined) throw new Error(`package-lock.json does not name ${name}`);
    addons.push(`${name}@${locked.version}`);
    files.push(...(await addonFiles(join(root, '.build', 'packages'), name, locked)));
  }
  return { addons, files };
}

async function addonFiles(cache: string, name: string, locked: Locked): Promise<ArchiveFile[]> {
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'work-'));
  try {
    const archive = join(cache, `${name.replace('/', '-')}-${locked.version}.tgz`);
    if ((await integrityOf(archive)) !== locked.integrity) await fetchPackage(archive, work, name, locked);
    // A name without a drive: to GNU tar, C: is a host.
    await run('tar', ['-xzf', `../${basename(archive)}`], { cwd: work });
    return await filesOf(join(work, 'package'), `lib/node_modules/${name}`, (path) =>
      neededOfAddon.test(path),
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @throws Error where the registry's package is not the one that package-lock.json names */
async function fetchPackage(archive: string, work: string, name: string, locked: Locked): Promise<void> {
  console.log(`fetching ${name} ${locked.version}`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const fetched = join(work, 'fetched');
  await mkdir(fetched);
  await run(npm, ['pack', `${name}@${locked.version}`], {
    cwd: fetched,
    shell: process.platform === 'win32',
  });
  const [file = ''] = await readdir(fetched);
  const integrity = await integrityOf(join(fetched, file));
  if (integrity !== locked.integrity)
    throw new Error(
      `${name} ${locked.version} is ${integrity}, not ${locked.integrity} of package-lock.json`,
    );
  await rename(join(fetched, file), archive);
}

/** In the form of package-lock.json (Subresource Integrity), or undefined where there is no such file. */
async function integrityOf(path: string): Promise<string | undefined> {
  const content = await readFile(path).catch(() => undefined);
  return content && `sha512-${createHash('sha512').update(content).digest('base64')}`;
}
