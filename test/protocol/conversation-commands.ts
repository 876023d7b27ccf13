import type { AnyCommand } from '../../src/commands/definition.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { changeOf, queryOf } from './session.ts';

/** The commands of the recorded session; its script is at the top of the recording. */
export const conversationCommands: readonly AnyCommand[] = [
  queryOf('Talk', async function* (context) {
    context.verbose('Talking \u00fc');
    yield { Number: 1 };
    yield { Number: 2 };
    context.error(new FailoverError('FileNotFound', 'There is no a.txt', { target: 'a.txt' }));
  }),
  changeOf(async function* (approved) {
    yield { Number: approved.length };
  }),
  queryOf('Wait', async function* ({ signal }) {
    yield { Number: 1 };
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  }),
];
