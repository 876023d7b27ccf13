import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * The process and what runs in it, under the names that Prometheus' client libraries share
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
 */
export class ProcessMetrics {
  readonly #cpu: Counter;
  readonly #memory: Gauge;

  constructor(registry: Registry, version: string) {
    const registers = [registry];
    new Gauge({
      name: 'iisfailover_build_info',
      help: 'Always 1; what runs is in the labels',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version, node: process.versions.node }, 1);
    new Gauge({
      name: 'process_start_time_seconds',
      help: 'Start time of the process, in seconds since the Unix epoch',
      registers,
    }).set(Math.round(performance.timeOrigin) / 1000);
    this.#cpu = new Counter({
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time, in seconds',
      registers,
    });
    this.#memory = new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory, in bytes',
      registers,
    });
  }

  collect(): void {
    const { user, system } = process.cpuUsage();
    this.#cpu.reset();
    this.#cpu.inc((user + system) / 1e6);
    this.#memory.set(process.memoryUsage.rss());
  }
}
