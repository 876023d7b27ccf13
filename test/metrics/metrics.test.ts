import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Metrics } from '../../src/metrics/metrics.ts';
import type { SiteEvent } from '../../src/monitor/events.ts';
import { notification } from '../../src/notify/index.ts';
import { parsePrometheusText } from '../support/prometheus-text.ts';
import { temporaryFolder } from '../support/tree.ts';

const event: SiteEvent = {
  kind: 'Round',
  time: new Date(1_000_000),
  site: 'shop "1"',
  target: 'failover',
  server: 'S1',
  primary: { server: 'W1', state: 'down', error: 'x', latencyMs: null },
  failover: { server: 'S1', state: 'unknown', error: null, latencyMs: 250 },
  standbys: [
    { server: 'S1', state: 'unknown', error: null, latencyMs: 250 },
    { server: 'S2', state: 'up', error: null, latencyMs: null },
  ],
  decision: { action: 'none', reason: 'Suspended', message: 'x' },
  planned: undefined,
  result: undefined,
  error: undefined,
};

const switched = (
  action: 'failover' | 'failback',
  what: { switched: boolean; confirmed: boolean },
): SiteEvent => ({
  ...event,
  decision: { action, reason: 'PrimaryDown', message: 'x' },
  result: {
    site: event.site,
    moved: what.switched,
    untouched: false,
    durationMs: 40,
    errors: [],
    unconfirmed: [],
    made: [],
    missing: [],
    ...what,
  },
});

describe('metrics of a round', () => {
  const folder = temporaryFolder();

  it("are a file in Prometheus' text format, with nothing that counts from one scrape to the next", async () => {
    const path = join(folder.path, 'iisfailover.prom');
    const metrics = new Metrics();
    metrics.take(switched('failover', { switched: true, confirmed: true }));
    metrics.take(event);
    metrics.alive(new Date(2_000_000));
    await metrics.write(path);
    const text = await readFile(path, 'utf8');
    parsePrometheusText(text);
    const lines = text.split('\n').filter((line) => !/^(#|$)/.test(line));
    const site = 'site="shop \\"1\\""';
    assert.deepEqual(lines.sort(), [
      'iisfailover_heartbeat_timestamp_seconds 2000',
      `iisfailover_last_switch_timestamp_seconds{${site}} 1000`,
      `iisfailover_probe_seconds{${site},role="failover",server="S1"} 0.25`,
      `iisfailover_server_up{${site},role="failover",server="S1"} Nan`,
      `iisfailover_server_up{${site},role="failover",server="S2"} 1`,
      `iisfailover_server_up{${site},role="primary",server="W1"} 0`,
      `iisfailover_site_reported_timestamp_seconds{${site}} 1000`,
      `iisfailover_suspended{${site}} 1`,
      `iisfailover_target{${site},role="failover",server="S1"} 1`,
      `iisfailover_target{${site},role="failover",server="S2"} 0`,
      `iisfailover_target{${site},role="primary",server="W1"} 0`,
    ]);
  });
});

describe('metrics of a running monitor', () => {
  const read = async (metrics: Metrics) => parsePrometheusText((await metrics.text()).body);

  it('count switches by direction and result, from zero, and how long DNS took', async () => {
    const metrics = new Metrics({ version: '1.2.3' });
    assert.deepEqual(
      (await read(metrics)).get('iisfailover_switches_total')!.map(({ value }) => value),
      [0, 0, 0, 0, 0, 0],
    );
    metrics.take(switched('failover', { switched: true, confirmed: true }));
    metrics.take(switched('failover', { switched: false, confirmed: false }));
    metrics.take(switched('failback', { switched: true, confirmed: false }));
    const samples = await read(metrics);
    const counted = samples.get('iisfailover_switches_total')!.filter(({ value }) => value > 0);
    assert.deepEqual(
      counted.map(({ labels, value }) => [labels.direction, labels.result, value]),
      [
        ['failover', 'confirmed', 1],
        ['failover', 'failed', 1],
        ['failback', 'unconfirmed', 1],
      ],
    );
    assert.equal(samples.get('iisfailover_dns_update_duration_seconds_count')![0]!.value, 3);
    assert.deepEqual(samples.get('iisfailover_build_info'), [
      { labels: { version: '1.2.3', node: process.versions.node }, value: 1 },
    ]);
    assert.ok(samples.get('process_resident_memory_bytes')![0]!.value > 1e6);
  });

  it('count notifications by the kind of channel, which names nobody', async () => {
    const metrics = new Metrics({ version: '1' });
    const sent = { notification: notification('Test', new Date(0), 'x'), durationMs: 1, error: undefined };
    metrics.delivered({ ...sent, channel: 'mail to admin@example.com' });
    metrics.delivered({ ...sent, channel: 'Windows event log' });
    const text = (await metrics.text()).body;
    assert.doesNotMatch(text, /admin/);
    const counted = parsePrometheusText(text).get('iisfailover_notifications_total')!;
    assert.deepEqual(
      counted.filter(({ value }) => value > 0).map(({ labels }) => labels),
      [
        { channel: 'mail', result: 'sent' },
        { channel: 'windows', result: 'sent' },
      ],
    );
  });

  it('forget sites that are watched no more, and are the same for two who ask at once', async () => {
    const metrics = new Metrics({ version: '1' });
    metrics.take(event);
    metrics.take({ ...event, site: 'other' });
    metrics.keep(['OTHER']);
    const [one, two] = await Promise.all([read(metrics), read(metrics)]);
    assert.deepEqual(one, two);
    assert.deepEqual(
      one.get('iisfailover_suspended')!.map(({ labels }) => labels.site),
      ['other'],
    );
  });
});
