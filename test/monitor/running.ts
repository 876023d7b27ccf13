import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSet, type RecordSet } from '../../src/dns/index.ts';
import { type Clock, systemClock } from '../../src/edge/clock.ts';
import { leaseMonitor, type MonitorLease } from '../../src/edge/monitor-lease.ts';
import type { FailbackGate } from '../../src/failover/failback-gate.ts';
import { fleetSites } from '../../src/failover/fleet.ts';
import type { MonitorEvent, SiteEvent } from '../../src/monitor/events.ts';
import type { Meter } from '../../src/monitor/meter.ts';
import { ContinuousMonitor } from '../../src/monitor/monitor.ts';
import { bindSettings } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { FakeProber, FakeProvider, settings } from '../failover/lab.ts';

export const [primary, standby] = ['10.1.1.1', '10.1.1.2'] as const;
const address = (name: string): RecordSet => recordSet(name, 'A', 300, [primary]);

interface StartOptions {
  readonly shadow?: boolean;
  readonly gate?: FailbackGate;
  readonly meter?: Meter;
  /** In the place of the settings of the laboratory. */
  readonly content?: Settings;
}

/** A state folder, zones and servers that outlive the monitors that a test starts over them. */
export class MonitorLab {
  readonly provider = new FakeProvider({
    'site1.com': [address('site1.com')],
    'site2.com': [address('site2.com')],
    'example.net': [address('shop.example.net')],
  });
  readonly prober = new FakeProber();
  readonly folder: string;
  networkWorks = true;
  /** Added to the wall clock. */
  skewMs = 0;
  readonly clock: Clock = { ...systemClock, now: () => new Date(Date.now() + this.skewMs) };

  private constructor(folder: string) {
    this.folder = folder;
    this.answer({ primary: 200, standby: 200 });
  }

  static async make(): Promise<MonitorLab> {
    return new MonitorLab(await mkdtemp(join(tmpdir(), 'monitor-')));
  }

  get path(): string {
    return join(this.folder, 'failover.json');
  }

  answer(status: { primary?: number | undefined; standby?: number | undefined }): void {
    if ('primary' in status) this.prober.status.set(primary, status.primary);
    if ('standby' in status) this.prober.status.set(standby, status.standby);
  }

  /** Checks every few milliseconds; the settings file forbids that, so tests bind their settings themselves. */
  settings(monitor: Settings['monitor'] = {}): Settings {
    const healthCheck = { intervalSeconds: 0.02, retrySeconds: 0.005, attempts: 3 };
    return { ...settings, healthCheck, monitor: { failbackAfter: 3, holdSeconds: 0, ...monitor } };
  }

  async writeSettings(content: Settings | string): Promise<void> {
    await writeFile(this.path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  async start(
    monitor: Settings['monitor'] = {},
    { shadow = false, gate, meter, content }: StartOptions = {},
  ): Promise<RunningMonitor> {
    const stop = new AbortController();
    const lease = shadow ? undefined : await leaseMonitor(this.folder, 'continuous', this.clock, stop.signal);
    return new RunningMonitor(this, stop, lease, content ?? this.settings(monitor), gate, meter);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class RunningMonitor {
  readonly events: MonitorEvent[] = [];
  readonly #stop: AbortController;
  readonly #running: Promise<void>;
  readonly #lease: MonitorLease | undefined;
  #waiting: (() => void) | undefined;

  constructor(
    lab: MonitorLab,
    stop: AbortController,
    lease: MonitorLease | undefined,
    content: Settings,
    gate: FailbackGate | undefined,
    meter: Meter | undefined,
  ) {
    this.#stop = stop;
    this.#lease = lease;
    this.#running = new ContinuousMonitor({
      loaded: bindSettings(lab.path, content),
      choose: fleetSites,
      provider: async () => lab.provider,
      stateFolder: lab.folder,
      lease,
      prober: lab.prober,
      reach: async () => lab.networkWorks,
      clock: lab.clock,
      signal: stop.signal,
      gate: gate && (() => gate),
      meter,
      emit: (event) => {
        this.events.push(event);
        this.#waiting?.();
      },
    }).run();
    this.#running.catch(() => undefined);
  }

  /** Waits for an event (the test's own timeout bounds it) after the ones that a former wait has returned. */
  async until(test: (event: MonitorEvent) => boolean): Promise<MonitorEvent> {
    for (;;) {
      const index = this.events.findIndex(test);
      if (index >= 0) return this.events.splice(0, index + 1).at(-1)!;
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  /** The first event of this kind for site1.com that has this reason. */
  async site(kind: SiteEvent['kind'], reason: string): Promise<SiteEvent> {
    const event = await this.until(
      (one) => one.kind === kind && one.site === 'site1.com' && one.decision.reason === reason,
    );
    return event as SiteEvent;
  }

  /** Resolves with what the monitor ended with. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running.finally(() => this.#lease?.release());
  }
}
