import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build/bundle.ts';
import { freePort } from '../test/support/free-port.ts';
import { paperZone, startLabBind } from '../test/support/lab-bind.ts';
import { startNginx } from '../test/support/nginx.ts';
import { startMonitor } from './watch/monitor.ts';

const [primary, failover] = ['127.78.0.1', '127.78.0.2'] as const;
/** named listens on addresses of interfaces only. */
const nameServer = '127.0.0.1';
const zone = 'bench.test';
const many = Number(process.env.BENCH_SITES ?? 10_000);
const few = 1000;

/**
 * What the continuous monitor takes of a machine, as the module brings it: Invoke-FailoverMonitor -Continuous over
 * nginx and BIND 9. In the place of a peer stands the goal: 300 MB for 10,000 sites every 10 s at any moment, and a fifth
 * of a core for 1,000 sites every second.
 */
export default async function watch(): Promise<object[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-watch-'));
  const stops: (() => Promise<void>)[] = [];
  try {
    for (const address of [primary, failover]) {
      const site = { hostName: zone, root: folder };
      const nginx = await startNginx(join(folder, address), address, [site], [], 200);
      stops.push(() => nginx.kill());
    }
    const port = await freePort();
    const names = Array.from({ length: many }, (_, index) => `site${index} A ${primary}`);
    const zones = { [zone]: `${paperZone(zone, nameServer, primary)}${names.join('\n')}\n` };
    const bind = await startLabBind(nameServer, { port, zones });
    stops.push(() => bind.stop());
    const entry = fileURLToPath(new URL('../src/entry.ts', import.meta.url));
    const module = join(folder, 'lib');
    await bundle({ entry, outdir: module });
    const start = (sites: number, intervalSeconds: number) =>
      startMonitor(
        join(module, 'start.cjs'),
        join(folder, String(sites)),
        settings(sites, intervalSeconds, port),
      );

    const monitor = await start(many, 10);
    stops.push(() => monitor.stop());
    // All records are read within 40 s, and what was seen is saved each minute.
    for (let seconds = 0; seconds < 80; seconds += 10) {
      await sleep(10_000);
      console.log(
        `${seconds + 10} s: ${await monitor.memory('VmRSS')} MB, CPU ${await monitor.cpuSeconds()} s`,
      );
    }
    const peak = await monitor.memory('VmHWM');
    await monitor.stop();

    const quick = await start(few, 1);
    stops.push(() => quick.stop());
    await sleep(20_000);
    const before = await quick.cpuSeconds();
    await sleep(30_000);
    const cpu = ((await quick.cpuSeconds()) - before) / 0.3;
    console.log(`${few} sites: ${await quick.memory('VmHWM')} MB at most`);

    const results = [
      row(`watch-memory-${many} (MB at most)`, peak, 300),
      row(`watch-cpu-${few} (% of a core)`, cpu, 20),
    ];
    console.table(results);
    return results;
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    await rm(folder, { recursive: true });
  }
}

function settings(sites: number, intervalSeconds: number, port: number): object {
  return {
    servers: [
      { name: 'primary', role: 'primary', addresses: [primary] },
      { name: 'failover', role: 'failover', addresses: [failover] },
    ],
    dns: { servers: [{ address: nameServer, port }], zones: [zone] },
    healthCheck: { intervalSeconds },
    monitor: { probesPerSecond: 5000 },
    sites: Array.from({ length: sites }, (_, index) => ({
      name: `site${index}.${zone}`,
      hostNames: [`site${index}.${zone}`],
    })),
  };
}

function row(name: string, measured: number, peer: number): object {
  const ours = Math.round(measured * 10) / 10;
  return { name, ours, peer, ratio: Math.round((ours / peer) * 100) / 100, goal: 1 };
}
