import type PQueue from 'p-queue';
import type { Clock } from '../edge/clock.ts';
import type { ReferenceTargets } from '../failover/guards.ts';
import type { Observation } from '../failover/observe.ts';
import {
  combineHealth,
  type FailureKind,
  healthOf,
  type Prober,
  type ServerHealth,
} from '../health/index.ts';
import { firstDelay, nextDelay } from './delays.ts';
import type { Neighbours } from './neighbours.ts';
import type { AddressPacer } from './pacer.ts';
import type { Sentinels } from './sentinels.ts';
import type { WatchedServer, WatchedSite } from './watched-site.ts';

export interface WatchContext {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: () => number;
  /** Bounds the probes under way. */
  readonly queue: PQueue;
  readonly neighbours: Neighbours;
  readonly sentinels: Sentinels | undefined;
  pacer(): AddressPacer;
  references(): ReferenceTargets;
  /** Grows whenever what is being observed is worth nothing any more. */
  epoch(): number;
  /** Called after each check that counts. */
  seen(watched: WatchedSite, server: WatchedServer, seen: Observation): void;
  /** Watching has ended by an error. */
  failed(watched: WatchedSite, server: WatchedServer, error: unknown): void;
}

/** Failures that are those of a server rather than of one of its sites. */
const ofTheServer: readonly (FailureKind | null)[] = ['connect', 'timeout', 'protocol'];

/**
 * Checks one server for one site until it is stopped. Between two checks it is no more than an object and a timer:
 * there are twenty thousand of these.
 */
export class Watcher {
  readonly #watched: WatchedSite;
  readonly #server: WatchedServer;
  readonly #context: WatchContext;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic time of the next check. */
  #dueAt = Infinity;
  #checking: Promise<void> | undefined;

  constructor(watched: WatchedSite, server: WatchedServer, context: WatchContext) {
    this.#watched = watched;
    this.#server = server;
    this.#context = context;
  }

  get addresses(): readonly string[] {
    return this.#server.server.addresses;
  }

  get #health(): ServerHealth {
    return this.#server.health;
  }

  start(): void {
    const { neighbours, random } = this.#context;
    neighbours.add(this);
    this.#rest(firstDelay(this.#watched.site.verification, random()));
  }

  /** Resolves when no check is under way any more. To be called after the signal of the site has fired. */
  async stop(): Promise<void> {
    this.#context.neighbours.delete(this);
    clearTimeout(this.#timer);
    await this.#checking;
  }

  /** Brings the next check forward to so many ms from now; false where it is due by then, or under way. */
  hasten(ms: number): boolean {
    if (this.#checking !== undefined || this.#context.clock.monotonic() + ms >= this.#dueAt) return false;
    this.#rest(ms);
    return true;
  }

  #rest(ms: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = this.#context.clock.monotonic() + ms;
    this.#timer = setTimeout(wake, ms, this);
  }

  /** For the timer. */
  check(): void {
    this.#checking = this.#check().finally(() => (this.#checking = undefined));
  }

  async #check(): Promise<void> {
    const context = this.#context;
    const { signal } = this.#watched.controller;
    const { verification } = this.#watched.site;
    try {
      const epoch = context.epoch();
      const seen = await this.#attempt();
      signal.throwIfAborted();
      if (epoch === context.epoch()) this.#take(seen);
      this.#rest(nextDelay(this.#health, verification, context.random()));
    } catch (error) {
      if (!signal.aborted) context.failed(this.#watched, this.#server, error);
    }
  }

  #take(seen: Observation): void {
    const { clock, neighbours } = this.#context;
    const { failures } = this.#health;
    this.#watched.observe(this.#server, seen, clock.now().getTime());
    const { address, failure } = seen.result;
    const { scheme, port } = this.#watched.site.check;
    // What other services think of a connection that says nothing is not known.
    if (seen.result.healthy && scheme !== 'tcp') this.#context.sentinels?.keep(address, port);
    if (seen.health === 'down' && failures === 0 && ofTheServer.includes(failure)) {
      const { intervalMs } = this.#watched.site.verification;
      neighbours.alarm(address, clock.monotonic(), intervalMs, this.#context.pacer().spacingMs);
    }
    this.#context.seen(this.#watched, this.#server, seen);
  }

  /** Probes all addresses of the server at the same time, once. */
  async #attempt(): Promise<Observation> {
    const context = this.#context;
    const { prober, clock, queue } = context;
    const { site, controller } = this.#watched;
    const { signal } = controller;
    const { addresses, name } = this.#server.server;
    const results = await Promise.all(
      addresses.map(async (address) => {
        const wait = context.pacer().reserve(address, clock.monotonic());
        if (wait > 0) await clock.sleep(wait, signal);
        return queue.add(() => prober.probe(site.check, address, signal));
      }),
    );
    const health = combineHealth(results.map(healthOf));
    const result = results.find((one) => healthOf(one) === health) ?? results[0]!;
    const doubt = health === 'down' ? await context.references().doubt(name, signal) : undefined;
    if (doubt === undefined) return { health, result, attempts: 1 };
    return { health: 'unknown', result: { ...result, error: doubt }, attempts: 1 };
  }
}

function wake(watcher: Watcher): void {
  watcher.check();
}
