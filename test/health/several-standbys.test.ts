import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Contender,
  decide,
  type Decision,
  type DecisionReason,
  type Health,
  type ServerHealth,
  serves,
  type SiteSituation,
} from '../../src/health/index.ts';
import { anyServer, circumstances, contender, now } from './one-standby.ts';

const health = (state: Health, since = 0): ServerHealth => ({ state, since, successes: 1, failures: 0 });

const normal: SiteSituation = {
  at: 'WEB01',
  primary: contender('WEB01', health('down')),
  standbys: [],
  suspended: undefined,
  forced: undefined,
  now,
  lastSwitch: undefined,
  lockedOut: false,
  policy: { failback: 'automatic', failbackAfter: 1, warmUpMs: 0, holdMs: 0 },
  windowOpen: true,
  gate: undefined,
};

/** `up down`: the failover servers S1 and S2; the primary's state before a slash. */
function site(states: string, at: string, changes: Partial<SiteSituation> = {}): SiteSituation {
  const [primary, standbys] = states.split(' / ') as [Health, string];
  return {
    ...normal,
    at,
    primary: contender('WEB01', health(primary)),
    standbys: standbys.split(' ').map((state, i) => contender(`S${i + 1}`, health(state as Health))),
    ...changes,
  };
}
const policy = (changes: Partial<SiteSituation['policy']>) => ({ policy: { ...normal.policy, ...changes } });

describe('decide, with several failover servers', () => {
  const rows: [string, SiteSituation, Decision['to'], DecisionReason][] = [
    ['the first that serves', site('down / up up', 'WEB01'), 'S1', 'PrimaryDown'],
    ['the second while the first is down', site('down / down up', 'WEB01'), 'S2', 'PrimaryDown'],
    ['the second while the first is unknown', site('down / unknown up', 'WEB01'), 'S2', 'PrimaryDown'],
    [
      'nothing while none is known to serve',
      site('down / unknown down', 'WEB01'),
      undefined,
      'FailoverUnknown',
    ],
    ['nothing while all are down', site('down / down down', 'WEB01'), undefined, 'BothDown'],
    [
      'the second while the first warms up',
      {
        ...site('down / up up', 'WEB01', policy({ warmUpMs: 10 })),
        standbys: [contender('S1', health('up', now - 9)), contender('S2', health('up', now - 10))],
      },
      'S2',
      'PrimaryDown',
    ],
    [
      'nothing while the only one that serves warms up',
      {
        ...site('down / up down', 'WEB01', policy({ warmUpMs: 10 })),
        standbys: [contender('S1', health('up', now)), contender('S2', health('unknown'))],
      },
      undefined,
      'FailoverWarmingUp',
    ],
    ['nothing while its failover server serves', site('down / up up', 'S2'), undefined, 'ServedByFailover'],
    ['nothing while its own is out of sight', site('down / up unknown', 'S2'), undefined, 'FailoverUnknown'],
    ['the next when its own has died', site('down / up down', 'S2'), 'S1', 'StandbyDown'],
    ['the next, whatever is known of the primary', site('unknown / down up', 'S1'), 'S2', 'StandbyDown'],
    ['nothing where none is left', site('down / down down', 'S1'), undefined, 'BothDown'],
    ['nothing where the other is unknown', site('down / down unknown', 'S1'), undefined, 'FailoverUnknown'],
    ['the primary when it is back', site('up / up up', 'S2'), 'WEB01', 'PrimaryReturned'],
    ['the primary first when its own has died', site('up / down up', 'S1'), 'WEB01', 'PrimaryReturned'],
    [
      'the next where failback is left to the administrator',
      site('up / down up', 'S1', policy({ failback: 'manual' })),
      'S2',
      'StandbyDown',
    ],
    [
      'what was named',
      site('up / up up', 'WEB01', { forced: { role: 'failover', server: 'S2' } }),
      'S2',
      'Forced',
    ],
    [
      'nothing else than what was named',
      site('up / up down', 'WEB01', { forced: { role: 'failover', server: 'S2' } }),
      undefined,
      'ForcedTargetNotUp',
    ],
    [
      'nothing from what was named',
      site('down / up down', 'S2', { forced: { role: 'failover', server: 'S2' } }),
      undefined,
      'Forced',
    ],
    [
      'the next where any failover server was meant',
      site('up / up down', 'S2', { forced: { role: 'failover', server: undefined } }),
      'S1',
      'StandbyDown',
    ],
    [
      'the first that serves where any was meant',
      site('up / down up', 'WEB01', { forced: { role: 'failover', server: 'GONE' } }),
      'S2',
      'Forced',
    ],
    ['nothing at a server that is none of them', site('down / up up', 'S9'), undefined, 'TargetUnknown'],
  ];
  for (const [what, situation, to, reason] of rows)
    it(`moves the site to ${what}`, () => {
      const decision = decide(situation);
      assert.deepEqual([decision.to, decision.reason], [to, reason]);
    });

  it('says which servers it means', () => {
    assert.equal(
      decide(site('down / down up', 'S1')).message,
      'The server S1 is down and the server S2 is up.',
    );
    assert.equal(decide(site('down / down down', 'S1')).message, 'All 3 servers are down.');
  });

  const situations = fc.array(anyServer, { minLength: 1, maxLength: 4 }).chain((healths) => {
    const standbys = healths.map((one, i) => contender(`S${i + 1}`, one));
    const servers = standbys.map(({ name }) => name);
    return fc.record<SiteSituation>({
      at: fc.constantFrom(undefined, 'WEB01', ...servers),
      primary: anyServer.map((one) => contender('WEB01', one)),
      standbys: fc.constant(standbys),
      forced: fc.option(
        fc.oneof(
          fc.constant({ role: 'primary' as const, server: undefined }),
          fc.record({
            role: fc.constant('failover' as const),
            server: fc.constantFrom(undefined, 'GONE', ...servers),
          }),
        ),
        { nil: undefined },
      ),
      ...circumstances,
    });
  });
  const all = ({ primary, standbys }: SiteSituation): Contender[] => [primary, ...standbys];
  const named = (one: SiteSituation, name: string | undefined) =>
    all(one).find((server) => server.name === name);

  it('moves only to one other server of the site, which is known to serve', () => {
    fc.assert(
      fc.property(situations, (one) => {
        const { action, to } = decide(one);
        assert.equal(action === 'none', to === undefined);
        if (to === undefined) return;
        const target = named(one, to)!;
        assert.deepEqual([serves(target.health), to === one.at], [true, false]);
        assert.equal(action === 'failback', target === one.primary);
      }),
      { numRuns: 2000 },
    );
  });

  it('settles after one move', () => {
    fc.assert(
      fc.property(situations, (one) => {
        const { to } = decide(one);
        if (to !== undefined) assert.equal(decide({ ...one, at: to }).action, 'none');
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves a failover server on its own account only for the primary, or when it is down', () => {
    fc.assert(
      fc.property(situations, (one) => {
        const own = one.standbys.find(({ name }) => name === one.at);
        if (own === undefined || own.health.state === 'down') return;
        assert.notEqual(decide({ ...one, forced: undefined }).action, 'failover');
      }),
      { numRuns: 2000 },
    );
  });

  it('goes to and fro between failover servers no more often than they die', () => {
    const history = fc.array(
      fc.record({ server: fc.nat({ max: 2 }), state: fc.constantFrom<Health>('up', 'down', 'unknown') }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(history, (changes) => {
        let one = site('down / up up up', 'WEB01');
        let moves = 0;
        let deaths = 1;
        for (const { server, state } of changes) {
          const standbys = one.standbys.map((standby, i) =>
            i === server ? { ...standby, health: health(state) } : standby,
          );
          if (state === 'down' && one.standbys[server]!.health.state !== 'down') deaths += 1;
          const { to } = decide({ ...one, standbys });
          if (to !== undefined) moves += 1;
          one = { ...one, standbys, at: to ?? one.at! };
        }
        assert.ok(moves <= deaths, `${moves} moves, ${deaths} deaths`);
      }),
    );
  });
});
