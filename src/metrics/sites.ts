import { Counter, Gauge, type Registry } from 'prom-client';
import type { Health } from '../health/index.ts';
import { nameKey } from '../model/site.ts';
import type { ServerRole } from '../model/state.ts';
import type { SiteEvent } from '../monitor/events.ts';
import type { WatchedSite } from '../monitor/watched-site.ts';
import { answerLatency } from '../failover/observe.ts';

const upValue = { up: 1, degraded: 1, down: 0, unknown: NaN } as const;
const roles = ['primary', 'failover'] as const;
const results = ['up', 'degraded', 'down', 'unknown'] as const;

interface ServerSample {
  state: Health;
  latencyMs: number | null;
  /** Probes so far, in the order of results. */
  readonly counts: number[];
}

interface SiteSample {
  readonly site: string;
  target: SiteEvent['target'];
  suspended: boolean;
  suspendedUntil: string | undefined;
  lastSwitch: string | undefined;
  reportedMs: number;
  readonly primary: ServerSample;
  readonly failover: ServerSample;
}

/**
 * One small record for each site; the metrics hold values while they are rendered only, since thousands of sites have
 * a dozen series each. A state that is not known is NaN, which no alert takes for down.
 */
export class SiteMetrics {
  readonly #registers: Registry[];
  readonly #samples = new Map<string, SiteSample>();
  readonly #up: Gauge<'site' | 'role'>;
  readonly #latency: Gauge<'site' | 'role'>;
  readonly #target: Gauge<'site' | 'role'>;
  readonly #suspended: Gauge<'site'>;
  readonly #reported: Gauge<'site'>;
  readonly #lastSwitch: Gauge<'site'>;
  readonly #heartbeat: Gauge;
  readonly #watched: Gauge | undefined;
  readonly #probes: Counter<'site' | 'role' | 'result'> | undefined;
  /** When the monitor last looked after itself, in ms. */
  heartbeat: number | undefined;

  constructor(registry: Registry, live: boolean) {
    this.#registers = [registry];
    const perServer = ['site', 'role'] as const;
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
      labelNames: ['site', 'role', 'result'],
      registers: this.#registers,
    });
  }

  take({ site, time, target, decision, primary, failover, result }: SiteEvent): void {
    const sample = this.#sampleOf(site);
    sample.target = target;
    sample.suspended = decision.reason === 'Suspended';
    sample.reportedMs = time.getTime();
    if (result?.switched === true) sample.lastSwitch = time.toISOString();
    for (const [role, { state, latencyMs }] of [
      ['primary', primary],
      ['failover', failover],
    ] as const) {
      sample[role].state = state;
      sample[role].latencyMs = latencyMs ?? sample[role].latencyMs;
    }
  }

  probed(watched: WatchedSite, role: ServerRole, health: Health): void {
    const sample = this.#sampleOf(watched.site.name);
    const { seen, health: held } = watched.servers[role];
    const server = sample[role];
    server.state = held.state;
    server.counts[results.indexOf(health)]! += 1;
    sample.target = watched.target;
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
      for (const role of roles) {
        const { state, latencyMs, counts } = sample[role];
        this.#up.set({ site, role }, upValue[state]);
        if (latencyMs !== null) this.#latency.set({ site, role }, latencyMs / 1000);
        this.#target.set({ site, role }, target === 'unknown' ? NaN : target === role ? 1 : 0);
        for (const [index, result] of results.entries())
          if (counts[index]! > 0) this.#probes?.inc({ site, role, result }, counts[index]);
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
    const server = (): ServerSample => ({ state: 'unknown', latencyMs: null, counts: [0, 0, 0, 0] });
    const sample: SiteSample = {
      site,
      target: 'unknown',
      suspended: false,
      suspendedUntil: undefined,
      lastSwitch: undefined,
      reportedMs: 0,
      primary: server(),
      failover: server(),
    };
    this.#samples.set(key, sample);
    return sample;
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: this.#registers });
  }
}
