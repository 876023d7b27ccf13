import { startLabDns } from '../../build/lab/dns-server.ts';
import { conformance } from '../dns/conformance.ts';

conformance("the lab's DNS server", async (zones, key) => {
  const dns = await startLabDns({ address: '127.53.2.2', port: 0, key, zones });
  return { server: { address: dns.address, port: dns.port }, stop: () => dns.stop() };
});
