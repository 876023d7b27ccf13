import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const build = fileURLToPath(new URL('../../.build/', import.meta.url));

/**
 * Builds a C# project of the tests, once for each state of its sources, and returns the path of its assembly.
 * Undefined where there is no .NET SDK.
 */
export async function buildProject(folder: URL): Promise<string | undefined> {
  const path = fileURLToPath(folder);
  const files = readdirSync(path).filter((name) => /\.cs(proj)?$/.test(name));
  const hash = createHash('sha256');
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(path, name)));
  const project = files.find((name) => name.endsWith('.csproj')) ?? '';
  const assembly = `${basename(project, '.csproj')}.dll`;
  const output = join(build, 'test-assemblies', hash.digest('hex').slice(0, 16));
  if (existsSync(join(output, assembly))) return join(output, assembly);
  const work = await mkdtemp(join(await made(join(build, 'test-assemblies')), 'work-'));
  try {
    const args = [
      'build',
      join(path, project),
      '--configuration',
      'Release',
      '--output',
      join(work, 'output'),
    ];
    args.push(
      '--artifacts-path',
      join(work, 'artifacts'),
      '--nologo',
      '--verbosity',
      'quiet',
      '-nodeReuse:false',
    );
    args.push('-p:UseSharedCompilation=false');
    const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };
    await promisify(execFile)('dotnet', args, { env, timeout: 170_000 });
    await rename(join(work, 'output'), output).catch((error: unknown) => {
      if (!existsSync(join(output, assembly))) throw error; // another run of the tests was first
    });
    return join(output, assembly);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}
