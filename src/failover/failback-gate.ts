import type { Clock } from '../edge/clock.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { FleetSite } from './fleet.ts';

/**
 * Says why a site must not go back to its primary yet: writes on the failover server that are not on the primary
 * yet, or a configuration that has drifted.
 *
 * It is asked before every automatic failback, may read files and servers, changes nothing, and answers within
 * seconds. An answer is one sentence for the administrator, undefined where nothing speaks against it. It rejects
 * where it cannot tell; then the site stays, with that error as the reason.
 */
export interface FailbackGate {
  closed(site: FleetSite, signal: AbortSignal): Promise<string | undefined>;
}

/** The sentence for an error of a gate. */
export function cannotTell(error: unknown, site: string): string {
  return `It is not known whether anything would be lost: ${toFailoverError(error, site).message}`;
}

/** Closed where one of them is, for the reasons of all that are. */
export function allGates(gates: readonly FailbackGate[]): FailbackGate {
  return {
    closed: async (site, signal) => {
      const answers = await Promise.all(
        gates.map((gate) =>
          gate.closed(site, signal).catch((error: unknown) => {
            signal.throwIfAborted();
            return cannotTell(error, site.name);
          }),
        ),
      );
      const reasons = answers.filter((answer) => answer !== undefined);
      return reasons.length === 0 ? undefined : reasons.join(' ');
    },
  };
}

/** How long an answer counts. */
const validMs = 60_000;

interface Answer {
  /** When it was given, monotonic. */
  at: number;
  words: string | undefined;
  running: Promise<string | undefined> | undefined;
}

/**
 * A gate that takes long, such as a comparison of a million files, asked once a minute for each site. Whoever asks
 * waits for `patienceMs` at most, so that other sites' switches are not held up; until there is an answer the gate
 * is closed, for the reason of the last one.
 */
export function patientGate(gate: FailbackGate, clock: Clock, patienceMs = Infinity): FailbackGate {
  const answers = new Map<string, Answer>();
  const ask = async (answer: Answer, site: FleetSite, signal: AbortSignal): Promise<string | undefined> => {
    try {
      answer.words = await gate.closed(site, signal);
    } catch (error) {
      signal.throwIfAborted();
      answer.words = cannotTell(error, site.name);
    } finally {
      answer.running = undefined;
    }
    answer.at = clock.monotonic();
    return answer.words;
  };
  return {
    closed: async (site, signal) => {
      const key = site.name.toLowerCase();
      const answer = answers.get(key) ?? { at: -Infinity, words: undefined, running: undefined };
      answers.set(key, answer);
      if (answer.running === undefined && clock.monotonic() - answer.at < validMs) return answer.words;
      const last = answer.words ?? 'It is still being compared whether anything would be lost.';
      answer.running ??= ask(answer, site, signal);
      if (patienceMs === Infinity) return answer.running;
      answer.running.catch(() => undefined); // where nobody waits for it any more
      return Promise.race([answer.running, clock.sleep(patienceMs, signal).then(() => last)]);
    },
  };
}
