import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../build/bundle.ts';
import { generateModule } from '../../build/generate/index.ts';
import { sampleCommands } from './sample-commands.ts';

/** A module generated from the sample commands, in a folder whose name has to be quoted. */
export interface SampleModule {
  readonly folder: string;
  readonly manifest: string;
  remove(): Promise<void>;
}

export async function makeSampleModule(): Promise<SampleModule> {
  const folder = await mkdtemp(join(tmpdir(), 'iis failover-'));
  for (const [path, text] of generateModule(sampleCommands, '9.8.7')) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await bundle({
    entry: fileURLToPath(new URL('sample-entry.ts', import.meta.url)),
    outdir: join(folder, 'module/lib'),
  });
  return {
    folder,
    manifest: join(folder, 'module/IisFailover.psd1'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
