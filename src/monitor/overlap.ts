import type { Observation } from '../failover/observe.ts';

/**
 * Attempts of one check. A server that hangs would be believed to be down only after each attempt has waited for its
 * own time-out, one after the other; so where an attempt has not ended after the pause between two, the next begins
 * beside it.
 *
 * | an attempt                      | then                                                              |
 * |---------------------------------|-------------------------------------------------------------------|
 * | ends in time                    | it is the result                                                  |
 * | is late                         | the next begins, up to `most`                                     |
 * | ends up, degraded or unknown    | it is the result; what is left of the others is ignored           |
 * | ends down, others are under way | they are waited for                                               |
 * | ends down as the last one       | it is the result, for as many failures in a row as there were     |
 *
 * @param most attempts, at least 1; each ends by its own time-out
 * @returns with `attempts` as the number of them that the result stands for
 */
export function overlapping(
  attempt: () => Promise<Observation>,
  most: number,
  lateMs: number,
): Promise<Observation> {
  if (most <= 1) return attempt();
  return new Promise((resolve, reject) => {
    let begun = 0;
    let failed = 0;
    const ended = (seen: Observation): void => {
      if (seen.health === 'down') failed += 1;
      if (seen.health === 'down' && failed < begun) return;
      clearTimeout(timer);
      resolve({ ...seen, attempts: seen.health === 'down' ? failed : 1 });
    };
    const begin = (): void => {
      begun += 1;
      if (begun < most) timer.refresh();
      attempt().then(ended, (error: Error) => {
        clearTimeout(timer);
        reject(error);
      });
    };
    const timer = setTimeout(begin, lateMs);
    begin();
  });
}
