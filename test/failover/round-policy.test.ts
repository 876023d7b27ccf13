import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSet } from '../../src/dns/index.ts';
import type { Clock } from '../../src/edge/clock.ts';
import { readState, siteState, updateState } from '../../src/edge/state.ts';
import type { FailbackGate } from '../../src/failover/failback-gate.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import { monitorPolicy } from '../../src/failover/monitor-policy.ts';
import { planRound, stateSeen, stateSwitched } from '../../src/failover/round.ts';
import { applySwitches } from '../../src/failover/switch-apply.ts';
import type { MonitorSettings } from '../../src/settings/schema.ts';
import { FakeProber, FakeProvider, loadedWith } from './lab.ts';

/** Rounds one minute apart that share the state file, as scheduled ones do. */
describe('rounds under a policy', () => {
  const { signal } = new AbortController();
  const [primary, standby] = ['10.1.1.1', '10.1.1.2'];
  let folder: string;
  let provider: FakeProvider;
  let prober: FakeProber;
  let minute: number;
  let networkWorks: boolean;
  const clock: Clock = {
    now: () => new Date(Date.UTC(2026, 0, 2, 3, minute)),
    monotonic: () => minute * 60_000,
    sleep: async () => undefined,
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
    provider = new FakeProvider({
      'site1.com': [recordSet('site1.com', 'A', 300, [primary])],
      'site2.com': [recordSet('site2.com', 'A', 300, [primary])],
      'example.net': [recordSet('shop.example.net', 'A', 300, [primary])],
    });
    prober = new FakeProber(clock);
    minute = 0;
    networkWorks = true;
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The reason for site1.com after one more round in which the servers answer so. */
  async function round(
    answers: { primary: boolean; standby: boolean },
    monitor: MonitorSettings,
    gate?: FailbackGate,
  ): Promise<string> {
    minute += 1;
    prober.status.set(primary, answers.primary ? 200 : 500).set(standby, answers.standby ? 200 : 500);
    const loaded = loadedWith({ monitor });
    const state = await readState(folder);
    const rounds = await planRound(fleetSites(loaded), {
      loaded,
      provider,
      prober,
      reach: async () => networkWorks,
      state,
      clock,
      signal,
      ...(gate === undefined ? {} : { gate }),
    });
    await updateState(folder, new Map(rounds.map((one) => [one.site, stateSeen(one)])));
    const switches = rounds.flatMap((one) => one.planned ?? []);
    await applySwitches(switches, provider, folder, clock, signal);
    for (const { site, decision } of rounds)
      if (decision.reason === 'PrimaryDown') {
        const before = siteState(await readState(folder), site);
        const change = stateSwitched(before, monitorPolicy(monitor, 'round'), clock.now());
        await updateState(folder, new Map([[site, change]]));
      }
    return `${rounds[0]!.decision.action} ${rounds[0]!.decision.reason}`;
  }
  const healthy = { primary: true, standby: true };
  const primaryDown = { primary: false, standby: true };

  it('do not believe failures while no reference target answers', async () => {
    const monitor = { referenceTargets: [{ address: '10.0.0.1', port: 53 }] };
    networkWorks = false;
    assert.equal(await round(primaryDown, monitor), 'none PrimaryUnknown');
    assert.equal(siteState(await readState(folder), 'site1.com').health?.primary?.state, 'unknown');
    networkWorks = true;
    assert.equal(await round(primaryDown, monitor), 'failover PrimaryDown');
  });

  it('refuse a failure of most sites where the policy says so', async () => {
    assert.equal(await round(primaryDown, { massFailure: { policy: 'refuse' } }), 'none MassFailure');
    assert.deepEqual(provider.applied, []);
  });

  it('wait for a standby that was up long enough', async () => {
    const monitor = { warmUpSeconds: 120 };
    assert.equal(await round({ primary: true, standby: false }, monitor), 'none PrimaryUp');
    assert.equal(await round(primaryDown, monitor), 'none FailoverWarmingUp');
    assert.equal(await round(primaryDown, monitor), 'none FailoverWarmingUp');
    assert.equal(await round(primaryDown, monitor), 'failover PrimaryDown');
  });

  it('hold a site after a switch, and ask the gate before it goes back', async () => {
    const monitor = { holdSeconds: 150 };
    await round(primaryDown, monitor);
    assert.equal(await round(healthy, monitor), 'none HoldDown');
    const closed: FailbackGate = { closed: async () => 'Two uploads are only on the failover server.' };
    assert.equal(await round(healthy, monitor, closed), 'none HoldDown');
    assert.equal(await round(healthy, monitor, closed), 'none FailbackGated');
    const failing: FailbackGate = {
      closed: async () => {
        throw new Error('no access');
      },
    };
    assert.equal(await round(healthy, monitor, failing), 'none FailbackGated');
    assert.equal(
      await round(healthy, monitor, { closed: async () => undefined }),
      'failback PrimaryReturned',
    );
  });

  it('keep a flapping site on the standby', async () => {
    const monitor = { flapping: { failovers: 2 } };
    assert.equal(await round(primaryDown, monitor), 'failover PrimaryDown');
    assert.equal(await round(healthy, monitor), 'failback PrimaryReturned');
    assert.equal(await round(primaryDown, monitor), 'failover PrimaryDown');
    assert.equal(await round(healthy, monitor), 'none FlapLockout');
    minute += 31;
    assert.equal(await round(healthy, monitor), 'failback PrimaryReturned');
  });

  it('fail back within the window only', async () => {
    const monitor = { failbackWindow: { from: '03:30', to: '04:00', timeZone: 'UTC' } };
    await round(primaryDown, monitor);
    assert.equal(await round(healthy, monitor), 'none OutsideWindow');
    minute = 29;
    assert.equal(await round(healthy, monitor), 'failback PrimaryReturned');
  });
});
