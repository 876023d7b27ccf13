import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { Metering } from '../../src/commands/support/metering.ts';
import { systemClock } from '../../src/edge/clock.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { bindSettings } from '../../src/settings/load.ts';
import { MonitorLab } from '../monitor/running.ts';
import { freePort } from '../support/free-port.ts';
import { parsePrometheusText, type Sample } from '../support/prometheus-text.ts';

/** Tries again soon. */
const clock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 10), signal),
};

describe('metrics by HTTP', function () {
  this.timeout(60_000);
  let lab: MonitorLab;
  let port: number;
  let metering: Metering;
  let stop: AbortController;
  let running: Promise<void>;
  let other: Server | undefined;
  const reports: (FailoverError | undefined)[] = [];

  beforeEach(async () => {
    lab = await MonitorLab.make();
    port = await freePort();
    reports.splice(0);
    metering = new Metering({ clock, whatIf: false }, (error) => reports.push(error));
    stop = new AbortController();
    running = metering.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    other?.close();
    other = undefined;
    await lab.remove();
  });

  const configure = (metrics: { address: string; token?: { file: string } } | undefined): void =>
    metering.configure(bindSettings(lab.path, lab.settings(metrics === undefined ? {} : { metrics })));

  const scrape = (headers: Record<string, string> = {}, path = '/metrics'): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });

  async function answering(): Promise<void> {
    while (
      !(await scrape().then(
        () => true,
        () => false,
      ))
    )
      await sleep(5);
  }

  const valueOf = (samples: Map<string, Sample[]>, name: string, labels: Record<string, string>): number =>
    samples
      .get(name)!
      .find((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))!.value;

  it('show a running monitor as it is: states, probes, a switch, the heartbeat', async () => {
    configure({ address: `127.0.0.1:${port}` });
    await answering();
    const monitor = await lab.start({}, { meter: metering.metrics });
    try {
      metering.metrics.take(await monitor.site('Transition', 'PrimaryUp'));
      const answer = await scrape();
      assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
      const before = parsePrometheusText(await answer.text());
      assert.equal(valueOf(before, 'iisfailover_server_up', { site: 'site1.com', role: 'primary' }), 1);
      assert.equal(valueOf(before, 'iisfailover_target', { site: 'site1.com', role: 'primary' }), 1);
      lab.answer({ primary: undefined });
      metering.metrics.take(await monitor.site('Switch', 'PrimaryDown'));
      const after = parsePrometheusText(await (await scrape()).text());
      assert.equal(valueOf(after, 'iisfailover_target', { site: 'site1.com', role: 'failover' }), 1);
      assert.equal(valueOf(after, 'iisfailover_server_up', { site: 'site1.com', role: 'primary' }), 0);
      assert.equal(
        valueOf(after, 'iisfailover_switches_total', { direction: 'failover', result: 'confirmed' }),
        1,
      );
      const down = { site: 'site1.com', role: 'primary', result: 'down' };
      assert.ok(valueOf(after, 'iisfailover_probes_total', down) >= 3);
      const counted = after
        .get('iisfailover_probes_total')!
        .filter(({ labels }) => labels.role === 'primary')
        .reduce((sum, { value }) => sum + value, 0);
      assert.equal(valueOf(after, 'iisfailover_probe_duration_seconds_count', { role: 'primary' }), counted);
      const heartbeat = valueOf(after, 'iisfailover_heartbeat_timestamp_seconds', {});
      assert.ok(Math.abs(heartbeat - Date.now() / 1000) < 60);
      assert.ok(
        valueOf(after, 'iisfailover_last_switch_timestamp_seconds', { site: 'site1.com' }) <= heartbeat + 60,
      );
      assert.equal(valueOf(after, 'iisfailover_sites', {}), 2);
    } finally {
      await monitor.stop();
    }
  });

  it('are compressed for those who accept it', async () => {
    configure({ address: `127.0.0.1:${port}` });
    await answering();
    const url = `http://127.0.0.1:${port}/metrics`;
    const asked = request(url, { headers: { 'accept-encoding': 'deflate, gzip;q=0.5' }, agent: false }).end();
    const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer> & { headers: object }];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part);
    assert.deepEqual({ ...response.headers, 'content-encoding': 'gzip' }, response.headers);
    parsePrometheusText(gunzipSync(Buffer.concat(parts)).toString());
  });

  it('need the token of the settings, and the new one after it was changed', async () => {
    const file = join(lab.folder, 'token.txt');
    await writeFile(file, 'first-token-of-twenty-letters\n');
    configure({ address: `127.0.0.1:${port}`, token: { file: 'token.txt' } });
    await answering();
    const first = { authorization: 'Bearer first-token-of-twenty-letters' };
    const second = { authorization: 'bearer second-token-of-twenty-letters' };
    for (const headers of [{}, { authorization: 'Bearer wrong' }, second]) {
      const answer = await scrape(headers);
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
      assert.doesNotMatch(await answer.text(), /iisfailover_/);
    }
    assert.equal((await scrape(first)).status, 200);
    await writeFile(file, 'second-token-of-twenty-letters\n');
    while ((await scrape(second)).status !== 200) await sleep(5);
    assert.equal((await scrape(first)).status, 401);
  });

  it('only show, at one path, and to no foreign name', async () => {
    configure({ address: `127.0.0.1:${port}` });
    await answering();
    assert.equal((await scrape({}, '/')).status, 404);
    const posted = await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
    const asked = request({
      port,
      host: '127.0.0.1',
      path: '/metrics',
      headers: { host: 'evil.example' },
    }).end();
    const [{ statusCode }] = (await once(asked, 'response')) as [{ statusCode: number }];
    assert.equal(statusCode, 421);
  });

  it('follow the settings, and report a port that is in use until it is free', async () => {
    other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    configure({ address: `127.0.0.1:${port}` });
    while (reports.length === 0) await sleep(5);
    assert.equal(reports[0]?.id, 'MetricsUnavailable');
    assert.match(reports[0].message, new RegExp(`127\\.0\\.0\\.1:${port}: another program uses this port`));
    other.close();
    while (reports.length === 1) await sleep(5);
    assert.deepEqual(reports.slice(1), [undefined]);
    assert.equal((await scrape()).status, 200);
    configure(undefined);
    while (
      await scrape().then(
        () => true,
        () => false,
      )
    )
      await sleep(5);
  });

  it('are not served in shadow mode, beside the monitor that is in use', async () => {
    const shadow = new Metering({ clock, whatIf: true }, (error) => reports.push(error));
    const settings = lab.settings({ metrics: { address: `127.0.0.1:${port}` }, metricsFile: 'm.prom' });
    shadow.configure(bindSettings(lab.path, settings));
    await shadow.run(AbortSignal.abort());
    await assert.rejects(scrape());
  });
});
