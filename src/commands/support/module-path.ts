import { delimiter, dirname, join, sep } from 'node:path';

/**
 * What Import-Module takes for this module: its name where it is in the modules folder of all users, so that an upgrade
 * needs no new tasks, else the full path of the manifest.
 */
export function moduleManifest(
  script = process.argv[1] ?? '',
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const folder = dirname(dirname(script)); // the bundle is in lib
  const home = env.USERPROFILE ?? env.HOME;
  const shared = (env.PSModulePath ?? '')
    .split(delimiter)
    .filter((path) => path !== '' && (home === undefined || !isWithin(path, home)));
  if (shared.some((path) => isWithin(folder, join(path, 'IisFailover')))) return 'IisFailover';
  return join(folder, 'IisFailover.psd1');
}

function isWithin(path: string, folder: string): boolean {
  return `${path}${sep}`.toLowerCase().startsWith(`${folder.replace(/[\\/]+$/, '')}${sep}`.toLowerCase());
}
