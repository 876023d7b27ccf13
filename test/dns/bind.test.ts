import { freePort } from '../support/free-port.ts';
import { labKeys, missingBind, startLabBind } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { conformance } from './conformance.ts';
import { masterFile } from './master-file.ts';

conformance(
  'BIND 9',
  async (zones) => {
    // BIND listens only on addresses that an interface has, so not on the rest of 127.0.0.0/8.
    const address = '127.0.0.1';
    const files = Object.fromEntries(Object.entries(zones).map(([zone, sets]) => [zone, masterFile(sets)]));
    const bind = await startLabBind(address, { port: await freePort(), zones: files });
    return { server: { address, port: bind.port }, stop: () => bind.stop() };
  },
  async (context) => skipWhereMissing(context, await missingBind()),
  { keys: labKeys },
);
