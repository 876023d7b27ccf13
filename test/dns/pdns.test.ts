import { freePort } from '../support/free-port.ts';
import { labKeys } from '../support/lab-bind.ts';
import { missingPdns, startLabPdns } from '../support/lab-pdns.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { conformance } from './conformance.ts';
import { masterFile } from './master-file.ts';

conformance(
  'PowerDNS 4',
  async (zones) => {
    const address = '127.53.3.1';
    const files = Object.fromEntries(Object.entries(zones).map(([zone, sets]) => [zone, masterFile(sets)]));
    const port = await freePort();
    const pdns = await startLabPdns(address, { port, apiPort: await freePort(), zones: files });
    return { server: { address, port }, stop: () => pdns.stop() };
  },
  async (context) => skipWhereMissing(context, await missingPdns()),
  { signature: 'DnsRefused', besideAlias: 'DnsRefused', keys: labKeys },
);
