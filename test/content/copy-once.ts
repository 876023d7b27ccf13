/**
 * Run in a process of its own by tests: copies one root to another and prints what came of it as JSON.
 *
 *   copy-once.ts SOURCE DESTINATION [USER [INDEX [THREADS]]]
 */
import { applyContentPlan, ContentWorkers, planContentCopy } from '../../src/content/index.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

const [source = '', destination = '', user = '', indexPath, threads] = process.argv.slice(2);
if (user !== '') process.seteuid?.(Number(user));
async function main(): Promise<void> {
  const errors: string[] = [];
  const workers =
    threads === undefined ? new ContentWorkers() : new ContentWorkers(Number(threads), { inline: false });
  try {
    const root = { site: 'site1.com', path: source, source, destination };
    const plan = await planContentCopy(root, { workers, force: indexPath !== undefined });
    errors.push(...plan.problems.map((problem) => problem.id));
    const summary = await applyContentPlan(plan, {
      onError: (error) => errors.push(error.id),
      workers,
      ...(indexPath === undefined ? {} : { indexPath }),
    });
    console.log(JSON.stringify({ ...summary, errors }));
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    console.log(JSON.stringify({ id: error.id, message: error.message, errors }));
  } finally {
    await workers.close();
  }
}

void main();
