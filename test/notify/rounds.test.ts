import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { systemClock } from '../../src/edge/clock.ts';
import type { SiteEvent } from '../../src/monitor/events.ts';
import { Herald } from '../../src/notify/index.ts';
import type { Notification } from '../../src/notify/notification.ts';
import { bindSettings } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { settings } from '../failover/lab.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/tree.ts';

type Notify = NonNullable<NonNullable<Settings['monitor']>['notify']>;

function event(primary: 'up' | 'down', facts: Partial<SiteEvent> = {}): SiteEvent {
  const failover = { server: 'FAILOVER', state: 'up' as const, error: null, latencyMs: 1 };
  return {
    kind: 'Round',
    time: new Date(),
    site: 'site1.com',
    target: 'primary',
    standbys: [failover],
    server: 'PRIMARY',
    primary: { server: 'PRIMARY', state: primary, error: null, latencyMs: null },
    failover,
    decision: { action: 'none', reason: primary === 'up' ? 'PrimaryUp' : 'PrimaryDown', message: 'x' },
    planned: undefined,
    result: undefined,
    error: undefined,
    ...facts,
  };
}

/** Each round is a run of its own: only the state folder leads from one to the next. */
describe('notifications over rounds', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let hook: Server;
  let refusing: boolean;
  let told: Notification[];
  let errors: string[];
  let later: number;

  beforeEach(async () => {
    [told, errors, refusing, later] = [[], [], false, 0];
    hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        if (!refusing) told.push(JSON.parse(body) as Notification);
        response.writeHead(refusing ? 503 : 204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
  });
  afterEach(() => {
    hook.closeAllConnections();
    hook.close();
  });

  const url = (): string => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const clock = { ...systemClock, now: () => new Date(Date.now() + later) };

  async function round(one: SiteEvent, notify: Notify = {}): Promise<void> {
    const all = { webhooks: [{ url: url() }], attempts: 1, ...notify };
    const loaded = bindSettings('/lab/failover.json', { ...settings, monitor: { notify: all } });
    const herald = await Herald.open({
      loaded,
      folder: folder.path,
      clock,
      report: (channel, error) => void errors.push(`${channel}: ${error?.message ?? 'works'}`),
    });
    herald.take({ ...one, time: clock.now() });
    herald.remind();
    await herald.close(5000);
  }
  const kinds = (): string[] => told.map(({ kind, reminder }) => (reminder ? `still ${kind}` : kind));

  it('are sent by the next round where they could not be, in their order, and once', async () => {
    refusing = true;
    await round(event('down'));
    await round(event('up'));
    assert.equal(errors.length, 2);
    refusing = false;
    await round(event('up'));
    await round(event('up'));
    assert.deepEqual(kinds(), ['PrimaryDown', 'Ok']);
  });

  it('come once to each channel, whichever of them fails', async () => {
    const mails: string[] = [];
    const port = await freePort();
    const address = {
      server: '127.0.0.1',
      port,
      security: 'none' as const,
      from: 'a@example.com',
      to: ['b@example.com'],
    };
    await round(event('down'), { mails: [address] });
    assert.deepEqual(kinds(), ['PrimaryDown']);
    assert.match(errors.join(), /mail to b@example\.com/);
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData: (stream, _session, done) => {
        let text = '';
        stream.setEncoding('utf8').on('data', (part: string) => (text += part));
        stream.on('end', () => {
          mails.push(/^Subject: (.*?)\r?$/m.exec(text)?.[1] ?? '');
          done();
        });
      },
    });
    smtp.on('error', () => undefined);
    await once(smtp.listen(port, '127.0.0.1'), 'listening');
    try {
      for (let i = 0; i < 2; i++) await round(event('down'), { mails: [address] });
    } finally {
      await new Promise<void>((done) => smtp.close(done));
    }
    assert.deepEqual(mails, ['[error] site1.com: PrimaryDown']);
    assert.deepEqual(kinds(), ['PrimaryDown']);
  });

  it('remind of what lasts once in each interval, and not of what was not sent yet', async () => {
    await round(event('down'), { remindMinutes: 60 });
    later += 59 * 60_000;
    await round(event('down'), { remindMinutes: 60 });
    assert.deepEqual(kinds(), ['PrimaryDown']);
    later += 2 * 60_000;
    await round(event('down'), { remindMinutes: 60 });
    await round(event('down'), { remindMinutes: 60 });
    assert.deepEqual(kinds(), ['PrimaryDown', 'still PrimaryDown']);
    refusing = true;
    for (let hour = 0; hour < 3; hour++) {
      later += 61 * 60_000;
      await round(event('down'), { remindMinutes: 60 });
    }
    refusing = false;
    await round(event('down'), { remindMinutes: 60 });
    assert.deepEqual(kinds(), ['PrimaryDown', 'still PrimaryDown', 'still PrimaryDown']);
  });

  it('are given up when they are too old, which is told', async () => {
    refusing = true;
    await round(event('down'), { keepMinutes: 30 });
    later += 31 * 60_000;
    refusing = false;
    await round(event('down'), { keepMinutes: 30 });
    assert.deepEqual(kinds(), []);
    assert.match(errors.at(-1) ?? '', /was not told of 1 notifications: given up after 30 minutes/);
  });

  it('of a monitor that goes on are sent when their channel works again', async () => {
    refusing = true;
    const loaded = (attempts: number) =>
      bindSettings('/lab/failover.json', {
        ...settings,
        monitor: { notify: { webhooks: [{ url: url() }], attempts } },
      });
    const herald = await Herald.open({
      loaded: loaded(1),
      folder: folder.path,
      clock,
      report: () => undefined,
    });
    herald.take(event('down'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    refusing = false;
    // Changed settings end the rest of the channel, and lose nothing.
    herald.configure(loaded(2));
    await herald.close(5000);
    assert.deepEqual(kinds(), ['PrimaryDown']);
  });
});
