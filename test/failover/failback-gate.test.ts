import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/edge/clock.ts';
import { allGates, type FailbackGate, patientGate } from '../../src/failover/failback-gate.ts';
import { type FleetSite, fleetSites } from '../../src/failover/fleet.ts';
import { loadedWith } from './lab.ts';

describe('a gate of failback', () => {
  const [site, other] = fleetSites(loadedWith()) as [FleetSite, FleetSite];
  const { signal } = new AbortController();
  let now: number;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  beforeEach(() => (now = 0));

  const answering = (...answers: (string | Error | undefined)[]): FailbackGate & { asked: number } => ({
    asked: 0,
    async closed() {
      const answer = answers[this.asked++];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });

  it('of several is closed where one is, for all reasons, and open where there is none', async () => {
    const closed = (...gates: FailbackGate[]) => allGates(gates).closed(site, signal);
    assert.equal(await closed(), undefined);
    assert.equal(await closed(answering(undefined), answering(undefined)), undefined);
    assert.equal(await closed(answering(undefined), answering('One.'), answering('Two.')), 'One. Two.');
    assert.match(
      (await closed(answering(undefined), answering(new Error('no access')))) ?? '',
      /^It is not known whether anything would be lost: .*no access/,
    );
  });

  it('is asked once a minute for each site, also where it cannot tell', async () => {
    const inner = answering('One.', 'Other.', new Error('no access'), undefined);
    const gate = patientGate(inner, clock);
    assert.equal(await gate.closed(site, signal), 'One.');
    assert.equal(await gate.closed(other, signal), 'Other.');
    now = 59_999;
    assert.equal(await gate.closed(site, signal), 'One.');
    assert.equal(inner.asked, 2);
    now = 60_000;
    assert.match((await gate.closed(site, signal)) ?? '', /no access/);
    assert.match((await gate.closed(site, signal)) ?? '', /no access/);
    assert.equal(inner.asked, 3);
    now = 120_000;
    assert.equal(await gate.closed(site, signal), undefined);
  });

  it('is closed, for the last reason, while its answer takes longer than a switch may wait', async () => {
    const waiting: ((answer: string | undefined) => void)[] = [];
    const slow: FailbackGate = { closed: () => new Promise((resolve) => waiting.push(resolve)) };
    const gate = patientGate(slow, clock, 1);
    assert.match((await gate.closed(site, signal)) ?? '', /still being compared/);
    assert.match((await gate.closed(site, signal)) ?? '', /still being compared/);
    assert.equal(waiting.length, 1);
    waiting[0]!('One upload.');
    await sleep(0);
    assert.equal(await gate.closed(site, signal), 'One upload.');
    now = 60_000;
    assert.equal(await gate.closed(site, signal), 'One upload.');
    waiting[1]!(undefined);
    await sleep(0);
    assert.equal(await gate.closed(site, signal), undefined);
  });
});
