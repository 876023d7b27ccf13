import assert from 'node:assert/strict';
import { createRfc2136Provider, parseTsigKey } from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { readState, siteState } from '../../src/edge/state.ts';
import { confirmAgain } from '../../src/failover/confirm.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import { applySwitches } from '../../src/failover/switch-apply.ts';
import { planSiteSwitch, readRecords } from '../../src/failover/switch-plan.ts';
import { freePort } from '../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';
import { loadedWith } from './lab.ts';

describe('a switch while a secondary of BIND 9 is down', function () {
  this.timeout(60_000);
  const address = '127.0.0.1';
  const folder = temporaryFolder();
  let primary: LabBind;
  let secondary: LabBind | undefined;
  before(async function () {
    skipWhereMissing(this, await missingBind());
    const zones = { 'site1.com': paperZone('site1.com', address, '10.1.1.1') };
    primary = await startLabBind(address, { port: await freePort(), zones });
  });
  after(async () => {
    await secondary?.stop();
    await primary?.stop();
  });

  it('is named and remembered, and confirmed when the secondary is back', async () => {
    const port = await freePort();
    const startSecondary = (): Promise<LabBind> =>
      startLabBind(address, { port, zones: { 'site1.com': '' }, primaryPort: primary.port });
    const { signal } = new AbortController();
    const loaded = loadedWith();
    const [site] = fleetSites(loaded);
    const provider = createRfc2136Provider({
      primary: { address, port: primary.port },
      nameServers: [{ address, port }],
      key: parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' }),
      clock: systemClock,
      timeoutMs: 500,
    });
    const stateNow = async () => siteState(await readState(folder.path), 'site1.com');
    secondary = await startSecondary();
    const records = await readRecords(site!, loaded, provider, signal);
    const planned = planSiteSwitch(site!, site!.standbys[0]!, records, await readState(folder.path), loaded);
    await secondary.stop();
    const [result] = await applySwitches([planned], provider, folder.path, systemClock, signal);
    assert.deepEqual([result?.switched, result?.confirmed], [true, false]);
    const { unconfirmed = [] } = await stateNow();
    assert.deepEqual(
      unconfirmed.map(({ zone, servers }) => [zone, servers]),
      [['site1.com', [`${address}:${port}`]]],
    );
    const still = await confirmAgain(unconfirmed, provider, 0, signal);
    assert.deepEqual([still.confirmed, still.remaining.length], [false, 1]);
    assert.match(still.message, new RegExp(`not confirmed: .*${port}`));
    secondary = await startSecondary();
    const whole = await confirmAgain(still.remaining, provider, 10_000, signal);
    assert.deepEqual([whole.confirmed, whole.remaining], [true, []]);
  });
});
