import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { ServerReport, SiteEvent } from '../../src/monitor/events.ts';
import { Tracker } from '../../src/notify/tracker.ts';

const start = Date.parse('2026-01-02T03:04:05Z');
const result = {
  site: 'a',
  switched: true,
  moved: true,
  untouched: false,
  confirmed: true,
  unconfirmed: [],
  made: [],
  missing: [],
  durationMs: 5,
  errors: [],
};

function event(primary: string, failover: string, changes: Partial<SiteEvent> = {}): SiteEvent {
  const server = (state: string): ServerReport => ({
    server: 'W',
    state: state as ServerReport['state'],
    error: state === 'down' ? 'it answers 500' : null,
    latencyMs: null,
  });
  return {
    kind: 'Transition',
    time: new Date(start),
    site: 'Site1.com',
    target: 'primary',
    server: 'W',
    primary: server(primary),
    failover: server(failover),
    standbys: [server(failover)],
    decision: { action: 'none', reason: 'PrimaryUp', message: 'So it is.' },
    planned: undefined,
    result: undefined,
    error: undefined,
    ...changes,
  };
}
const suspended = { decision: { action: 'none', reason: 'Suspended', message: 'Suspended.' } } as const;
const failing = { decision: { action: 'failover', reason: 'PrimaryDown', message: 'Down.' } } as const;
const timeout = new FailoverError('DnsTimeout', 'no answer');
const kinds = (tracker: Tracker, ...events: SiteEvent[]): string[] =>
  events.map(
    (one) =>
      tracker
        .take(one)
        .map(({ kind }) => kind)
        .join() || '-',
  );

describe('which events are notifications', () => {
  const rows: [string, SiteEvent[], string[]][] = [
    ['nothing of a site that is well from the start', [event('up', 'up')], ['-']],
    ['a primary that is down from the start', [event('down', 'up')], ['PrimaryDown']],
    [
      'each condition once, and the return',
      [
        event('up', 'down'),
        event('up', 'down'),
        event('down', 'down'),
        event('down', 'up'),
        event('up', 'up'),
      ],
      ['FailoverDown', '-', 'BothDown', 'PrimaryDown', 'Ok'],
    ],
    [
      'a switch as one, without the condition that follows from it',
      [
        event('down', 'up', { ...failing, target: 'failover', result }),
        event('down', 'up', { target: 'failover' }),
      ],
      ['Switched', '-'],
    ],
    [
      'a switch that fails once for each reason, and the one that succeeds',
      [
        event('down', 'up', { ...failing, kind: 'Fault', error: timeout }),
        event('down', 'up', { ...failing, kind: 'Fault', error: timeout }),
        event('down', 'up', { ...failing, kind: 'Fault', error: new FailoverError('DnsRefused', 'no') }),
        event('down', 'up', { ...failing, result }),
      ],
      ['SwitchFailed', '-', 'SwitchFailed', 'Switched'],
    ],
    [
      'nothing of servers out of sight, nor their return',
      [event('unknown', 'up'), event('up', 'unknown'), event('up', 'up')],
      ['-', '-', '-'],
    ],
    ['a certificate that expires soon', [event('degraded', 'up'), event('up', 'up')], ['Degraded', 'Ok']],
    [
      'a switch that a name server shows late',
      [
        event('down', 'up', { ...failing, result: { ...result, confirmed: false, errors: [timeout] } }),
        event('down', 'up', {
          kind: 'Confirmed',
          confirmation: { confirmed: true, message: '', remaining: [], error: undefined },
        }),
      ],
      ['SwitchFailed', 'Switched'],
    ],
    ['nothing in shadow mode', [event('down', 'up', { ...failing, kind: 'WouldSwitch' })], ['-']],
    [
      'nothing in a maintenance window, and what is still so after it',
      [event('down', 'up', suspended), event('up', 'down', suspended), event('up', 'down')],
      ['-', '-', 'FailoverDown'],
    ],
    [
      'nothing after a maintenance window that left all as it was',
      [event('up', 'up'), event('down', 'up', suspended), event('up', 'up')],
      ['-', '-', '-'],
    ],
  ];
  for (const [what, events, expected] of rows)
    it(`tells ${what}`, () => assert.deepEqual(kinds(new Tracker(), ...events), expected));

  it('tells of the monitor itself when a fault begins and ends', () => {
    const own = { time: new Date(start), site: undefined, message: 'DNS.', error: timeout };
    const tell = (kind: 'Fault' | 'Recovered' | 'Started') =>
      new Tracker().take({ ...own, kind }).map((one) => one.kind);
    assert.deepEqual([tell('Fault'), tell('Recovered'), tell('Started')], [['Fault'], ['Recovered'], []]);
  });

  it('says what the servers answered and which way the records went', () => {
    const [down] = new Tracker().take(event('down', 'up'));
    assert.match(down!.message, /^So it is\. Primary W: it answers 500\.$/);
    assert.deepEqual(
      [down!.site, down!.subject, down!.severity],
      ['Site1.com', 'Site1.com: PrimaryDown', 'error'],
    );
    const [back] = new Tracker().take(event('up', 'up', { result, target: 'primary' }));
    assert.deepEqual([back!.kind, back!.severity], ['Switched', 'info']);
  });

  it('knows after a restart what it has told', () => {
    const first = new Tracker();
    first.take(event('down', 'up'));
    const told = JSON.parse(JSON.stringify(first.told())) as ReturnType<Tracker['told']>;
    assert.deepEqual(kinds(new Tracker(told), event('down', 'up'), event('up', 'up')), ['-', 'Ok']);
  });

  it('reminds of what lasts, at its interval, and not while it is suspended or over', () => {
    const tracker = new Tracker();
    tracker.take(event('down', 'up'));
    const at = (minutes: number) =>
      tracker.reminders(new Date(start + minutes * 60_000), 3_600_000).map(({ subject }) => subject);
    const reminder = ['Site1.com: still PrimaryDown'];
    assert.deepEqual([at(59), at(60), at(61), at(120)], [[], reminder, [], reminder]);
    tracker.take(event('down', 'up', suspended));
    assert.deepEqual(at(600), []);
    tracker.take(event('down', 'up'));
    assert.deepEqual(at(600), reminder);
    tracker.take(event('up', 'up'));
    assert.deepEqual(at(6000), []);
  });

  it('never tells the same condition twice in a row, whatever the order of events', () => {
    const state = fc.constantFrom('up', 'degraded', 'down', 'unknown');
    const any = fc.record({ primary: state, failover: state, suspended: fc.boolean() });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (list) => {
        const tracker = new Tracker();
        let last = 'Ok';
        for (const one of list)
          for (const { kind } of tracker.take(
            event(one.primary, one.failover, one.suspended ? suspended : {}),
          )) {
            assert.notEqual(kind, last);
            last = kind;
          }
      }),
    );
  });
});
