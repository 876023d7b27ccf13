import type { Clock } from '../edge/clock.ts';
import type { Reach } from '../health/index.ts';
import type { MonitorSettings } from '../settings/schema.ts';
import type { MassPolicy } from './monitor-policy.ts';

type ReferenceTarget = NonNullable<MonitorSettings['referenceTargets']>[number];

/** How long an answer about the monitor's own network counts. */
const validMs = 1000;

/** Tells a server that is down from a monitor whose own network is down. */
export class ReferenceTargets {
  readonly #targets: readonly ReferenceTarget[];
  readonly #reach: Reach;
  readonly #clock: Clock;
  readonly #answers = new Map<ReferenceTarget, { readonly at: number; readonly answer: Promise<boolean> }>();

  constructor(targets: readonly ReferenceTarget[], reach: Reach, clock: Clock) {
    this.#targets = targets;
    this.#reach = reach;
    this.#clock = clock;
  }

  /** Why failures of a server are not to be believed, as a sentence; undefined where nothing speaks against them. */
  async doubt(server: string, signal: AbortSignal): Promise<string | undefined> {
    const own = this.#targets.filter(
      ({ servers }) =>
        servers === undefined || servers.some((name) => name.toLowerCase() === server.toLowerCase()),
    );
    if (own.length === 0) return undefined;
    const answers = await Promise.all(own.map((target) => this.#ask(target, signal)));
    if (answers.includes(true)) return undefined;
    const names = own.map(({ address, port }) => `${address} port ${port}`);
    return `The network of this machine does not work: no answer from ${names.join(', ')} either`;
  }

  #ask(target: ReferenceTarget, signal: AbortSignal): Promise<boolean> {
    const now = this.#clock.monotonic();
    const known = this.#answers.get(target);
    if (known !== undefined && now - known.at < validMs) return known.answer;
    const answer = this.#reach(target.address, target.port, signal);
    this.#answers.set(target, { at: now, answer });
    return answer;
  }
}

/**
 * Why none of these sites may fail over now, as a sentence; undefined where they may.
 *
 * | policy      | failing sites           | primary servers with more than the threshold of their sites failing | verdict |
 * |-------------|-------------------------|--------------------------------------------------------|---------|
 * | any         | one, or up to threshold | any                                                    | allowed |
 * | allow       | more                    | any                                                    | allowed |
 * | refuse      | more                    | any                                                    | refused |
 * | bySuspicion | more                    | at most one                                            | allowed |
 * | bySuspicion | more                    | several                                                | refused |
 *
 * A site that is down by itself on another primary so says nothing against the failover of a dead one's sites.
 *
 * @param failing for each site that is down, or was failed over in the last minute, the name of its primary server
 * @param watched the same for each site that is watched
 */
export function massFailure(
  failing: readonly string[],
  watched: readonly string[],
  { policy, threshold }: MassPolicy,
): string | undefined {
  if (failing.length < 2 || failing.length <= watched.length * threshold || policy === 'allow')
    return undefined;
  const count = (names: readonly string[], server: string): number =>
    names.reduce((sum, name) => sum + Number(name === server), 0);
  const servers = [...new Set(failing)];
  const down = servers.filter((one) => count(failing, one) > count(watched, one) * threshold);
  if (policy === 'bySuspicion' && down.length < 2) return undefined;
  const share = `${failing.length} of ${watched.length} sites`;
  const where = servers.length === 1 ? '' : ` on ${servers.length} primary servers`;
  return `${share}${where} failed at once, more than ${Math.round(threshold * 100)} %: nothing is switched.`;
}

/**
 * How long a site that is down waits still before it may fail over, in ms, so that what fails with it is counted.
 *
 * | policy              | down for    | waits        |
 * |---------------------|-------------|--------------|
 * | allow               | any         | no           |
 * | refuse, bySuspicion | settle time | no           |
 * | refuse, bySuspicion | less        | for the rest |
 * | refuse, bySuspicion | since later than now (the clock was set back) | the whole settle time |
 *
 * @param since when it was found down, in ms of the wall clock, as is now
 */
export function settleWait(since: number, now: number, { policy, settleMs }: MassPolicy): number {
  if (policy === 'allow') return 0;
  return Math.max(0, settleMs - Math.max(0, now - since));
}

/** The two clocks of the machine at one moment, in ms. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

/** Beyond what a clock is slewed by, and what a busy machine holds a timer up. */
const toleratedMs = 5000;

/**
 * What happened to time between two moments that were to be `plannedMs` apart, as a sentence; undefined where
 * nothing did. What was observed before counts no more then: the machine slept, or its clock was set.
 *
 * | wall - monotonic    | monotonic             | meaning                                      |
 * |---------------------|-----------------------|----------------------------------------------|
 * | differs by over 5 s | any                   | the clock was set, or the machine was asleep |
 * | about equal         | over planned + 5 s    | the machine was asleep or overloaded         |
 * | about equal         | about as planned      | nothing                                      |
 */
export function clockJump(before: Moment, now: Moment, plannedMs: number): string | undefined {
  const wall = now.wall - before.wall;
  const monotonic = now.monotonic - before.monotonic;
  const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1000)} s`;
  if (Math.abs(wall - monotonic) > toleratedMs) {
    const direction = wall > monotonic ? 'ahead' : 'back';
    return `The clock went ${direction} by ${seconds(wall - monotonic)}: it was set, or this machine was asleep.`;
  }
  if (monotonic > plannedMs + toleratedMs)
    return `This machine was held up for ${seconds(monotonic - plannedMs)}: it was asleep or overloaded.`;
  return undefined;
}
