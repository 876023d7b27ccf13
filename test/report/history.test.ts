import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '../../src/edge/log-reader.ts';
import { LogTail } from '../../src/edge/log-tail.ts';
import { fleetLatency } from '../../src/report/fleet-latency.ts';
import { isQuietRound, ReportHistory } from '../../src/report/history.ts';
import { LatencyHistory } from '../../src/report/latency.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const at = (minute: number): Date => new Date(start + minute * 60_000);

function round(minute: number, fields: Record<string, unknown> = {}): LogEntry {
  const all = { Action: 'None', PrimaryLatency: 10 * minute, ...fields };
  return {
    log: 'sitemonitor.log',
    time: at(minute),
    command: 'Invoke-FailoverMonitor',
    event: 'round',
    message: `round ${minute}`,
    site: 'site1.com',
    fields: all,
  };
}

describe('the history of a report', () => {
  it('takes latencies of all rounds, and as events only those in which something happened', () => {
    const latency = new LatencyHistory(3_600_000, 1);
    const history = new ReportHistory(latency, 10, (entry) => !isQuietRound(entry));
    for (const minute of [1, 2, 3]) history.add(round(minute));
    history.add(round(4, { Action: 'Failover', PrimaryLatency: null, FailoverLatency: 7 }));
    assert.deepEqual(
      history.events().events.map(({ message }) => message),
      ['round 4'],
    );
    const [series] = latency.series(['Site1.com'], at(4)).sites;
    assert.deepEqual(
      series?.primary.filter((value) => value !== null),
      [10, 20, 30],
    );
    assert.equal(series?.failover.at(-1), 7);
  });

  it('keeps the newest events of logs that are read one after the other', () => {
    const history = new ReportHistory(new LatencyHistory(1000, 1), 3, () => true);
    for (const minute of [5, 6, 7, 8, 1, 2, 9, 3]) history.add(round(minute));
    const { events, olderEvents } = history.events();
    assert.deepEqual(
      events.map(({ message }) => message),
      ['round 7', 'round 8', 'round 9'],
    );
    assert.equal(olderEvents, 5);
  });

  it('has fewer spans for more sites, and the mean of each', () => {
    const many = new LatencyHistory(24 * 3_600_000, 10_000);
    for (const [minute, ms] of [
      [0, 10],
      [1, 20],
      [1439, 99],
    ] as const)
      many.add('a', 'primary', at(minute), ms);
    const series = many.series(['a', 'never probed'], at(1439));
    assert.equal(series.times.length, 24);
    assert.equal(series.times[0], start / 1000);
    assert.equal(series.sites.length, 1);
    assert.equal(series.sites[0]?.primary[0], 15);
    assert.equal(series.sites[0]?.primary.at(-1), 99);
  });

  it('gives the median and the 95th percentile over the sites', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    const sites = values.map((value) => ({
      site: `${value}`,
      primary: [value, null],
      failover: [null, null],
    }));
    assert.deepEqual(fleetLatency({ times: [0, 60], sites }), {
      primary: { median: [50, null], p95: [95, null] },
      failover: { median: [null, null], p95: [null, null] },
    });
  });

  it('reads what was added to the logs since, and a line only once it is whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tail-'));
    const path = join(folder, 'sitemonitor.log');
    const line = (message: string): string => JSON.stringify({ time: at(0), event: 'x', message });
    const tail = new LogTail(folder);
    const read = async (): Promise<string[]> => {
      const found: string[] = [];
      await tail.read(({ message }) => found.push(message));
      return found;
    };
    try {
      assert.deepEqual(await read(), []);
      await writeFile(path, `${line('ä')}\nnot JSON\n${line('two').slice(0, 9)}`);
      assert.deepEqual(await read(), ['ä']);
      await appendFile(path, `${line('two').slice(9)}\n${line('three')}\n`);
      assert.deepEqual(await read(), ['two', 'three']);
      assert.deepEqual(await read(), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
