import { Counter, Histogram, Registry } from 'prom-client';
import { replaceFile } from '../edge/files.ts';
import type { Observation } from '../failover/observe.ts';
import type { MonitorEvent, SiteEvent } from '../monitor/events.ts';
import type { WatchedServer, WatchedSite } from '../monitor/watched-site.ts';
import type { Delivery } from '../notify/index.ts';
import { ProcessMetrics } from './process.ts';
import { SiteMetrics } from './sites.ts';

/** What a scrape is answered with. */
export interface MetricsText {
  /** The Content-Type header. */
  readonly type: string;
  readonly body: string;
}

/**
 * What a monitor has seen, in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
 * Labels are what the settings name, and words of this module: the number of series grows with the sites only.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sites: SiteMetrics;
  readonly #process: ProcessMetrics | undefined;
  readonly #live: LiveMetrics | undefined;
  #rendering: Promise<MetricsText> | undefined;

  /** @param live of a monitor that goes on; a single round has nothing to count from one scrape to the next */
  constructor(live?: { readonly version: string }) {
    this.#sites = new SiteMetrics(this.#registry, live !== undefined);
    if (live === undefined) return;
    this.#process = new ProcessMetrics(this.#registry, live.version);
    this.#live = liveMetrics(this.#registry);
  }

  take(event: MonitorEvent): void {
    if (event.site === undefined) return;
    this.#sites.take(event);
    if (event.result !== undefined) this.#switched(event, event.result);
  }

  /** A check of a server, when the site has taken it into account. */
  probed(watched: WatchedSite, server: WatchedServer, { health, result }: Observation): void {
    this.#sites.probed(watched, server, health);
    this.#live?.probes.observe({ role: server.server.role }, result.latencyMs / 1000);
  }

  /** The monitor has looked after itself. */
  alive(now: Date): void {
    this.#sites.heartbeat = now.getTime();
  }

  /** Sites that are not among these are watched no more. */
  keep(names: readonly string[]): void {
    this.#sites.keep(names);
  }

  delivered({ channel, error }: Delivery): void {
    const [kind = ''] = channel.toLowerCase().split(' ');
    this.#live?.notifications.inc({ channel: kind, result: error === undefined ? 'sent' : 'failed' });
  }

  /** What a scrape sees now; those who ask at the same time get the same. */
  text(): Promise<MetricsText> {
    return (this.#rendering ??= this.#render().finally(() => (this.#rendering = undefined)));
  }

  /** @throws FailoverError where the file cannot be written; it is replaced as a whole */
  async write(path: string): Promise<void> {
    const { body } = await this.text();
    await replaceFile(path, body);
  }

  async #render(): Promise<MetricsText> {
    this.#process?.collect();
    this.#sites.fill(Date.now());
    try {
      return { type: this.#registry.contentType, body: await this.#registry.metrics() };
    } finally {
      this.#sites.empty();
    }
  }

  #switched({ decision }: SiteEvent, result: NonNullable<SiteEvent['result']>): void {
    const direction = decision.action === 'failback' ? 'failback' : 'failover';
    const how = result.confirmed ? 'confirmed' : result.switched ? 'unconfirmed' : 'failed';
    this.#live?.switches.inc({ direction, result: how });
    this.#live?.updates.observe(result.durationMs / 1000);
  }
}

type LiveMetrics = ReturnType<typeof liveMetrics>;

function liveMetrics(registry: Registry) {
  const registers = [registry];
  const switches = new Counter({
    name: 'iisfailover_switches_total',
    help: 'Switches of a site, by their direction and by what became of them',
    labelNames: ['direction', 'result'],
    registers,
  });
  // An alert sees the first one only where there was a zero before it.
  for (const direction of ['failover', 'failback'])
    for (const result of ['confirmed', 'unconfirmed', 'failed']) switches.inc({ direction, result }, 0);
  const notifications = new Counter({
    name: 'iisfailover_notifications_total',
    help: 'Notifications that were sent, or given up after all attempts',
    labelNames: ['channel', 'result'],
    registers,
  });
  for (const channel of ['webhook', 'mail', 'script', 'windows'])
    for (const result of ['sent', 'failed']) notifications.inc({ channel, result }, 0);
  return {
    switches,
    notifications,
    probes: new Histogram({
      name: 'iisfailover_probe_duration_seconds',
      help: 'How long probes took, also those that failed',
      labelNames: ['role'],
      registers,
    }),
    updates: new Histogram({
      name: 'iisfailover_dns_update_duration_seconds',
      help: 'From the first DNS update of a switch until all name servers were read back',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
