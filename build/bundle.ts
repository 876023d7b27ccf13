import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { failure } from '../src/model/failover-error.ts';
import { encodeClixml } from '../src/protocol/clixml-encode.ts';
import { formatMessage } from '../src/protocol/messages.ts';

const root = new URL('../', import.meta.url);

/** The oldest Node that the bundle runs on. */
const oldestNode = 20;

export async function moduleVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { version: string };
  return manifest.version;
}

/**
 * Bundles an entry into iisfailover.cjs and the threads that copy content into content-worker.cjs beside it, and writes
 * start.cjs, which is what PowerShell starts, and the parts of the reports' page. Gives the files that went into them, relative to the project's root.
 */
export async function bundle(options: {
  readonly entry: string;
  readonly outdir: string;
}): Promise<{ inputs: string[] }> {
  await mkdir(options.outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    metafile: true,
    entryPoints: {
      iisfailover: options.entry,
      'content-worker': fileURLToPath(new URL('src/content/worker.ts', root)),
    },
    outdir: options.outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: `node${oldestNode}`,
    format: 'cjs',
    // jsonc-parser's main is a UMD file whose requires no bundler can follow.
    mainFields: ['module', 'main'],
    // edge-js and koffi find their native parts beside themselves.
    external: ['edge-js', 'edge-cs', 'koffi'],
    minifyWhitespace: true,
    keepNames: true,
    define: { __VERSION__: JSON.stringify(await moduleVersion()), 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  await writeFile(join(options.outdir, 'start.cjs'), starter());
  return { inputs: [...Object.keys(metafile.inputs), ...(await bundlePage(options.outdir))] };
}

/** The script and the style sheet of reports (src/report/page): report-page.js and report-page.css. */
export async function bundlePage(outdir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    metafile: true,
    entryPoints: { 'report-page': fileURLToPath(new URL('src/report/page/main.ts', root)) },
    outdir,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    charset: 'ascii',
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** In the syntax of old Node versions, so that those can say that they are too old. */
function starter(): string {
  const tooOld = failure('NodeTooOld', { version: 'VERSION', oldest: oldestNode });
  const report = encodeClixml({
    Message: tooOld.message,
    ErrorId: tooOld.id,
    Category: tooOld.category,
    Target: null,
    Remedy: tooOld.remedy,
  });
  const message = JSON.stringify(formatMessage('failed', 0, report));
  return `'use strict';
if (parseInt(process.versions.node, 10) < ${oldestNode}) {
  process.stdout.write(${message}.replace('VERSION', process.versions.node));
  process.exitCode = 1;
} else {
  require('./iisfailover.cjs');
}
`;
}
