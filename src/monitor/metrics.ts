import { Gauge, Registry } from 'prom-client';
import { replaceFile } from '../edge/files.ts';
import type { MonitorEvent } from './events.ts';

const up = { up: 1, degraded: 1, down: 0, unknown: NaN } as const;

/**
 * What a monitor has seen last, in Prometheus' text format: a file for the textfile collector of windows_exporter or
 * node_exporter. A state that is not known is NaN, which no alert takes for down.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #up = this.#gauge('iisfailover_server_up', '1: serves, 0: down, NaN: not known', ['site', 'role']);
  readonly #latency = this.#gauge('iisfailover_probe_seconds', 'Latency of the last probe reported', [
    'site',
    'role',
  ]);
  readonly #target = this.#gauge('iisfailover_target', '1 for the server that the records point to', [
    'site',
    'role',
  ]);
  readonly #suspended = this.#gauge('iisfailover_suspended', '1 in a maintenance window', ['site']);
  readonly #reported = this.#gauge('iisfailover_site_reported_timestamp_seconds', 'Last event of the site', [
    'site',
  ]);
  readonly #heartbeat = this.#gauge('iisfailover_heartbeat_timestamp_seconds', 'Last sign of life', []);

  take(event: MonitorEvent): void {
    if (event.site === undefined) return;
    const { site } = event;
    for (const role of ['primary', 'failover'] as const) {
      const { state, latencyMs } = event[role];
      this.#up.set({ site, role }, up[state]);
      if (latencyMs !== null) this.#latency.set({ site, role }, latencyMs / 1000);
      this.#target.set({ site, role }, event.target === 'unknown' ? NaN : event.target === role ? 1 : 0);
    }
    this.#suspended.set({ site }, event.decision.reason === 'Suspended' ? 1 : 0);
    this.#reported.set({ site }, event.time.getTime() / 1000);
  }

  /** @throws FailoverError where the file cannot be written; it is replaced as a whole */
  async write(path: string, now: Date): Promise<void> {
    this.#heartbeat.set(now.getTime() / 1000);
    await replaceFile(path, await this.#registry.metrics());
  }

  #gauge<T extends string>(name: string, help: string, labelNames: T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
