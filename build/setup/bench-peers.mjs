import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findSdk } from './engine-host.mjs';
import { SetupError, filesBelow, root, run, say } from './tools.mjs';

/** Builds a small C# program that a benchmark compares with, where its sources changed; gives its command. */
export function ensureProgram(name, sources) {
  const output = join(root, '.build', 'bench', name);
  const command = ['dotnet', join(output, `${name}.dll`)];
  const stamp = join(output, 'sources.sha256');
  const hash = createHash('sha256');
  for (const file of filesBelow(sources)) hash.update(relative(sources, file)).update(readFileSync(file));
  const digest = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return command;
  const dotnet = findSdk();
  if (dotnet === undefined)
    throw new SetupError(`The benchmark compares with a program that needs the .NET SDK 10.`);
  say(`building ${name}, the peer of the benchmark`);
  const work = `${output}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const args = ['publish', sources, '--configuration', 'Release', '--output', join(work, 'output')];
    args.push('--artifacts-path', join(work, 'artifacts'), '--nologo', '--verbosity', 'quiet');
    args.push('-nodeReuse:false', '-p:UseSharedCompilation=false');
    run(dotnet, args, { env: { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' } });
    writeFileSync(join(work, 'output', 'sources.sha256'), digest);
    rmSync(output, { recursive: true, force: true });
    renameSync(join(work, 'output'), output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return command;
}
