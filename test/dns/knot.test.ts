import { freePort } from '../support/free-port.ts';
import { labKeys } from '../support/lab-bind.ts';
import { missingKnot, startLabKnot } from '../support/lab-knot.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { conformance } from './conformance.ts';
import { masterFile } from './master-file.ts';

conformance(
  'Knot DNS 3',
  async (zones) => {
    const address = '127.53.2.1';
    const port = await freePort();
    const files = Object.fromEntries(Object.entries(zones).map(([zone, sets]) => [zone, masterFile(sets)]));
    const knot = await startLabKnot(address, { port, zones: files });
    return { server: { address, port }, stop: () => knot.stop() };
  },
  async (context) => skipWhereMissing(context, await missingKnot()),
  { unsigned: 'DnsNotAuthoritative', keys: labKeys },
);
