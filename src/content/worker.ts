import { parentPort } from 'node:worker_threads';
import { toFailoverError } from '../model/failover-error.ts';
import { execute } from './execute.ts';
import { type Job, toProblem } from './job.ts';

// A thread of ContentWorkers: a job comes in, its result or a problem goes out.
parentPort?.on('message', (job: Job) => {
  try {
    parentPort?.postMessage({ result: execute(job) });
  } catch (error) {
    parentPort?.postMessage({ problem: toProblem(toFailoverError(error)) });
  }
});
