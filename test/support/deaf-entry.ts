import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../../src/main.ts';
import { queryOf } from '../protocol/session.ts';

/** Get-Deaf never looks at its signal, and its timer would keep the process for ten minutes. */
const getDeaf = queryOf('Deaf', async function* () {
  yield { Number: 1 };
  await sleep(600_000);
});
const getQuick = queryOf('Quick', async function* () {
  yield { Number: 2 };
});

serve([getDeaf, getQuick]);
