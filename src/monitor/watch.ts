import type PQueue from 'p-queue';
import type { Clock } from '../edge/clock.ts';
import type { ReferenceTargets } from '../failover/guards.ts';
import type { Observation } from '../failover/observe.ts';
import { combineHealth, healthOf, type Prober } from '../health/index.ts';
import { firstDelay, nextDelay } from './delays.ts';
import type { AddressPacer } from './pacer.ts';
import type { WatchedServer, WatchedSite } from './watched-site.ts';

export interface WatchContext {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: () => number;
  /** Bounds the probes under way. */
  readonly queue: PQueue;
  pacer(): AddressPacer;
  references(): ReferenceTargets;
  /** Grows whenever what is being observed is worth nothing any more. */
  epoch(): number;
  /** Called after each check that counts. */
  seen(watched: WatchedSite, server: WatchedServer, seen: Observation): void;
}

/** Checks one server for one site until the site's signal fires. */
export async function watchServer(
  watched: WatchedSite,
  server: WatchedServer,
  context: WatchContext,
): Promise<void> {
  const { signal } = watched.controller;
  const { verification } = watched.site;
  const { clock, random } = context;
  try {
    await clock.sleep(firstDelay(verification, random()), signal);
    for (;;) {
      const epoch = context.epoch();
      const seen = await check(watched, server, context, signal);
      if (epoch === context.epoch() && !signal.aborted) {
        watched.observe(server, seen, clock.now().getTime());
        context.seen(watched, server, seen);
      }
      await clock.sleep(nextDelay(server.health, verification, random()), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Probes all addresses of the server at the same time, once. */
async function check(
  watched: WatchedSite,
  server: WatchedServer,
  context: WatchContext,
  signal: AbortSignal,
): Promise<Observation> {
  const { prober, clock, queue } = context;
  const { addresses, name } = server.server;
  const results = await Promise.all(
    addresses.map(async (address) => {
      const wait = context.pacer().reserve(address, clock.monotonic());
      if (wait > 0) await clock.sleep(wait, signal);
      return queue.add(() => prober.probe(watched.site.check, address, signal));
    }),
  );
  const health = combineHealth(results.map(healthOf));
  const result = results.find((one) => healthOf(one) === health) ?? results[0]!;
  const doubt = health === 'down' ? await context.references().doubt(name, signal) : undefined;
  if (doubt === undefined) return { health, result, attempts: 1 };
  return { health: 'unknown', result: { ...result, error: doubt }, attempts: 1 };
}
