import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSdk } from './engine-host.mjs';
import { canInstall, install } from './servers.mjs';
import { SetupError, filesBelow, findProgram, root, run, say } from './tools.mjs';

const sources = join(root, 'build', 'dotnet-bridge');
const output = join(root, '.build', 'dotnet-bridge');
const stamp = join(output, 'sources.sha256');
const edge = join(root, 'node_modules', 'edge-js');
const windows = process.platform === 'win32';

/**
 * Compiles the assembly that the core calls through edge-js; elsewhere than on Windows, for which edge-js has
 * prebuilt ones, also edge-js's addon and its managed half.
 */
export function ensureDotNetBridge() {
  if (!existsSync(edge)) throw new SetupError('edge-js is not installed (npm ci --ignore-scripts).');
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const dotnet = findSdk();
  if (dotnet === undefined) throw new SetupError('The .NET bridge needs the .NET SDK 10.');
  if (!windows) ensureCompilers();
  say('building the .NET bridge (once, about 30 s)');
  const work = join(root, '.build', `dotnet-bridge.${process.pid}`);
  const fresh = join(work, 'output');
  mkdirSync(fresh, { recursive: true });
  try {
    publish(dotnet, work, fresh);
    if (!windows) buildAddon(work, fresh);
    writeFileSync(join(fresh, 'sources.sha256'), hash);
    if (existsSync(output)) renameSync(output, join(work, 'old'));
    renameSync(fresh, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Puts the bridge's assembly beside the module's bundle, where Windows loads it. It is not committed, as the bundle. */
export function ensureModuleBridge() {
  const place = join(root, 'module', 'lib', 'IisFailover.Bridge.dll');
  const stamp = join(root, '.build', 'module-bridge.sha256');
  const hash = hashOfSources();
  if (existsSync(place) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const dotnet = findSdk();
  if (dotnet === undefined) {
    say(
      'module/lib gets no IisFailover.Bridge.dll, which permissions and secrets on Windows need: no .NET SDK 10',
    );
    return;
  }
  say('building module/lib/IisFailover.Bridge.dll');
  const work = join(root, '.build', `module-bridge.${process.pid}`);
  const fresh = join(work, 'output');
  try {
    publishProject(dotnet, sources, work, fresh);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(fresh, 'IisFailover.Bridge.dll'), place);
    writeFileSync(stamp, hash);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What node-gyp runs; the Debian packages have the same names. */
function ensureCompilers() {
  const missing = ['g++', 'make', 'python3'].filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  if (!canInstall()) throw new SetupError(`The .NET bridge needs ${missing.join(', ')}.`);
  say(`installing ${missing.join(', ')} (edge-js is compiled from its sources)`);
  install(missing);
}

/** What the output depends on; an addon is for one version of Node. */
function hashOfSources() {
  const hash = createHash('sha256').update(process.version).update(process.arch);
  for (const file of [...filesBelow(sources), fileURLToPath(import.meta.url), join(edge, 'package.json')]) {
    hash.update(relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function publish(dotnet, work, fresh) {
  const extra = windows ? [] : ['--use-current-runtime'];
  publishProject(dotnet, windows ? sources : join(sources, 'coreclr'), work, fresh, extra);
}

function publishProject(dotnet, project, work, fresh, extra = []) {
  const args = ['publish', project, '--configuration', 'Release', '--output', fresh, ...extra];
  args.push('--artifacts-path', join(work, 'artifacts'), '--nologo', '--verbosity', 'quiet');
  args.push(`-p:EdgeSources=${join(edge, 'src')}`, '-nodeReuse:false', '-p:UseSharedCompilation=false');
  run(dotnet, args, { env: { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' } });
}

/** In a copy, because node_modules is npm's; only the addon, because edge-js's own bootstrap does not restore. */
function buildAddon(work, fresh) {
  const packages = join(work, 'node_modules');
  const copy = join(packages, 'edge-js');
  for (const name of ['binding.gyp', 'package.json', 'src', 'tools']) {
    cpSync(join(edge, name), join(copy, name), { recursive: true });
  }
  cpSync(join(root, 'node_modules', 'nan'), join(packages, 'nan'), { recursive: true });
  // npm exec has npm's own node-gyp on its PATH.
  run('npm', ['exec', '--no', '--call', `node-gyp configure ${headers()}`], { cwd: copy });
  run('make', ['-C', 'build', 'edge_coreclr', 'BUILDTYPE=Release'], { cwd: copy });
  renameSync(join(copy, 'build', 'Release', 'edge_coreclr.node'), join(fresh, 'edge_coreclr.node'));
}

/** Node's own headers where it came with them; else node-gyp downloads them. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? `--nodedir="${prefix}"` : '';
}
