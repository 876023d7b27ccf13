import type { DnsProvider } from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { readState, siteState, updateState } from '../edge/state.ts';
import type { FailbackGate } from '../failover/failback-gate.ts';
import { massFailure, settleWait } from '../failover/guards.ts';
import { siteServer } from '../failover/fleet.ts';
import { monitorPolicy, type sitePolicies } from '../failover/monitor-policy.ts';
import { stateSwitched } from '../failover/round.ts';
import { decideSite, openSuspension } from '../failover/site-decision.ts';
import { refusedSwitches } from '../failover/switch-check.ts';
import { applySwitches, type SwitchResult } from '../failover/switch-apply.ts';
import { planSiteSwitch, type SiteSwitch } from '../failover/switch-plan.ts';
import { type Decision, isSuspect } from '../health/index.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { State } from '../model/state.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { backOff } from './delays.ts';
import type { SiteEvent } from './events.ts';
import type { Targets } from './targets.ts';
import type { WatchedSite } from './watched-site.ts';

/** A refusal that may end without a change of the site is looked at again after this. */
const againMs = 10_000;
/** Failovers that lie so close together are one event. */
const atOnceMs = 60_000;
/** How long the answer to whether too many sites fail at once is good for. */
const sameMs = 20;

export interface SwitcherContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly folder: string;
  /** Says what it would do, and does nothing. */
  readonly shadow: boolean;
  readonly targets: Targets;
  settings(): {
    loaded: LoadedSettings;
    provider: DnsProvider;
    policyOf: ReturnType<typeof sitePolicies>;
    gate: FailbackGate | undefined;
  };
  sites(): readonly WatchedSite[];
  emit(event: SiteEvent): void;
}

interface Candidate {
  readonly watched: WatchedSite;
  readonly decision: Decision;
  readonly planned: SiteSwitch;
}

/** Switches sites in batches: whoever asks while one is under way is in the next. */
export class Switcher {
  readonly #context: SwitcherContext;
  readonly #pending = new Set<WatchedSite>();
  #running: Promise<void> | undefined;
  #mass: { readonly at: number; readonly decision: Decision | undefined } | undefined;

  constructor(context: SwitcherContext) {
    this.#context = context;
  }

  /** Has a site switched, unless it is too early to try again. */
  request(watched: WatchedSite): void {
    if (this.#context.clock.monotonic() < watched.notBefore) return;
    this.#pending.add(watched);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#pending.size > 0 && !this.#context.signal.aborted) {
      const batch = [...this.#pending].filter(({ controller }) => !controller.signal.aborted);
      this.#pending.clear();
      try {
        await this.#switch(batch);
      } catch (error) {
        if (this.#context.signal.aborted) return;
        for (const watched of batch)
          this.#failed(watched, undefined, toFailoverError(error, watched.site.name));
      }
    }
  }

  async #switch(batch: readonly WatchedSite[]): Promise<void> {
    const { folder, clock, signal, shadow } = this.#context;
    const { provider } = this.#context.settings();
    const state = await readState(folder);
    this.#mass = undefined; // the batch before has moved sites
    const names = new Set(batch.map(({ site }) => site.name.toLowerCase()));
    const candidates = (await Promise.all(batch.map((watched) => this.#plan(watched, names, state)))).flat();
    if (candidates.length === 0) return;
    if (shadow) {
      const refused = await refusedSwitches(
        candidates.map(({ planned }) => planned),
        provider,
        signal,
      );
      for (const { watched, decision, planned } of candidates) {
        const error = refused.get(planned);
        if (error === undefined) this.#pretend(watched, decision, planned);
        else this.#failed(watched, decision, error, planned);
      }
      return;
    }
    const results = await applySwitches(
      candidates.map(({ planned }) => planned),
      provider,
      folder,
      clock,
      signal,
    );
    await this.#remember(candidates, results);
    for (const [index, candidate] of candidates.entries()) this.#done(candidate, results[index]!);
  }

  /** Decides anew on fresh records and a fresh state; the plan where the decision still is to switch. */
  async #plan(watched: WatchedSite, batch: ReadonlySet<string>, state: State): Promise<Candidate[]> {
    const { clock, signal, targets, shadow } = this.#context;
    const { loaded, provider, policyOf, gate } = this.#context.settings();
    const records = await targets.read(watched, loaded, provider);
    if (records instanceof FailoverError) {
      this.#failed(watched, undefined, records);
      return [];
    }
    if (!shadow) {
      watched.target = records.target;
      watched.server = records.server;
      watched.split = records.split;
    }
    watched.state = siteState(state, watched.site.name);
    const decision = await decideSite(watched.view(clock.now()), policyOf(watched.site), gate, signal);
    if (decision.reason === 'PrimaryDown' && this.#settles(watched)) return [];
    const refused = decision.reason === 'PrimaryDown' ? this.#massFailure() : decision;
    const to = siteServer(watched.site, decision.to);
    if (refused?.action === 'none' || to === undefined) {
      this.#wait(watched, refused ?? decision);
      return [];
    }
    const leaving = to.role === 'primary' ? batch : new Set<string>();
    try {
      const planned = planSiteSwitch(watched.site, to, records, state, loaded, leaving);
      return [{ watched, decision, planned }];
    } catch (error) {
      this.#failed(watched, decision, toFailoverError(error, watched.site.name));
      return [];
    }
  }

  /** True while the site waits for others to fail; then it is decided on again. */
  #settles(watched: WatchedSite): boolean {
    const { clock, signal } = this.#context;
    const { mass } = monitorPolicy(this.#context.settings().loaded.settings.monitor, 'continuous');
    const wait = settleWait(watched.primary.health.since, clock.now().getTime(), mass);
    if (wait === 0) return false;
    watched.notBefore = clock.monotonic() + wait;
    const again = (): void => {
      if (watched.controller.signal.aborted) return;
      watched.notBefore = 0;
      this.request(watched);
    };
    clock.sleep(wait, signal).then(again, () => undefined);
    return true;
  }

  /** The sites of a batch are planned one right after the other, and each would look at all sites for this. */
  #massFailure(): Decision | undefined {
    const now = this.#context.clock.monotonic();
    if (this.#mass === undefined || now - this.#mass.at > sameMs)
      this.#mass = { at: now, decision: this.#massFailureAt(now) };
    return this.#mass.decision;
  }

  #massFailureAt(now: number): Decision | undefined {
    const { clock } = this.#context;
    const sites = this.#context.sites();
    const wall = clock.now();
    const failing = sites.filter(({ primary, state, target, failedOverAt }) => {
      const { health } = primary;
      if (openSuspension(state, wall) !== undefined) return false;
      if (now - failedOverAt < atOnceMs) return true;
      return target === 'primary' && (health.state === 'down' || isSuspect(health));
    });
    const message = massFailure(
      failing.map(({ site }) => site.primary.name),
      sites.map(({ site }) => site.primary.name),
      monitorPolicy(this.#context.settings().loaded.settings.monitor, 'continuous').mass,
    );
    return message === undefined ? undefined : { action: 'none', reason: 'MassFailure', message };
  }

  #wait(watched: WatchedSite, decision: Decision): void {
    const { clock } = this.#context;
    // Other reasons end with the next check.
    const lasting = decision.reason === 'FailbackGated' || decision.reason === 'MassFailure';
    if (lasting) watched.notBefore = clock.monotonic() + againMs;
    if (watched.isNews(decision)) this.#context.emit(watched.event('Transition', decision, clock.now()));
  }

  #pretend(watched: WatchedSite, decision: Decision, planned: SiteSwitch): void {
    const now = this.#context.clock.now();
    const policy = this.#context.settings().policyOf(watched.site);
    const state = { ...watched.state, ...watched.simulated };
    watched.simulated = {
      ...watched.simulated,
      ...(decision.reason === 'PrimaryDown' ? stateSwitched(state, policy, now) : {}),
      lastSwitch: now.toISOString(),
    };
    watched.target = planned.to;
    watched.server = planned.toServer;
    watched.isNews(decision);
    const event = watched.event('WouldSwitch', decision, now);
    this.#context.emit({ ...event, planned });
  }

  async #remember(candidates: readonly Candidate[], results: readonly SwitchResult[]): Promise<void> {
    const { folder, clock } = this.#context;
    const { policyOf } = this.#context.settings();
    const moved = candidates.filter(
      ({ decision }, index) => decision.reason === 'PrimaryDown' && results[index]!.moved,
    );
    for (const { watched } of moved) watched.failedOverAt = clock.monotonic();
    const state = await readState(folder);
    for (const { watched } of candidates) watched.state = siteState(state, watched.site.name);
    const changes = moved.map(({ watched }) => {
      const change = stateSwitched(watched.state, policyOf(watched.site), clock.now());
      watched.state = { ...watched.state, ...change };
      return [watched.site.name, change] as const;
    });
    await updateState(folder, new Map(changes));
  }

  #done({ watched, decision, planned }: Candidate, result: SwitchResult): void {
    const [error] = result.errors;
    if (!result.switched) return this.#failed(watched, decision, error, planned, result);
    watched.failures = 0;
    watched.split = [];
    watched.target = planned.to;
    watched.server = planned.toServer;
    watched.isNews(decision);
    const event = watched.event('Switch', decision, this.#context.clock.now());
    this.#context.emit({ ...event, planned, result, error });
  }

  #failed(
    watched: WatchedSite,
    decision: Decision | undefined,
    error: FailoverError | undefined,
    planned?: SiteSwitch,
    result?: SwitchResult,
  ): void {
    const { clock, random, targets } = this.#context;
    // It may be half made: what was known of its records is read anew even where nothing is to be switched any more.
    if (result?.untouched === false) targets.forget(watched);
    watched.failures += 1;
    watched.notBefore = clock.monotonic() + backOff(watched.failures, random());
    const none: Decision = {
      action: 'none',
      reason: 'TargetUnknown',
      message: 'The site could not be switched.',
    };
    const event = watched.event('Fault', decision ?? none, clock.now());
    this.#context.emit({ ...event, planned, result, error });
  }
}
