import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensureProgram } from '../build/setup/bench-peers.mjs';
import { largeConfiguration } from './iis/large-file.ts';
import { nodeOptions } from './node-options.ts';

const sites = 10_001;
const runs = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const work = join(root, '.build', 'bench', 'iis-work.cjs');

interface Run {
  readonly ms: number;
  readonly memory: number;
}

/**
 * Backup and restore in a file of 25 MB with 10,001 sites. Each figure is one process from the reading of the file to
 * what it leaves on the disk, flushed. The peer is .NET's XDocument, which loads and saves the same file once.
 */
export default async function iis(): Promise<object[]> {
  const peer = ensureProgram('xdocument', fileURLToPath(new URL('iis/xdocument', import.meta.url)));
  await build({
    entryPoints: [join(root, 'bench', 'iis', 'work.ts')],
    outfile: work,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['edge-js', 'koffi'],
  });
  const folder = mkdtempSync(join(tmpdir(), 'iisfailover-bench-'));
  try {
    return measure(peer, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(peer: readonly string[], folder: string): object[] {
  const file = join(folder, 'applicationHost.config');
  writeFileSync(file, largeConfiguration(sites));
  const size = statSync(file).size;
  const ours = { 'export-one': [] as Run[], 'export-all': [] as Run[], 'import-one': [] as Run[] };
  const theirs: Run[] = [];
  for (let run = 0; run < runs; run++) {
    // Folders that are new each time: deleting the old ones first would slow the disk down.
    const one = join(folder, `one-${run}`);
    const target = join(folder, `target-${run}.config`);
    copyFileSync(file, target);
    theirs.push(timed([...peer, file, join(folder, `saved-${run}.config`)]));
    ours['export-one'].push(ourRun('export-one', file, one));
    ours['import-one'].push(ourRun('import-one', target, one));
    ours['export-all'].push(ourRun('export-all', file, join(folder, `all-${run}`)));
  }
  const peerMs = median(theirs.map(({ ms }) => ms));
  const row = (what: keyof typeof ours, goal: number) => {
    const ms = median(ours[what].map((run) => run.ms));
    return { name: `iis-${what}`, ours: round(ms), peer: round(peerMs), ratio: round(ms / peerMs), goal };
  };
  const peak = Math.max(...Object.values(ours).flatMap((all) => all.map(({ memory }) => memory)));
  const results = [
    row('export-one', 1),
    row('export-all', 4),
    row('import-one', 1.5),
    // Against the file instead of the peer: how many times its size the process takes at most.
    {
      name: 'iis-memory',
      ours: round(peak / 2 ** 20),
      peer: round(size / 2 ** 20),
      ratio: round(peak / size),
      goal: 12,
    },
  ];
  console.log(
    `${sites} sites, ${round(size / 2 ** 20)} MB; medians of ${runs} interleaved runs in milliseconds; peer: XDocument ` +
      `load and save (${round(median(theirs.map(({ memory }) => memory)) / 2 ** 20)} MB); memory in MB beside the file`,
  );
  console.table(results);
  return results;
}

function ourRun(what: string, file: string, backups: string): Run {
  return timed([process.execPath, ...nodeOptions, work, what, file, backups]);
}

function timed([program = '', ...args]: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  const [ms = NaN, memory = NaN] = stdout.trim().split(' ').map(Number);
  return { ms, memory };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
