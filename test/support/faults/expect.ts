import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers } from './dig-process.ts';
import { type FaultLab, hosts, type Monitor, originalTable } from './lab.ts';

/** What a test was watched by from its beginning to its end. */
export interface Watch {
  /**
   * Asserts that clients were given these addresses, one after the other, and never anything else; that each change
   * of address was one update, of `updates` in all; and that the zone is as it was at first.
   */
  was(addresses: readonly ('primary' | 'failover')[], updates?: number): Promise<Answers>;
}

export async function watch(lab: FaultLab): Promise<Watch> {
  assert.deepEqual(await lab.table(), originalTable);
  const serial = await lab.serial();
  const report = await lab.dig();
  return {
    was: async (roles, updates = roles.length - 1) => {
      const expected = roles.map((role) => hosts[role]);
      let answers = await report();
      // The last change may be younger than the last answer.
      for (let tries = 0; tries < 20 && answers.seen.at(-1) !== expected.at(-1); tries++) {
        await sleep(50);
        answers = await report();
      }
      assert.deepEqual(answers.seen, expected);
      assert.ok(answers.answers > 50, `only ${answers.answers} of ${answers.queries} queries were answered`);
      assert.equal((await lab.serial()) - serial, updates);
      assert.deepEqual(await lab.table(), originalTable);
      return answers;
    },
  };
}

/** Waits until both servers are known and the site is where it belongs. */
export async function untilWatching(monitor: Monitor): Promise<void> {
  await monitor.until('PrimaryUp', ({ Reason, Failover }) => Reason === 'PrimaryUp' && Failover === 'Up');
}
