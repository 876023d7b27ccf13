import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { updateState } from '../../src/edge/state.ts';
import { MonitorLab, primary, type RunningMonitor } from './running.ts';

describe('a maintenance window under the continuous monitor', () => {
  let lab: MonitorLab;
  let monitor: RunningMonitor | undefined;

  beforeEach(async () => (lab = await MonitorLab.make()));
  afterEach(async () => {
    await monitor?.stop();
    monitor = undefined;
    await lab.remove();
  });

  const suspend = (name: string, ms: number): Promise<unknown> => {
    const until = new Date(lab.clock.now().getTime() + ms).toISOString();
    return updateState(lab.folder, new Map([[name, { suspended: { until, reason: 'updates' } }]]));
  };
  const resume = (name: string): Promise<unknown> =>
    updateState(lab.folder, new Map([[name, { suspended: undefined }]]));

  it('keeps a site where it is with one event, until it is resumed; other sites move', async () => {
    monitor = await lab.start({ massFailure: { policy: 'allow' } });
    await monitor.site('Transition', 'PrimaryUp');
    await suspend('site1.com', 3_600_000);
    const event = await monitor.site('Transition', 'Suspended');
    assert.match(event.decision.message, /^The site is suspended until .* \(updates\)\.$/);
    lab.answer({ primary: undefined });
    await monitor.until((one) => one.kind === 'Switch' && one.site === 'site2.com');
    const before = lab.prober.probes;
    while (lab.prober.probes < before + 50) await sleep(5);
    assert.deepEqual(
      monitor.events.filter(({ site }) => site === 'site1.com'),
      [],
    );
    assert.deepEqual(lab.provider.zones.get('site1.com')?.[0]?.data, [primary]);
    await resume('site1.com');
    assert.equal((await monitor.site('Switch', 'PrimaryDown')).target, 'failover');
  });

  it('ends by itself, and the site moves if its primary is down then', async () => {
    await suspend('site1.com', 3_600_000);
    monitor = await lab.start({ massFailure: { policy: 'allow' } });
    await monitor.site('Transition', 'Suspended');
    lab.answer({ primary: undefined });
    lab.skewMs = 3_600_000;
    const moved = await monitor.site('Switch', 'PrimaryDown');
    assert.equal(moved.target, 'failover');
  });

  it('does not count a suspended site among those that fail at once', async () => {
    await suspend('site1.com', 3_600_000);
    monitor = await lab.start({ massFailure: { policy: 'refuse' } });
    await monitor.site('Transition', 'Suspended');
    lab.answer({ primary: undefined });
    const moved = await monitor.until((one) => one.kind === 'Switch');
    assert.equal(moved.site, 'site2.com');
  });
});
