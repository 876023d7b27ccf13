import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { RecordSet } from '../../src/dns/index.ts';
import { missingBind, startLabBind } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { conformance } from './conformance.ts';

conformance(
  'BIND 9',
  async (zones) => {
    // BIND listens only on addresses that an interface has, so not on the rest of 127.0.0.0/8.
    const address = '127.0.0.1';
    const files = Object.fromEntries(Object.entries(zones).map(([zone, sets]) => [zone, masterFile(sets)]));
    const bind = await startLabBind(address, { port: await freePort(address), zones: files });
    return { server: { address, port: bind.port }, stop: () => bind.stop() };
  },
  async (context) => skipWhereMissing(context, await missingBind()),
);

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Record sets as a master file (RFC 1035 section 5). */
function masterFile(sets: readonly RecordSet[]): string {
  const lines = sets.flatMap(({ name, ttl, type, data }) =>
    data.map((one) => `${name} ${ttl} IN ${type} ${one}`),
  );
  return ['$ORIGIN .', ...lines, ''].join('\n');
}
