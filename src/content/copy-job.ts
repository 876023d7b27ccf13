import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import { copyFileAtomically } from './copy-file.ts';
import { below } from './folder-sync.ts';
import { type CopyJob, type CopyResult, type Problem, type StagedFile, toProblem } from './job.ts';
import { permissionsOf } from './permissions.ts';
import { Shared } from './shared.ts';

/** Copies files, one after the other, until the run is stopped or the disk is full. */
export function copyFiles(job: CopyJob): CopyResult {
  const { sides, files } = job;
  const shared = new Shared(job.shared, job.maximumBandwidth);
  const failed: { path: string; problem: Problem }[] = [];
  const staged: StagedFile[] = [];
  const amended: { path: string; size: number; mtimeMs: number }[] = [];
  const aclProblems: Problem[] = [];
  const permissions = permissionsOf(sides);
  const permit = (from: string, temporary: string): void => {
    try {
      permissions?.carrySync(from, temporary);
    } catch (error) {
      aclProblems.push(toProblem(toFailoverError(error, from)));
    }
  };
  let copied = 0;
  let bytes = 0;
  let kept = 0;
  let begun = 0;
  let fatal: Problem | undefined;
  for (const { path, size, mtimeMs, keep } of files) {
    if (shared.isStopped || fatal !== undefined) break;
    begun++;
    try {
      const version = copyFileAtomically(below(sides.source, path), below(sides.destination, path), {
        shared,
        verify: sides.verify,
        stage: job.stage,
        permit,
        ...(keep ? { keepAt: below(job.quarantine, path) } : {}),
      });
      if (job.stage) {
        staged.push({ path, temporary: version.temporary, size: version.size, keep });
      } else {
        copied++;
        bytes += version.size;
        if (keep) kept++;
      }
      if (version.size !== size || version.mtimeMs !== mtimeMs)
        amended.push({ path, size: version.size, mtimeMs: version.mtimeMs });
    } catch (error) {
      const failure = toFailoverError(error, below(sides.destination, path));
      if (failure.id === 'Cancelled') {
        begun--;
        break;
      }
      if (!(error instanceof FailoverError) || failure.id === 'DiskFull') fatal = toProblem(failure);
      failed.push({ path, problem: toProblem(failure) });
    }
  }
  const left = files.slice(begun).map(({ path }) => path);
  const counts = { copied, bytes, kept, failed, amended, staged, aclProblems, left };
  return { ...counts, ...(fatal === undefined ? {} : { fatal }) };
}
