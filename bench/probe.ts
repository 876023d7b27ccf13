import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../build/bundle.ts';
import { startNginx } from '../test/support/nginx.ts';

const run = promisify(execFile);
const address = '127.77.0.1';
const probes = Number(process.env.BENCH_PROBES ?? 10_000);
const concurrency = 32;
const runs = 3;
const exporter = '/usr/bin/prometheus-blackbox-exporter';
const exporterAddress = '127.77.0.2:9115';

/**
 * CPU time of a probe over a fresh connection to nginx, which is not counted. Peers: curl --parallel, and
 * blackbox_exporter (Debian's prometheus-blackbox-exporter) where it is installed.
 */
export default async function probe(): Promise<object[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-probe-'));
  const nginx = await startNginx(folder, address, [{ hostName: 'site1.com', root: folder }], [], 200);
  const peers: [string, number, () => Promise<number>][] = [['curl --parallel', 1, byCurl]];
  const blackbox = (await isThere(exporter)) ? await startExporter(folder) : undefined;
  if (blackbox === undefined) console.log(`${exporter} is not installed: no comparison with it`);
  else peers.push(['blackbox_exporter', 0.33, () => byExporter(blackbox.pid)]);
  try {
    // As the module brings it.
    const entry = fileURLToPath(new URL('probe/ours.ts', import.meta.url));
    await bundle({ entry, outdir: join(folder, 'ours') });
    const ours: number[] = [];
    const theirs = peers.map(() => [] as number[]);
    for (let turn = 0; turn < runs; turn++) {
      ours.push(await byOurs(join(folder, 'ours', 'iisfailover.cjs')));
      for (const [index, [, , measure]] of peers.entries()) theirs[index]!.push(await measure());
    }
    const rate = (seconds: readonly number[]): number => Math.round(probes / median(seconds));
    const results = peers.map(([name, goal], index) => ({
      name: `probe beside ${name}`,
      ours: rate(ours),
      peer: rate(theirs[index]!),
      ratio: Math.round((median(ours) / median(theirs[index]!)) * 100) / 100,
      goal,
    }));
    console.log(`probes per CPU-second, medians of ${runs} runs of ${probes}; the ratio is that of the cost`);
    console.table(results);
    return results;
  } finally {
    await blackbox?.stop();
    await nginx.kill();
    await rm(folder, { recursive: true });
  }
}

async function byOurs(script: string): Promise<number> {
  const { stdout } = await run(process.execPath, [script, address, String(probes), String(concurrency)]);
  return Number(stdout);
}

function byCurl(): Promise<number> {
  return cpuOf(curl(`http://${address}/?[1-${probes}]`, '--header "Host: site1.com"'));
}

/** What it takes curl to ask is not counted. */
async function byExporter(pid: number): Promise<number> {
  const before = await cpuOfProcess(pid);
  await cpuOf(
    curl(`http://${exporterAddress}/probe?target=http://${address}/&module=http_2xx&n=[1-${probes}]`, ''),
  );
  return (await cpuOfProcess(pid)) - before;
}

function curl(url: string, more: string): string {
  return `curl --silent --fail --output /dev/null --parallel --parallel-max ${concurrency} ${more} '${url}'`;
}

/** User and system seconds of a command and its children. */
async function cpuOf(command: string): Promise<number> {
  const { stderr } = await run('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command}`]);
  const [user = NaN, system = NaN] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return user + system;
}

/** proc(5): fields 14 and 15 of stat, in hundredths of a second. */
async function cpuOfProcess(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function startExporter(folder: string): Promise<{ pid: number; stop(): Promise<void> }> {
  const configuration = join(folder, 'blackbox.yml');
  await writeFile(configuration, 'modules: { http_2xx: { prober: http, timeout: 5s } }\n');
  const args = [
    `--config.file=${configuration}`,
    `--web.listen-address=${exporterAddress}`,
    '--log.level=error',
  ];
  const child = spawn(exporter, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    const answered = await fetch(`http://${exporterAddress}/-/healthy`).then(
      () => true,
      () => false,
    );
    if (answered) break;
    await sleep(50);
  }
  return {
    pid: child.pid!,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
