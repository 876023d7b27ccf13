import { Counter, Gauge, type Registry } from 'prom-client';
import type { Health } from '../health/index.ts';
import { nameKey } from '../model/site.ts';
import type { ServerRole } from '../model/state.ts';
import type { SiteEvent } from '../monitor/events.ts';
import type { WatchedServer, WatchedSite } from '../monitor/watched-site.ts';
import { answerLatency } from '../failover/observe.ts';

const upValue = { up: 1, degraded: 1, down: 0, unknown: NaN } as const;
const results = ['up', 'degraded', 'down', 'unknown'] as const;

interface ServerSample {
  readonly server: string;
  readonly role: ServerRole;
  state: Health;
  latencyMs: number | null;
  /** Probes so far, in the order of results. */
  readonly counts: number[];
}

interface SiteSample {
  readonly site: string;
  /** Name of the server that its records point to. */
  target: string | undefined;
  suspended: boolean;
  suspendedUntil: string | undefined;
  lastSwitch: string | undefined;
  reportedMs: number;
  servers: ServerSample[];
}

/**
 * One small record for each site; the metrics hold values while they are rendered only, since thousands of sites have
 * a dozen series each. A state that is not known is NaN, which no alert takes for down.
 */
export class SiteMetrics {
  readonly #registers: Registry[];
  readonly #samples = new Map<string, SiteSample>();
  readonly #up: Gauge<'site' | 'role' | 'server'>;
  readonly #latency: Gauge<'site' | 'role' | 'server'>;
  readonly #target: Gauge<'site' | 'role' | 'server'>;
  readonly #suspended: Gauge<'site'>;
  readonly #reported: Gauge<'site'>;
  readonly #lastSwitch: Gauge<'site'>;
  readonly #heartbeat: Gauge;
  readonly #watched: Gauge | undefined;
  readonly #probes: Counter<'site' | 'role' | 'server' | 'result'> | undefined;
  /** When the monitor last looked after itself, in ms. */
  heartbeat: number | undefined;

  constructor(registry: Registry, live: boolean) {
    this.#registers = [registry];
    const perServer = ['site', 'role', 'server'] as const;
    this.#up = this.#gauge('iisfailover_server_up', '1: serves, 0: down, NaN: not known', perServer);
    this.#latency = this.#gauge(
      'iisfailover_probe_seconds',
      'Latency of the last probe that was answered',
      perServer,
    );
    this.#target = this.#gauge(
      'iisfailover_target',
      '1 for the server that the records point to, NaN: not known',
      perServer,
    );
    this.#suspended = this.#gauge('iisfailover_suspended', '1 in a maintenance window', ['site']);
    this.#reported = this.#gauge(
      'iisfailover_site_reported_timestamp_seconds',
      'Last event of the site; of a running monitor, last probe',
      ['site'],
    );
    this.#lastSwitch = this.#gauge(
      'iisfailover_last_switch_timestamp_seconds',
      'Last switch of the site; none where it was never switched',
      ['site'],
    );
    this.#heartbeat = this.#gauge('iisfailover_heartbeat_timestamp_seconds', 'Last sign of life', []);
    if (!live) return;
    this.#watched = this.#gauge('iisfailover_sites', 'Sites that are watched', []);
    this.#probes = new Counter({
      name: 'iisfailover_probes_total',
      help: 'Probes of a server, by what they showed',
      labelNames: ['site', 'role', 'server', 'result'],
      registers: this.#registers,
    });
  }

  take({ site, time, server: target, decision, primary, standbys, result }: SiteEvent): void {
    const sample = this.#sampleOf(site);
    sample.target = target;
    sample.suspended = decision.reason === 'Suspended';
    sample.reportedMs = time.getTime();
    if (result?.switched === true) sample.lastSwitch = time.toISOString();
    sample.servers = [primary, ...standbys].map(({ server, state, latencyMs }, index) => {
      const own = serverOf(sample, server, index === 0 ? 'primary' : 'failover');
      own.state = state;
      own.latencyMs = latencyMs ?? own.latencyMs;
      return own;
    });
  }

  probed(
    watched: WatchedSite,
    { server: { name, role }, seen, health: held }: WatchedServer,
    health: Health,
  ): void {
    const sample = this.#sampleOf(watched.site.name);
    const server = serverOf(sample, name, role);
    server.state = held.state;
    server.counts[results.indexOf(health)]! += 1;
    sample.target = watched.server;
    sample.suspendedUntil = watched.state.suspended?.until;
    sample.lastSwitch = watched.state.lastSwitch ?? sample.lastSwitch;
    if (seen === undefined) return;
    server.latencyMs = answerLatency(seen) ?? server.latencyMs;
    sample.reportedMs = seen.result.time.getTime();
  }

  keep(names: readonly string[]): void {
    const keys = new Set(names.map(nameKey));
    for (const key of this.#samples.keys()) if (!keys.has(key)) this.#samples.delete(key);
  }

  /** Puts values into the metrics, until empty() takes them out. @param now in ms */
  fill(now: number): void {
    this.#heartbeat.set((this.heartbeat ?? now) / 1000);
    this.#watched?.set(this.#samples.size);
    for (const sample of this.#samples.values()) {
      const { site, target, suspendedUntil, lastSwitch } = sample;
      const suspended =
        this.#probes === undefined
          ? sample.suspended
          : suspendedUntil !== undefined && now < Date.parse(suspendedUntil);
      this.#suspended.set({ site }, suspended ? 1 : 0);
      this.#reported.set({ site }, sample.reportedMs / 1000);
      if (lastSwitch !== undefined) this.#lastSwitch.set({ site }, Date.parse(lastSwitch) / 1000);
      for (const { server, role, state, latencyMs, counts } of sample.servers) {
        const labels = { site, role, server };
        this.#up.set(labels, upValue[state]);
        if (latencyMs !== null) this.#latency.set(labels, latencyMs / 1000);
        this.#target.set(labels, target === undefined ? NaN : target === server ? 1 : 0);
        for (const [index, result] of results.entries())
          if (counts[index]! > 0) this.#probes?.inc({ ...labels, result }, counts[index]);
      }
    }
  }

  empty(): void {
    for (const one of [
      this.#up,
      this.#latency,
      this.#target,
      this.#suspended,
      this.#reported,
      this.#lastSwitch,
    ])
      one.reset();
    this.#probes?.reset();
  }

  #sampleOf(site: string): SiteSample {
    const key = nameKey(site);
    const known = this.#samples.get(key);
    if (known !== undefined) return known;
    const sample: SiteSample = {
      site,
      target: undefined,
      suspended: false,
      suspendedUntil: undefined,
      lastSwitch: undefined,
      reportedMs: 0,
      servers: [],
    };
    this.#samples.set(key, sample);
    return sample;
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: this.#registers });
  }
}

function serverOf({ servers }: SiteSample, server: string, role: ServerRole): ServerSample {
  const known = servers.find((one) => one.server === server);
  if (known !== undefined) return known;
  const fresh: ServerSample = { server, role, state: 'unknown', latencyMs: null, counts: [0, 0, 0, 0] };
  servers.push(fresh);
  return fresh;
}
