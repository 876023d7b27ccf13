import PQueue from 'p-queue';
import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { heartbeatMs, type MonitorLease } from '../edge/monitor-lease.ts';
import type { FailbackGate } from '../failover/failback-gate.ts';
import type { FleetSite } from '../failover/fleet.ts';
import { clockJump, type Moment, ReferenceTargets } from '../failover/guards.ts';
import { sitePolicies } from '../failover/monitor-policy.ts';
import { decideWith } from '../failover/site-decision.ts';
import type { Decision, Hold, Prober, Reach } from '../health/index.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { MonitorEvent, OwnEvent } from './events.ts';
import { every } from './delays.ts';
import { tooManyProbes } from './demand.ts';
import type { Meter } from './meter.ts';
import { Neighbours } from './neighbours.ts';
import { AddressPacer } from './pacer.ts';
import { Sentinels } from './sentinels.ts';
import { SettingsWatch } from './settings-watch.ts';
import { Confirmer } from './confirmer.ts';
import { StateKeeper } from './state-keeper.ts';
import { Switcher } from './switcher.ts';
import { Targets } from './targets.ts';
import { type WatchContext, Watcher } from './watch.ts';
import { fingerprintOf, WatchedSite } from './watched-site.ts';

/** The monitor looks after itself this often. */
const tickMs = 1000;
/** Probes under way, over all sites. */
const probesAtOnce = 1024;

export interface MonitorOptions {
  readonly loaded: LoadedSettings;
  /** The sites of settings that are to be watched. */
  readonly choose: (loaded: LoadedSettings) => readonly FleetSite[];
  readonly provider: (loaded: LoadedSettings) => Promise<DnsProvider>;
  readonly stateFolder: string;
  /** Without one nothing is changed or saved (shadow mode). */
  readonly lease: MonitorLease | undefined;
  readonly prober: Prober;
  readonly reach: Reach;
  /** Without it, servers are known by their checks alone. */
  readonly hold?: Hold | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (event: MonitorEvent) => void;
  /** What is asked before an automatic failback, by the settings. */
  readonly gate?: ((loaded: LoadedSettings) => FailbackGate) | undefined;
  /** Settings came into force. */
  readonly configured?: (loaded: LoadedSettings) => void;
  readonly meter?: Meter | undefined;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

interface Configuration {
  readonly loaded: LoadedSettings;
  readonly provider: DnsProvider;
  readonly policyOf: ReturnType<typeof sitePolicies>;
  readonly pacer: AddressPacer;
  readonly references: ReferenceTargets;
  readonly gate: FailbackGate | undefined;
}

/** Watches sites continuously and moves their records, until its signal fires. */
export class ContinuousMonitor {
  readonly #options: MonitorOptions;
  readonly #random: () => number;
  readonly #sites = new Map<string, WatchedSite>();
  readonly #keeper: StateKeeper;
  readonly #switcher: Switcher;
  readonly #targets: Targets;
  readonly #confirmer: Confirmer;
  readonly #watching: WatchContext;
  readonly #watchers = new Map<WatchedSite, readonly Watcher[]>();
  readonly #faults = new Map<string, string>();
  #configuration!: Configuration;
  #epoch = 0;
  #moment: Moment;
  #beatAt = -Infinity;

  constructor(options: MonitorOptions) {
    const { clock, signal, stateFolder } = options;
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#keeper = new StateKeeper(stateFolder, clock);
    this.#moment = this.#now();
    this.#targets = new Targets({
      clock,
      random: this.#random,
      signal,
      shadow: options.lease === undefined,
      unreadable: (watched, error) => {
        const decision = this.#decide(watched);
        if (decision.reason === 'Suspended') return;
        options.emit({ ...watched.event('Fault', decision, clock.now()), error });
      },
      dnsFault: (error) => this.#fault('dns', error),
    });
    this.#confirmer = new Confirmer({
      clock,
      random: this.#random,
      signal,
      folder: stateFolder,
      confirmed: (watched, confirmation) =>
        options.emit({ ...watched.event('Confirmed', this.#decide(watched), clock.now()), confirmation }),
    });
    this.#switcher = new Switcher({
      clock,
      random: this.#random,
      signal,
      folder: stateFolder,
      shadow: options.lease === undefined,
      targets: this.#targets,
      settings: () => this.#configuration,
      sites: () => [...this.#sites.values()],
      emit: options.emit,
    });
    const neighbours = new Neighbours();
    this.#watching = {
      prober: options.prober,
      clock,
      random: this.#random,
      queue: new PQueue({ concurrency: probesAtOnce }),
      neighbours,
      sentinels: options.hold && new Sentinels(options.hold, clock, (address) => neighbours.check(address)),
      pacer: () => this.#configuration.pacer,
      references: () => this.#configuration.references,
      epoch: () => this.#epochNow(),
      seen: (watched, server, seen) => {
        options.meter?.probed(watched, server, seen);
        this.#consider(watched);
      },
      failed: ({ site }, { server }, error) =>
        this.#fault(`${server.name} of ${site.name}`, toFailoverError(error, site.name)),
    };
  }

  /** Resolves when the signal has fired and everything has ended. @throws FailoverError where it cannot go on */
  async run(): Promise<void> {
    const { loaded, clock, signal } = this.#options;
    const settingsWatch = new SettingsWatch(loaded.path);
    await settingsWatch.look();
    try {
      await this.#configure(loaded);
      const shadow = this.#options.lease === undefined ? ' in shadow mode, without changing anything' : '';
      this.#tell('Started', `Watching ${this.#sites.size} sites${shadow}.`);
      // Apart from the rest, which may wait for disks and locks.
      const clockWatch = every(tickMs, clock, signal, () => this.#epochNow());
      while (!signal.aborted) {
        await this.#tick(settingsWatch);
        await clock.sleep(tickMs, signal).catch(() => undefined);
      }
      await clockWatch;
    } finally {
      this.#watching.sentinels?.release();
      for (const watched of this.#sites.values()) watched.controller.abort();
      await Promise.all([...this.#watchers.values()].flat().map((watcher) => watcher.stop()));
      await this.#switcher.idle();
      if (this.#options.lease !== undefined)
        await this.#keeper.save([...this.#sites.values()]).catch(() => undefined);
    }
  }

  async #tick(settingsWatch: SettingsWatch): Promise<void> {
    const { lease, meter, clock } = this.#options;
    meter?.alive(clock.now());
    if (lease?.isLost() === true) await lease.renew();
    const reloaded = await settingsWatch.look();
    if (reloaded instanceof FailoverError) this.#fault('settings', reloaded);
    else if (reloaded !== undefined) await this.#reconfigure(reloaded);
    const sites = [...this.#sites.values()];
    const { loaded, provider } = this.#configuration;
    await this.#guarded('state', async () => {
      for (const watched of await this.#keeper.refresh(sites)) this.#consider(watched);
      if (lease === undefined) return;
      await this.#keeper.save(sites);
      const now = clock.monotonic();
      if (now - this.#beatAt < heartbeatMs) return;
      await lease.beat(sites.length);
      this.#beatAt = now;
    });
    // Not awaited: a DNS server that does not answer must not hold up the rest.
    if (lease !== undefined) void this.#guarded('confirmation', () => this.#confirmer.look(sites, provider));
    void this.#targets.refresh(sites, loaded, provider).then(
      (changed) => changed.forEach((watched) => this.#consider(watched)),
      () => undefined,
    );
  }

  async #reconfigure(loaded: LoadedSettings): Promise<void> {
    try {
      await this.#configure(loaded);
    } catch (error) {
      return this.#fault('settings', toFailoverError(error, loaded.path));
    }
    this.#faults.delete('settings');
    this.#watching.sentinels?.release(); // some may be to a server that is there no more
    this.#tell('Settings', `The changed settings are in force: ${this.#sites.size} sites.`);
  }

  /** Takes settings over; where that fails nothing has changed. Sites that they do not touch are watched on. */
  async #configure(loaded: LoadedSettings): Promise<void> {
    const { choose, clock, reach } = this.#options;
    const provider = await this.#options.provider(loaded);
    const { monitor } = loaded.settings;
    const chosen = new Map(choose(loaded).map((site) => [site.name.toLowerCase(), site]));
    const perSecond = monitor?.probesPerSecond ?? 500;
    this.#configuration = {
      loaded,
      provider,
      policyOf: sitePolicies(monitor, 'continuous'),
      pacer: new AddressPacer(perSecond),
      references: new ReferenceTargets(monitor?.referenceTargets ?? [], reach, clock),
      gate: this.#options.gate?.(loaded),
    };
    for (const [key, watched] of this.#sites) {
      const site = chosen.get(key);
      if (site !== undefined && fingerprintOf(site) === watched.fingerprint) chosen.delete(key);
      else this.#drop(key, watched);
    }
    for (const [key, site] of chosen) this.#watch(key, new WatchedSite(site, clock.now().getTime()));
    this.#options.configured?.(loaded);
    for (const words of tooManyProbes([...this.#sites.values()], perSecond)) this.#tell('Fault', words);
  }

  #watch(key: string, watched: WatchedSite): void {
    this.#sites.set(key, watched);
    const watchers = watched.servers.map((server) => new Watcher(watched, server, this.#watching));
    this.#watchers.set(watched, watchers);
    for (const watcher of watchers) watcher.start();
  }

  #drop(key: string, watched: WatchedSite): void {
    watched.controller.abort();
    for (const watcher of this.#watchers.get(watched) ?? []) void watcher.stop();
    this.#watchers.delete(watched);
    this.#targets.forget(watched);
    this.#confirmer.forget(watched);
    this.#sites.delete(key);
  }

  #consider(watched: WatchedSite): void {
    const { clock, emit, lease } = this.#options;
    const decision = this.#decide(watched);
    if (decision.action !== 'none') return this.#switcher.request(watched);
    if (!watched.isNews(decision)) return;
    if (lease !== undefined) this.#keeper.touch(watched);
    emit(watched.event('Transition', decision, clock.now()));
  }

  #decide(watched: WatchedSite): Decision {
    const policy = this.#configuration.policyOf(watched.site);
    return decideWith(watched.view(this.#options.clock.now()), policy, undefined);
  }

  /** The epoch after a look at the clocks: when they have jumped, nothing that was seen counts any more. */
  #epochNow(): number {
    const before = this.#moment;
    this.#moment = this.#now();
    const jump = clockJump(before, this.#moment, tickMs);
    if (jump === undefined) return this.#epoch;
    this.#epoch += 1;
    for (const watched of this.#sites.values()) watched.forget(this.#moment.wall);
    this.#tell('Clock', jump);
    return this.#epoch;
  }

  #now(): Moment {
    const { clock } = this.#options;
    return { wall: clock.now().getTime(), monotonic: clock.monotonic() };
  }

  async #guarded(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#fault(what, undefined);
    } catch (error) {
      this.#fault(what, toFailoverError(error));
    }
  }

  /** Tells of a fault when it begins, changes or ends, and not while it lasts. */
  #fault(what: string, error: FailoverError | undefined): void {
    const before = this.#faults.get(what);
    if (before === error?.message) return;
    if (error === undefined) {
      this.#faults.delete(what);
      this.#tell('Recovered', `It works again. Before: ${before}`);
    } else {
      this.#faults.set(what, error.message);
      this.#tell('Fault', error.message, error);
    }
  }

  #tell(kind: OwnEvent['kind'], message: string, error?: FailoverError): void {
    this.#options.emit({ kind, time: this.#options.clock.now(), site: undefined, message, error });
  }
}
