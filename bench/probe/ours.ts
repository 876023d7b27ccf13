/** Run by bench/probe.ts: probes an address, and prints the CPU seconds that it took, without start and warm-up. */
import { healthCheckOf, siteProber } from '../../src/health/index.ts';

const [address = '', count = '', concurrency = ''] = process.argv.slice(2);
const prober = siteProber();
const { check } = healthCheckOf('site1.com');

async function probe(times: number): Promise<void> {
  let left = times;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const result = await prober.probe(check, address);
      if (!result.healthy) throw new Error(`A probe failed: ${result.error}`);
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, work));
}

async function main(): Promise<void> {
  await probe(1000);
  const before = process.cpuUsage();
  await probe(Number(count));
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6);
}

void main();
