import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHeartbeat } from '../../src/edge/monitor-lease.ts';
import { readState, siteState, updateState } from '../../src/edge/state.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { MonitorLab, primary, type RunningMonitor } from './running.ts';

describe('the continuous monitor', () => {
  let lab: MonitorLab;
  let monitor: RunningMonitor | undefined;

  beforeEach(async () => (lab = await MonitorLab.make()));
  afterEach(async () => {
    await monitor?.stop();
    monitor = undefined;
    await lab.remove();
  });

  const addressOf = (zone: string): unknown => lab.provider.zones.get(zone)?.[0]?.data;

  it('tells of a site first when both servers are known, and then only of changes', async () => {
    monitor = await lab.start();
    assert.equal((await monitor.until(() => true)).kind, 'Started');
    const first = await monitor.site('Transition', 'PrimaryUp');
    assert.deepEqual([first.target, first.primary.state, first.failover.state], ['primary', 'up', 'up']);
    lab.answer({ standby: 500 });
    assert.equal((await monitor.site('Transition', 'PrimaryUp')).failover.state, 'down');
    assert.deepEqual(lab.provider.applied, []);
  });

  it('fails over each site once, and back when the primary was up often enough', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    lab.answer({ primary: undefined });
    const moved = await monitor.site('Switch', 'PrimaryDown');
    assert.deepEqual([moved.target, moved.result?.confirmed], ['failover', true]);
    await monitor.site('Transition', 'ServedByFailover');
    const updates = lab.provider.applied.length;
    lab.answer({ primary: 200 });
    await monitor.site('Transition', 'FailbackWaiting');
    assert.equal((await monitor.site('Switch', 'PrimaryReturned')).target, 'primary');
    assert.deepEqual(addressOf('site1.com'), [primary]);
    assert.equal(lab.provider.applied.filter(({ zone }) => zone === 'site1.com').length, 2);
    assert.ok(updates >= 1);
  });

  it('does not switch for failures that do not follow each other', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    const probes = new Map<string, number>();
    lab.prober.onProbe = (address, { hostName }) => {
      if (address !== primary) return;
      const count = (probes.get(hostName) ?? 0) + 1;
      probes.set(hostName, count);
      lab.answer({ primary: count % 3 === 0 ? 200 : 500 });
    };
    while ((probes.get('site1.com') ?? 0) < 30) await sleep(5);
    assert.deepEqual(lab.provider.applied, []);
  });

  it('resumes after it was killed without switching again, from what the records and the state say', async () => {
    monitor = await lab.start();
    lab.answer({ primary: undefined });
    await monitor.site('Switch', 'PrimaryDown');
    await monitor.stop();
    monitor = await lab.start();
    const event = await monitor.site('Transition', 'ServedByFailover');
    assert.equal(event.target, 'failover');
    assert.equal(lab.provider.applied.filter(({ zone }) => zone === 'site1.com').length, 1);
  });

  it('only says what it would do in shadow mode, and leaves no trace', async () => {
    monitor = await lab.start({}, { shadow: true });
    await monitor.site('Transition', 'PrimaryUp');
    lab.answer({ primary: undefined });
    const event = await monitor.site('WouldSwitch', 'PrimaryDown');
    assert.equal(event.planned?.changes.length, 1);
    await monitor.site('Transition', 'ServedByFailover');
    lab.answer({ primary: 200 });
    await monitor.site('WouldSwitch', 'PrimaryReturned');
    assert.deepEqual([lab.provider.applied, (await readState(lab.folder)).sites], [[], {}]);
    assert.equal(await readHeartbeat(lab.folder), undefined);
  });

  it('holds and locks sites in shadow mode as if it had switched them', async () => {
    monitor = await lab.start({ holdSeconds: 3600 }, { shadow: true });
    await monitor.site('Transition', 'PrimaryUp');
    lab.answer({ primary: undefined });
    await monitor.site('WouldSwitch', 'PrimaryDown');
    lab.answer({ primary: 200 });
    await monitor.site('Transition', 'HoldDown');
    await monitor.stop();
    monitor = await lab.start({ flapping: { failovers: 1 } }, { shadow: true });
    lab.answer({ primary: undefined });
    await monitor.site('WouldSwitch', 'PrimaryDown');
    lab.answer({ primary: 200 });
    await monitor.site('Transition', 'FlapLockout');
    assert.deepEqual((await readState(lab.folder)).sites, {});
  });

  it('tries a refused switch again, later and later, until it works', async () => {
    lab.provider.fault = new FailoverError('DnsTimeout', 'no answer');
    lab.answer({ primary: undefined });
    monitor = await lab.start();
    const fault = await monitor.site('Fault', 'PrimaryDown');
    assert.equal(fault.error?.id, 'DnsTimeout');
    lab.provider.fault = undefined;
    await monitor.site('Switch', 'PrimaryDown');
  });

  it('believes nothing while its own network does not work', async () => {
    monitor = await lab.start({ referenceTargets: [{ address: '10.0.0.1', port: 53 }] });
    await monitor.site('Transition', 'PrimaryUp');
    lab.networkWorks = false;
    lab.answer({ primary: undefined, standby: undefined });
    const event = await monitor.site('Transition', 'PrimaryUnknown');
    assert.match(event.primary.error ?? '', /The network of this machine does not work/);
    assert.deepEqual(lab.provider.applied, []);
  });

  it('forgets what it saw when the clock is set, and switches no sooner than from the start', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    lab.skewMs = -3_600_000;
    const event = await monitor.until(({ kind }) => kind === 'Clock');
    assert.match('message' in event ? event.message : '', /went back by 3600 s/);
    assert.deepEqual(lab.provider.applied, []);
  });

  it('moves at most the share of the sites that the policy allows at once', async () => {
    monitor = await lab.start({ massFailure: { policy: 'refuse' } });
    await monitor.site('Transition', 'PrimaryUp');
    lab.answer({ primary: undefined });
    const refused = await monitor.until(
      (one) => one.site !== undefined && one.decision.reason === 'MassFailure',
    );
    assert.equal(refused.kind, 'Transition');
    const moved = new Set(lab.provider.applied.map(({ zone }) => zone));
    assert.ok(!(moved.has('site1.com') && moved.has('site2.com')));
  });

  it('switches nothing of many sites that fail one after the other within the settle time', async () => {
    monitor = await lab.start({ massFailure: { policy: 'refuse', settleSeconds: 1 } });
    await monitor.site('Transition', 'PrimaryUp');
    const failing = new Set(['site1.com']);
    let failures = 0;
    lab.prober.onProbe = (address, { hostName }) => {
      if (address !== primary) return;
      lab.answer({ primary: failing.has(hostName) ? undefined : 200 });
      if (failing.has(hostName)) failures += 1;
    };
    while (failures < 10) await sleep(5); // three are believed
    for (const name of ['site2.com', 'shop.example.net']) failing.add(name);
    await monitor.until((one) => one.site !== undefined && one.decision.reason === 'MassFailure');
    assert.deepEqual(lab.provider.applied, []);
  });

  it('leaves a site where an administrator has put it, and moves it where one wants it', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    await updateState(lab.folder, new Map([['site1.com', { forced: 'failover' }]]));
    assert.equal((await monitor.site('Switch', 'Forced')).target, 'failover');
  });

  it('asks the gate before it fails back', async () => {
    const gate = { closed: async () => 'Uploads are not synced.' };
    lab.answer({ primary: undefined });
    monitor = await lab.start({}, { gate });
    await monitor.site('Switch', 'PrimaryDown');
    lab.answer({ primary: 200 });
    const event = await monitor.site('Transition', 'FailbackGated');
    assert.match(event.decision.message, /Uploads are not synced/);
    assert.deepEqual(addressOf('site1.com'), ['10.1.1.2']);
  });

  it('saves what it holds for Get-FailoverSite, and gives signs of life', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    await monitor.stop();
    const state = siteState(await readState(lab.folder), 'SITE1.com');
    assert.equal(state.health?.primary?.state, 'up');
    assert.equal(state.probes?.failover?.healthy, true);
    const beat = await readHeartbeat(lab.folder);
    assert.deepEqual([beat?.processId, beat?.mode, beat?.sites], [process.pid, 'continuous', 2]);
  });

  it('is the only one in its state folder', async () => {
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
    await assert.rejects(lab.start(), (error: FailoverError) => {
      assert.equal(error.id, 'MonitorRunning');
      assert.match(error.message, new RegExp(`continuous, process ${process.pid} on `));
      return true;
    });
  });
});

describe('the continuous monitor, when its settings file changes', () => {
  let lab: MonitorLab;
  let monitor: RunningMonitor;
  beforeEach(async () => {
    lab = await MonitorLab.make();
    await lab.writeSettings({ ...lab.settings(), healthCheck: { intervalSeconds: 0.25 } });
    monitor = await lab.start();
    await monitor.site('Transition', 'PrimaryUp');
  });
  afterEach(async () => {
    await monitor.stop();
    await lab.remove();
  });

  it('applies it without a restart: sites come and go', async () => {
    const [, second] = lab.settings().sites;
    await lab.writeSettings({ ...lab.settings(), healthCheck: { intervalSeconds: 0.25 }, sites: [second!] });
    const event = await monitor.until(({ kind }) => kind === 'Settings');
    assert.match('message' in event ? event.message : '', /1 sites/);
  });

  it('reports a broken one and goes on with the old', async () => {
    await lab.writeSettings('{ "servers": [');
    const event = await monitor.until(({ kind }) => kind === 'Fault');
    assert.match('message' in event ? event.message : '', /failover\.json\(1,/);
    lab.answer({ primary: undefined });
    await monitor.site('Switch', 'PrimaryDown');
  });
});

describe('the continuous monitor of several sites of one server', () => {
  it('checks the others at once when one of them does not get through', async () => {
    const lab = await MonitorLab.make();
    const { healthCheck, ...rest } = lab.settings();
    const slow = { ...healthCheck, intervalSeconds: 3600, attempts: 1 };
    const [one, ...others] = rest.sites;
    const sites = [
      { ...one!, healthCheck: { ...healthCheck, attempts: 1 } },
      ...others.map((site) => ({ ...site, healthCheck: slow })),
    ];
    const monitor = await lab.start({}, { content: { ...rest, sites } });
    try {
      await monitor.until(({ kind, site }) => kind === 'Transition' && site === 'site2.com');
      lab.answer({ primary: undefined });
      const moved = (site: string): Promise<unknown> =>
        monitor.until((event) => event.kind === 'Switch' && event.site === site);
      await moved('site1.com');
      await moved('site2.com');
    } finally {
      await monitor.stop();
      await lab.remove();
    }
  });
});
