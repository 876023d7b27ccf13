/** Run by bench/probe.ts: probes an address, and prints the CPU seconds that it took, without start and warm-up. */
import PQueue from 'p-queue';
import { healthCheckOf, siteProber } from '../../src/health/index.ts';

const [address = '', count = '', concurrency = ''] = process.argv.slice(2);
const prober = siteProber();
const { check } = healthCheckOf('site1.com');
const queue = new PQueue({ concurrency: Number(concurrency) });

async function probe(times: number): Promise<void> {
  const probes = Array.from({ length: times }, () => queue.add(() => prober.probe(check, address)));
  for (const result of await Promise.all(probes))
    if (!result.healthy) throw new Error(`A probe failed: ${result.error}`);
}

await probe(1000);
const before = process.cpuUsage();
await probe(Number(count));
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1e6);
