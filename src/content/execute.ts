import { copyFiles } from './copy-job.ts';
import type { Job, ResultOf } from './job.ts';
import { scanFolders } from './scan.ts';

/** Does a job in this thread. */
export function execute<J extends Job>(job: J): ResultOf<J> {
  return (job.kind === 'scan' ? scanFolders(job) : copyFiles(job)) as ResultOf<J>;
}
