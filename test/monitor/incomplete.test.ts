import assert from 'node:assert/strict';
import { readState, siteState } from '../../src/edge/state.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { SiteState } from '../../src/model/state.ts';
import type { MonitorEvent, SiteEvent } from '../../src/monitor/events.ts';
import { MonitorLab, primary, type RunningMonitor, standby } from './running.ts';

describe('a switch that is not whole, under the continuous monitor', () => {
  let lab: MonitorLab;
  let monitor: RunningMonitor | undefined;

  beforeEach(async () => (lab = await MonitorLab.make()));
  afterEach(async () => {
    await monitor?.stop();
    monitor = undefined;
    await lab.remove();
  });

  const stateOf = async (site: string): Promise<SiteState> => siteState(await readState(lab.folder), site);
  const addressOf = (zone: string): unknown => lab.provider.zones.get(zone)?.[0]?.data;
  const ofSite2 = async (test: (event: SiteEvent) => boolean): Promise<SiteEvent> =>
    (await monitor!.until((one: MonitorEvent) => one.site === 'site2.com' && test(one))) as SiteEvent;

  it('is read back until every name server shows it, and told then', async () => {
    lab.provider.lagging = [{ address: '10.1.1.9', port: 53 }];
    lab.answer({ primary: undefined });
    monitor = await lab.start();
    const moved = await monitor.site('Switch', 'PrimaryDown');
    assert.deepEqual([moved.result?.switched, moved.result?.confirmed], [true, false]);
    assert.match(moved.result?.errors[0]?.message ?? '', /1 of 1 name servers do not show it \(10\.1\.1\.9/);
    const [saved] = (await stateOf('site1.com')).unconfirmed ?? [];
    assert.deepEqual([saved?.zone, saved?.servers], ['site1.com', ['10.1.1.9']]);
    lab.provider.lagging = [];
    const event = await monitor.site('Confirmed', 'ServedByFailover');
    assert.equal(event.confirmation?.message, 'Every name server shows the last switch now.');
    assert.equal((await stateOf('site1.com')).unconfirmed, undefined);
    assert.equal(lab.provider.applied.filter(({ zone }) => zone === 'site1.com').length, 1);
  });

  it('is completed where one of its zones could not be changed', async () => {
    lab.provider.faultIn.set('example.net', new FailoverError('DnsTimeout', 'no answer'));
    monitor = await lab.start({ massFailure: { policy: 'allow' } });
    await ofSite2(({ kind }) => kind === 'Transition');
    lab.answer({ primary: undefined });
    await ofSite2(({ kind }) => kind === 'Fault');
    assert.deepEqual([addressOf('site2.com'), addressOf('example.net')], [[standby], [primary]]);
    assert.equal((await stateOf('site2.com')).pending, 'failover');
    lab.provider.faultIn.clear();
    await ofSite2(({ kind }) => kind === 'Switch');
    assert.deepEqual([addressOf('site2.com'), addressOf('example.net')], [[standby], [standby]]);
    const { pending, target, flapping } = await stateOf('site2.com');
    assert.deepEqual([pending, target, flapping?.failovers.length], [undefined, 'failover', 1]);
  });

  it('is undone where the primary has returned before it could be completed', async () => {
    lab.provider.faultIn.set('example.net', new FailoverError('DnsTimeout', 'no answer'));
    lab.answer({ primary: undefined });
    monitor = await lab.start({ massFailure: { policy: 'allow' } });
    await ofSite2(({ kind }) => kind === 'Fault');
    lab.answer({ primary: 200 });
    const event = await ofSite2(({ kind, decision }) => kind === 'Switch' && decision.action === 'failback');
    assert.equal(event.target, 'primary');
    assert.deepEqual([addressOf('site2.com'), addressOf('example.net')], [[primary], [primary]]);
    assert.equal((await stateOf('site2.com')).pending, undefined);
  });

  it('is left alone where it was not this monitor that moved some of the zones', async () => {
    monitor = await lab.start();
    await ofSite2(({ kind }) => kind === 'Transition');
    const [set] = lab.provider.zones.get('site2.com')!;
    lab.provider.zones.set('site2.com', [{ ...set!, data: [standby] }]);
    await monitor.stop();
    lab.answer({ primary: undefined });
    monitor = await lab.start();
    await ofSite2(({ decision }) => decision.reason === 'TargetUnknown');
    assert.deepEqual([addressOf('site2.com'), addressOf('example.net')], [[standby], [primary]]);
  });
});
