import { parentPort } from 'node:worker_threads';
import { toFailoverError } from '../model/failover-error.ts';
import { execute } from './execute.ts';
import { type Job, toProblem } from './job.ts';
import { preparePermissions } from './permissions.ts';

// A thread of ContentWorkers: a job comes in, its result or a problem goes out.
let previous = Promise.resolve();
// One after the other: replies come in the order of the jobs.
parentPort?.on('message', (job: Job) => {
  previous = previous.then(() => answer(job));
});

async function answer(job: Job): Promise<void> {
  try {
    await preparePermissions(job);
    parentPort?.postMessage({ result: execute(job) });
  } catch (error) {
    parentPort?.postMessage({ problem: toProblem(toFailoverError(error)) });
  }
}
