import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteEvent } from '../../src/monitor/events.ts';
import { Metrics } from '../../src/monitor/metrics.ts';
import { temporaryFolder } from '../support/tree.ts';

const event: SiteEvent = {
  kind: 'Round',
  time: new Date(1_000_000),
  site: 'shop "1"',
  target: 'failover',
  primary: { state: 'down', error: 'x', latencyMs: null },
  failover: { state: 'unknown', error: null, latencyMs: 250 },
  decision: { action: 'none', reason: 'Suspended', message: 'x' },
  planned: undefined,
  result: undefined,
  error: undefined,
};

describe('metrics of the monitor', () => {
  const folder = temporaryFolder();

  it("are a file in Prometheus' text format", async () => {
    const path = join(folder.path, 'iisfailover.prom');
    const metrics = new Metrics();
    metrics.take(event);
    await metrics.write(path, new Date(2_000_000));
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => !/^(#|$)/.test(line));
    const site = 'site="shop \\"1\\""';
    assert.deepEqual(lines.sort(), [
      'iisfailover_heartbeat_timestamp_seconds 2000',
      `iisfailover_probe_seconds{${site},role="failover"} 0.25`,
      `iisfailover_server_up{${site},role="failover"} Nan`,
      `iisfailover_server_up{${site},role="primary"} 0`,
      `iisfailover_site_reported_timestamp_seconds{${site}} 1000`,
      `iisfailover_suspended{${site}} 1`,
      `iisfailover_target{${site},role="failover"} 1`,
      `iisfailover_target{${site},role="primary"} 0`,
    ]);
  });
});
