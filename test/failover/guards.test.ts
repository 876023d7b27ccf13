import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clockJump, massFailure, ReferenceTargets, settleWait } from '../../src/failover/guards.ts';
import { fakeClock } from './lab.ts';

const { signal } = new AbortController();

describe('reference targets', () => {
  const targets = [
    { address: '10.0.0.1', port: 53 },
    { address: '10.0.0.2', port: 80, servers: ['PRIMARY'] },
  ];
  const asked: string[] = [];
  const ask = (answering: readonly string[]) =>
    new ReferenceTargets(
      targets,
      async (address) => {
        asked.push(address);
        return answering.includes(address);
      },
      fakeClock,
    );
  beforeEach(() => (asked.length = 0));

  it('speak against a failure only where none of them answers', async () => {
    assert.equal(await ask(['10.0.0.2']).doubt('primary', signal), undefined);
    assert.match(
      (await ask([]).doubt('Primary', signal)) ?? '',
      /does not work: no answer from 10\.0\.0\.1 port 53, 10\.0\.0\.2 port 80 either/,
    );
  });

  it('count for the servers that they name', async () => {
    assert.match(
      (await ask(['10.0.0.2']).doubt('FAILOVER', signal)) ?? '',
      /no answer from 10\.0\.0\.1 port 53/,
    );
  });

  it('are asked once for all sites that fail at the same time', async () => {
    const references = ask([]);
    await Promise.all([references.doubt('PRIMARY', signal), references.doubt('PRIMARY', signal)]);
    assert.deepEqual(asked, ['10.0.0.1', '10.0.0.2']);
  });
});

describe('a failure of most sites at once', () => {
  const rows: [string, string[], 'refuse' | 'allow' | 'bySuspicion', RegExp | undefined, string[]?][] = [
    ['one site of two', ['A'], 'refuse', undefined],
    ['all, with the policy allow', ['A', 'A', 'B'], 'allow', undefined],
    ['all, with the policy refuse', ['A', 'A', 'A'], 'refuse', /3 of 4 sites failed at once, more than 50 %/],
    ['half of them', ['A', 'A'], 'refuse', undefined],
    ['all of one primary server', ['A', 'A', 'A'], 'bySuspicion', undefined],
    ['those of two primary servers', ['A', 'A', 'B'], 'bySuspicion', /3 of 4 sites on 2 primary servers/],
    [
      'all of one primary server and one of many of another',
      ['A', 'A', 'A', 'B'],
      'bySuspicion',
      undefined,
      ['A', 'A', 'A', 'B', 'B', 'B'],
    ],
  ];
  for (const [name, failing, policy, refused, watched = ['A', 'A', 'B', 'A']] of rows)
    it(`is ${refused === undefined ? 'allowed' : 'refused'}: ${name} (${policy})`, () => {
      const answer = massFailure(failing, watched, { policy, threshold: 0.5, settleMs: 0 });
      if (refused === undefined) assert.equal(answer, undefined);
      else assert.match(answer ?? '', refused);
    });
});

describe('the clocks of the monitor', () => {
  const jump = (wall: number, monotonic: number): string | undefined =>
    clockJump(
      { wall: 1_000_000, monotonic: 500 },
      { wall: 1_000_000 + wall, monotonic: 500 + monotonic },
      1000,
    );

  it('are believed while they agree with each other and with the plan', () => {
    assert.equal(jump(1000, 1000), undefined);
    assert.equal(jump(5900, 1000), undefined);
    assert.equal(jump(5900, 5900), undefined);
  });

  it('tell a clock that was set, and a machine that slept or was held up', () => {
    assert.match(jump(-3_599_000, 1000) ?? '', /went back by 3600 s/);
    assert.match(jump(3_601_000, 1000) ?? '', /went ahead by 3600 s/);
    assert.match(jump(61_000, 61_000) ?? '', /held up for 60 s/);
  });
});

describe('the settle time before a failover', () => {
  const mass = (policy: 'refuse' | 'allow' | 'bySuspicion', settleMs: number) => ({
    policy,
    settleMs,
    threshold: 0.5,
  });

  it('is not waited for where the policy allows everything', () => {
    assert.equal(settleWait(0, 0, mass('allow', 5000)), 0);
  });

  it('has all that fail within it seen before the first one moves, and ends', () => {
    const ms = fc.integer({ min: 0, max: 300_000 });
    fc.assert(
      fc.property(ms, ms, fc.constantFrom('refuse', 'bySuspicion'), (settleMs, age, policy) => {
        const wait = settleWait(1_000_000, 1_000_000 + age, mass(policy, settleMs));
        // Whatever goes down in the settle time is down when the wait is over, and the wait is over then for good.
        assert.equal(age + wait, Math.max(age, settleMs));
        assert.equal(settleWait(1_000_000, 1_000_000 + age + wait, mass(policy as 'refuse', settleMs)), 0);
      }),
    );
  });

  it('never waits longer than it, also where the clock was set back', () => {
    assert.equal(settleWait(1_000_000, 0, mass('refuse', 5000)), 5000);
  });
});
