import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SetupError, attempt, filesBelow, findProgram, root, run, say } from './tools.mjs';

const sources = join(root, 'build', 'engine-host');
const output = join(root, '.build', 'engine-host');
const stamp = join(output, 'sources.sha256');
const dotnetEnv = { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };

/**
 * Builds the engine host where its sources have changed. A real PowerShell makes it unnecessary, except for the
 * tests, which run on both (`alsoBesidePwsh`).
 */
export function ensureEngineHost({ alsoBesidePwsh }) {
  const real = realPowerShell();
  if (real !== undefined && !alsoBesidePwsh) return;
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const dotnet = findSdk();
  if (dotnet === undefined && real !== undefined) {
    say(`the tests run on ${real} alone: the engine host needs the .NET SDK 10`);
    return;
  }
  if (dotnet === undefined) {
    throw new SetupError(
      'No PowerShell here. Install PowerShell 7 so that pwsh is on the PATH, or the .NET SDK 10 ' +
        '(https://dotnet.microsoft.com/download/dotnet/10.0) so that setup can build its engine host.',
    );
  }
  say('building the engine host (a small pwsh on the PowerShell engine; once, about 20 s)');
  publish(dotnet, hash);
}

function realPowerShell() {
  const windows = process.platform === 'win32' ? findProgram('powershell') : undefined;
  return process.env.IISFAILOVER_PWSH ?? findProgram('pwsh') ?? windows;
}

/** A hash of the sources and their paths: what a build of them is stamped with. */
export function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of filesBelow(sources)) hash.update(relative(sources, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** The dotnet whose SDK can build for net10.0, if there is one. */
export function findSdk() {
  const dotnet = findProgram('dotnet');
  if (dotnet === undefined) return undefined;
  const { status, stdout } = attempt(dotnet, ['--list-sdks'], { env: dotnetEnv });
  return status === 0 && /^1\d\./m.test(stdout) ? dotnet : undefined;
}

/** Publishes beside the old output and swaps, so that an interrupted build leaves what was there. */
function publish(dotnet, hash) {
  const work = join(root, '.build', `engine-host.${process.pid}`);
  const fresh = join(work, 'output');
  const args = [...publishArguments(fresh, join(work, 'artifacts')), '--use-current-runtime'];
  mkdirSync(work, { recursive: true });
  try {
    // Compiled ahead of time it starts in 0.2 s instead of 0.5 s; not every platform has the compiler for that.
    const ahead = attempt(dotnet, [...args, '-p:PublishReadyToRun=true'], { env: dotnetEnv });
    if (ahead.status !== 0) run(dotnet, args, { env: dotnetEnv });
    writeFileSync(join(fresh, 'sources.sha256'), hash);
    if (existsSync(output)) renameSync(output, join(work, 'old'));
    renameSync(fresh, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Publishes it as a program for Windows on x64 that brings its own .NET, compiled ahead of time as well. */
export function publishWindows(dotnet, output, artifacts) {
  const args = [...publishArguments(output, artifacts), '--runtime', 'win-x64', '--self-contained', 'true'];
  run(dotnet, [...args, '-p:PublishReadyToRun=true'], { env: dotnetEnv });
}

function publishArguments(output, artifacts) {
  const args = ['publish', sources, '--configuration', 'Release', '--output', output];
  args.push('--artifacts-path', artifacts, '--nologo', '--verbosity', 'quiet');
  // Leave no build servers behind.
  args.push('-nodeReuse:false', '-p:UseSharedCompilation=false');
  return args;
}
