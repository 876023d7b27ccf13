import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './tools.mjs';

/** Installs exactly what package-lock.json names, where node_modules differs from it. */
export function ensureNpmPackages() {
  const reason = whyInstall();
  if (reason === undefined) return;
  say(`installing npm packages (${reason})`);
  // No package's install script is needed: those that ship binaries ship them as packages.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', args, { shell: process.platform === 'win32' });
}

function whyInstall() {
  if (!existsSync(join(root, 'node_modules'))) return 'there is no node_modules';
  // npm's own record of what it put into node_modules
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is incomplete';
  const different = differentPackage(packagesOf(join(root, 'package-lock.json')), packagesOf(record));
  return different === undefined ? undefined : `package-lock.json has another ${different}`;
}

/** The first package that the lock file wants and node_modules does not have in that version. */
export function differentPackage(wanted, installed) {
  const path = Object.keys(wanted).find((path) => {
    // '' is this project itself; optional packages of other platforms are never installed.
    if (path === '' || (wanted[path].optional && !installed[path])) return false;
    return installed[path]?.version !== wanted[path].version;
  });
  return path?.replace(/^.*node_modules\//, '');
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}
