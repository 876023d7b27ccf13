import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders of the packages (`node_modules/a`, `node_modules/@b/c`) that a bundle's inputs lie in. */
export function packageFolders(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].sort();
}

/**
 * The licences of the packages in the bundle, as they ask for.
 * @throws Error where a package has no licence text
 */
export async function thirdPartyNotices(root: string, folders: readonly string[]): Promise<string> {
  const parts = await Promise.all(folders.map((folder) => notice(join(root, folder))));
  const head =
    'The packages in lib/node_modules have their licences beside them; those of @koromix are under that of koffi.\n' +
    'The file lib/iisfailover.cjs contains these packages.';
  return [head, ...parts].join(`\n\n${'-'.repeat(78)}\n\n`) + '\n';
}

async function notice(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const title = `${manifest.name} ${manifest.version} (${manifest.license})`;
  const file = (await readdir(folder)).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  if (file !== undefined) return `${title}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
  const readme = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const text = /^#+\s*licen[cs]e\s*\n+([\s\S]+)/im.exec(readme)?.[1];
  if (text === undefined && manifest.license === undefined) throw new Error(`${folder} has no licence`);
  return `${title}\n\n${text?.trim() ?? `Licence: ${manifest.license}`}`;
}
