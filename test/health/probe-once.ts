/** Run by network-faults.test.ts in a network of its own: probes an address and prints the result. */
import { healthCheckOf, HttpProber } from '../../src/health/index.ts';

const [address = ''] = process.argv.slice(2);
const { check } = healthCheckOf('site1.com', { timeoutSeconds: 0.5 });
console.log(JSON.stringify(await new HttpProber().probe(check, address)));
