import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A machine that cannot be set up; the message says what to do. */
export class SetupError extends Error {}

export function say(message) {
  console.log(`setup: ${message}`);
}

/** Runs a program quietly; its output is shown only where it fails, which throws. */
export function run(program, args, options = {}) {
  const result = attempt(program, args, options);
  if (result.error) throw new SetupError(`Cannot run ${program}: ${result.error.message}`);
  if (result.status !== 0) {
    process.stderr.write(result.stdout + result.stderr);
    throw new SetupError(
      `${program} ${args.join(' ')} failed with exit code ${result.status ?? result.signal}.`,
    );
  }
  return result.stdout;
}

/** The same, but the caller judges the result. */
export function attempt(program, args, options = {}) {
  return spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    env: { ...process.env, ...options.env },
  });
}

/** The full path of a program on the PATH (or in the folders of administrators' programs), or undefined. */
export function findProgram(name) {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (process.platform !== 'win32') folders.push('/usr/sbin', '/sbin');
  for (const folder of folders.filter(Boolean)) {
    for (const extension of extensions) {
      const path = join(folder, name + extension);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** All files below a folder, in a stable order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
