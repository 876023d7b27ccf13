/**
 * Run by faults.test.ts in a process of its own: copies one root to another and prints what came of it as JSON,
 * after a line for each file finished.
 */
import { applyContentPlan, planContentCopy } from '../../src/content/index.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

const [source = '', destination = '', user] = process.argv.slice(2);
if (user !== undefined) process.seteuid?.(Number(user));
const errors: string[] = [];
try {
  const plan = await planContentCopy({ site: 'site1.com', path: source, source, destination });
  errors.push(...plan.problems.map((problem) => problem.id));
  const summary = await applyContentPlan(plan, {
    onError: (error) => errors.push(error.id),
    onProgress: () => console.log('.'),
  });
  console.log(JSON.stringify({ ...summary, errors }));
} catch (error) {
  if (!(error instanceof FailoverError)) throw error;
  console.log(JSON.stringify({ id: error.id, message: error.message, errors }));
}
