import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build/bundle.ts';
import { changeOneInHundred, writeSite } from './content/tree.ts';

const files = Number(process.env.CONTENT_FILES ?? 50_000);
const largeMb = Number(process.env.CONTENT_LARGE_MB ?? 2048);
const rounds = Number(process.env.CONTENT_ROUNDS ?? 3);

/** A program that makes a destination the same as the source; prints what it likes. */
interface Tool {
  readonly name: string;
  readonly run: (source: string, destination: string) => string;
}

const cases = ['full', 'no change', '1 % changed'] as const;
type Case = (typeof cases)[number];

/**
 * Mirrors a site into fresh folders, again without a change, and with one file in a hundred changed; each round runs
 * all tools one after the other. Ours is compared with the peer that carries the same: names, bytes, times, modes and
 * deletions (rsync -a), and owners and POSIX ACLs as well (rsync -aAX, which also reads extended attributes). The goal is
 * the latter's. Each is a process of its own.
 */
export default async function content(): Promise<object[]> {
  const folder = mkdtempSync(join(process.env.CONTENT_FOLDER ?? tmpdir(), 'iisfailover-bench-'));
  try {
    const tools = [...(await ours(folder)), ...peers()];
    const source = join(folder, 'source');
    writeSite(source, files, largeMb);
    execFileSync('sync');
    const times = new Map<string, number[]>();
    let memory = 0;
    for (let round = 0; round < rounds; round++) {
      const destination = (tool: Tool): string =>
        join(folder, `${tool.name.replaceAll(/\W/g, '')}-${round}`, 'site');
      for (const step of cases) {
        if (step === '1 % changed') changeOneInHundred(source, files, round);
        for (const tool of rotated(tools, round)) {
          mkdirSync(destination(tool), { recursive: true });
          const started = performance.now();
          const output = tool.run(source, destination(tool));
          const key = `${step} ${tool.name}`;
          times.set(key, [...(times.get(key) ?? []), performance.now() - started]);
          if (tool.name.startsWith('ours')) memory = Math.max(memory, Number(output));
        }
      }
    }
    return report(tools, times, memory);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(tools: readonly Tool[], times: ReadonlyMap<string, number[]>, memory: number): object[] {
  const of = (step: Case, tool: string): number =>
    round(median(times.get(`${step} ${tool}`) ?? [NaN]) / 1000);
  console.log(
    `${files} small files and ${largeMb} MB of large ones; medians of ${rounds} interleaved rounds, in seconds; ` +
      `peak memory of ours ${memory} MB`,
  );
  console.table(
    Object.fromEntries(
      cases.map((step) => [step, Object.fromEntries(tools.map(({ name }) => [name, of(step, name)]))]),
    ),
  );
  return pairs.flatMap(({ mine, theirs, goal }) =>
    cases.map((step) => {
      const [value, peer] = [of(step, mine), of(step, theirs)];
      return { name: `content ${step} (${theirs})`, ours: value, peer, ratio: round(value / peer), ...goal };
    }),
  );
}

/** Who carries the same. */
const pairs = [
  { mine: 'ours with ACLs', theirs: 'rsync -aAX', goal: { goal: 1 } },
  { mine: 'ours', theirs: 'rsync -a', goal: {} },
] as const;

async function ours(folder: string): Promise<Tool[]> {
  const outdir = join(folder, 'program');
  // Where the bundle finds what is not part of it.
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'));
  await bundle({ entry: fileURLToPath(new URL('content/run.ts', import.meta.url)), outdir });
  const program = join(outdir, 'iisfailover.cjs');
  const copy = (source: string, destination: string, ...more: string[]): string =>
    execFileSync(process.execPath, [program, source, destination, `${destination}.jsonl`, ...more], {
      encoding: 'utf8',
    });
  return [
    { name: 'ours', run: (source, destination) => copy(source, destination) },
    { name: 'ours with ACLs', run: (source, destination) => copy(source, destination, 'acl') },
  ];
}

/** Those of the peers that are installed. */
function peers(): Tool[] {
  const known: Tool[] = [
    { name: 'rsync -a', run: (from, to) => run('rsync', ['-a', '--delete', `${from}/`, `${to}/`]) },
    { name: 'rsync -aAX', run: (from, to) => run('rsync', ['-aAX', '--delete', `${from}/`, `${to}/`]) },
    { name: 'rclone', run: (from, to) => run('rclone', ['sync', '--metadata', from, to]) },
  ];
  return known.filter(({ name }) => {
    const program = name.split(' ')[0]!;
    try {
      run(program, ['--version']);
      return true;
    } catch {
      console.log(`${program} is not installed: apt-get install ${program}`);
      return false;
    }
  });
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** So that none is always the first after a change. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
