import assert from 'node:assert/strict';
import sinon from 'sinon';
import { systemClock } from '../../src/edge/clock.ts';
import { type FailureKind, healthCheckOf, probeVerified, type ProbeResult } from '../../src/health/index.ts';

const { check } = healthCheckOf('site1.com');

const result = (failure: FailureKind | null): ProbeResult => ({
  address: '10.1.1.1',
  url: 'http://site1.com/',
  healthy: failure === null,
  statusCode: null,
  latencyMs: 1,
  certificateDaysLeft: null,
  certificateSubject: null,
  error: failure === null ? null : 'It failed',
  failure,
  warning: null,
  time: new Date(0),
});

/** Plays the outcomes in order and notes the pauses between them. */
async function verify(outcomes: (FailureKind | null)[], attempts: number) {
  const probe = sinon.stub();
  outcomes.forEach((outcome, index) => probe.onCall(index).resolves(result(outcome)));
  const sleep = sinon.stub().resolves();
  const verification = { attempts, delayMs: 250 };
  const clock = { ...systemClock, sleep };
  const verified = await probeVerified({ probe }, check, '10.1.1.1', verification, clock);
  return { ...verified, pauses: sleep.args.map(([ms]) => ms as number) };
}

describe('probeVerified', () => {
  it('believes a success at once', async () => {
    const { health, attempts, pauses } = await verify([null], 3);
    assert.deepEqual([health, attempts, pauses], ['up', 1, []]);
  });

  it('believes a failure only when all attempts failed, with a pause between them', async () => {
    const { health, attempts, pauses, result: last } = await verify(['connect', 'timeout', 'status'], 3);
    assert.deepEqual([health, attempts, pauses], ['down', 3, [250, 250]]);
    assert.equal(last.failure, 'status');
  });

  it('calls a server up that answers at the last attempt', async () => {
    const { health, attempts } = await verify(['connect', 'connect', null], 3);
    assert.deepEqual([health, attempts], ['up', 3]);
  });

  it('believes the first failure where one attempt is all there is', async () => {
    const { health, attempts, pauses } = await verify(['connect'], 1);
    assert.deepEqual([health, attempts, pauses], ['down', 1, []]);
  });

  it('says unknown when this machine could not probe at one of the attempts', async () => {
    assert.equal((await verify(['local', 'connect'], 2)).health, 'unknown');
    assert.equal((await verify(['connect', 'local'], 2)).health, 'unknown');
  });

  it('stops in the pause when the signal fires', async () => {
    const controller = new AbortController();
    const probe = sinon.stub().callsFake(() => {
      controller.abort();
      return Promise.resolve(result('connect'));
    });
    await assert.rejects(
      probeVerified(
        { probe },
        check,
        '10.1.1.1',
        { attempts: 3, delayMs: 60_000 },
        systemClock,
        controller.signal,
      ),
      { name: 'AbortError' },
    );
    assert.equal(probe.callCount, 1);
  });
});
