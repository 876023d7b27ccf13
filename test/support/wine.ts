import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Windows programs on wine, which build/setup/windows.mjs sets up.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.build', 'windows');
const prefix = join(folder, 'prefix');
const wine = '/usr/lib/wine/wine64';
const wineServer = '/usr/lib/wine/wineserver';
const wineEnvironment = {
  ...process.env,
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  WINEDLLOVERRIDES: 'mshtml=d;winemenubuilder.exe=d;kernelbase=n,b',
};
/** The engine host as a Windows program. */
export const windowsEngineHost = join(folder, 'engine-host', 'engine-host.exe');

/** The Windows node.exe that build/setup/windows.mjs fetches. */
export const windowsNodes = ['node-20', 'node-26'] as const;
export type WindowsNode = (typeof windowsNodes)[number];

/** What a machine lacks for Windows programs, in words. */
export function missingForWindows(): string | undefined {
  const needed = [wine, windowsEngineHost, join(prefix, 'made'), ...windowsNodes.map(nodeExecutable)];
  const missing = needed.find((path) => !existsSync(path));
  return missing === undefined ? undefined : `${missing} (npm run test:windows sets it up)`;
}

/**
 * Wine's server and the driver that makes its drives start with the first program and end with the last, so at nearly
 * each test. Where the machine is so busy that the driver is not there in time, wine goes on without any drive, and
 * PowerShell says that InitializeDefaultDrives failed. One program that reads its input therefore lives as long as the
 * tests do; where they are killed, their end of the pipe ends it.
 */
let keeper: ChildProcessWithoutNullStreams | undefined;

before(async function () {
  if (missingForWindows() !== undefined) return;
  this.timeout(120_000);
  // The server of earlier programs may still be ending; that of other tests that run now is no harm.
  spawnSync(wineServer, ['--wait'], { env: wineEnvironment, timeout: 10_000 });
  keeper = startWindows(windowsEngineHost, ['-NoProfile', '-NonInteractive', '-Command', '-'], {});
  keeper.stderr.resume();
  keeper.stdin.write('[System.IO.Directory]::GetLogicalDrives() -join ""\n');
  const [drives] = (await Promise.race([once(keeper.stdout, 'data'), once(keeper, 'close')])) as unknown[];
  assert.match(String(drives), /C:.*Z:/, 'wine has no drives');
  keeper.stdout.resume();
});

after(async () => {
  if (keeper === undefined) return;
  keeper.stdin.end();
  if (keeper.exitCode === null) await once(keeper, 'close');
});

function nodeExecutable(node: WindowsNode): string {
  return join(folder, node, 'node.exe');
}

/** What a Windows program calls a path of this machine: below the prefix's drive C, or on Z, which is `/`. */
export function windowsPath(path: string): string {
  const drive = join(prefix, 'drive_c');
  const named = path.startsWith(`${drive}/`) ? `C:${path.slice(drive.length)}` : `Z:${path}`;
  return named.replaceAll('/', '\\');
}

/** %SystemRoot% of the programs, as a path of this machine. */
export const windowsFolder = join(prefix, 'drive_c', 'windows');

/** Makes a folder on drive C; the caller removes it. */
export function makeFolderOnC(): Promise<string> {
  return mkdtemp(join(prefix, 'drive_c', 'iisfailover-'));
}

/** Makes a folder of this machine a drive (`D:`) or a share (`\\\\HOST\\C$`) of Windows programs; the caller undoes it. */
export async function connect(name: string, path: string): Promise<() => Promise<void>> {
  const devices = join(prefix, 'dosdevices');
  const link = name.startsWith('\\\\')
    ? join(devices, 'unc', ...name.slice(2).split('\\'))
    : join(devices, name.toLowerCase());
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { force: true });
  await symlink(path, link);
  return () => rm(link, { force: true });
}

/** The module of this project. */
const ownModule = join(root, 'module', 'IisFailover.psd1');

export interface WindowsOptions {
  /** Of `none`, the module has to find one itself. */
  readonly node?: WindowsNode | 'none';
  readonly cwd?: string;
  /** Path of the manifest of the module to import. */
  readonly module?: string;
}

/** Starts the Windows engine host with the module imported and these commands. */
export function startWindowsModule(
  commands: string,
  options: WindowsOptions = {},
): ChildProcessWithoutNullStreams {
  const script = `${importing(options.module)}\n${commands}`;
  return startWindows(windowsEngineHost, ['-NoProfile', '-NonInteractive', '-Command', script], options);
}

/** Starts the Windows engine host with the module imported; it reads commands from its standard input. */
export function startWindowsSession(options: WindowsOptions = {}): ChildProcessWithoutNullStreams {
  const session = startWindows(
    windowsEngineHost,
    ['-NoProfile', '-NonInteractive', '-Command', '-'],
    options,
  );
  session.stdin.write(`${importing(options.module)}\n`);
  return session;
}

/** Starts the Windows engine host with a script file of this machine and its arguments. */
export function startWindowsScript(
  script: string,
  args: readonly string[],
  options: WindowsOptions = {},
): ChildProcessWithoutNullStreams {
  const file = ['-NoProfile', '-NonInteractive', '-File', windowsPath(script)];
  return startWindows(windowsEngineHost, [...file, ...args], options);
}

function importing(module = ownModule): string {
  return `Import-Module '${windowsPath(module)}'`;
}

/** Each program leads a process group of its own, so that a signal to it reaches nothing of the tests. */
function startWindows(
  program: string,
  args: readonly string[],
  { node = 'node-20', cwd = root }: WindowsOptions,
): ChildProcessWithoutNullStreams {
  const child = spawn(wine, [program, ...args], {
    cwd,
    detached: true,
    env: {
      ...wineEnvironment,
      // Its second view of the code lets a finalizer of .NET end the program here ("Internal CLR error", DestroyScout).
      DOTNET_EnableWriteXorExecute: '0',
      NODE_SKIP_PLATFORM_CHECK: '1',
      NO_COLOR: '1',
      // Wine has no policy set, and the default of a Windows client lets no script and no format file in.
      PSExecutionPolicyPreference: 'Bypass',
      IISFAILOVER_NODE: node === 'none' ? undefined : windowsPath(nodeExecutable(node)),
    },
  });
  child.stdin.on('error', () => undefined); // a program that ended early needs no more input
  return child;
}

export interface WindowsResult {
  readonly code: number | null;
  /** Lines without their ends. */
  readonly lines: string[];
  readonly stderr: string;
}

/** Waits for the end of a started program; kills it after a minute. */
export async function resultOf(child: ChildProcessWithoutNullStreams): Promise<WindowsResult> {
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end();
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  // wine's own, about a drive whose volume label it cannot read
  const complaints = stderr.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('wine: '));
  return { code, lines: stdout.split(/\r?\n/).filter((line) => line !== ''), stderr: complaints.join('\n') };
}

/** Runs commands of the module and gives the lines that they write; nothing may go to standard error. */
export async function windowsLines(
  commands: string,
  options: Parameters<typeof startWindowsModule>[1] = {},
): Promise<string[]> {
  const { lines, stderr } = await resultOf(startWindowsModule(commands, options));
  assert.equal(stderr, '');
  return lines;
}
